import type { ClickHouse } from '@michinori/clickhouse';
import { type EventLog, isEventLogError } from '@michinori/event-log';
import { topics } from '@michinori/events';
import type { Logger } from '@michinori/runtime';
import type { Clock } from '../clock.ts';
import type { ProcessorConfig } from '../config.ts';
import { sunkTopics } from '../consumed-topics.ts';
import type { ProcessorMetrics } from '../metrics.ts';
import { logName } from '../sink/range.ts';
import type { Sink } from '../sink/sink.ts';
import { auditCustomerKeys, auditPlaces } from './audit-log.ts';
import { createAuditSlice, type ProjectUnits, type SliceAudit } from './audit-slice.ts';
import type { SlicePlace } from './read-slice.ts';
import { type AuditOptions, type AuditReport, emptyReport, missingPlacesMax } from './report.ts';
import { restAfterWorkMs } from './rest.ts';

export interface AuditorDependencies {
  log: EventLog;
  clickhouse: ClickHouse;
  sink: Sink;
  /** Derives the customers of what the auditor has put back. */
  project: ProjectUnits;
  metrics: ProcessorMetrics;
  logger: Logger;
  clock: Clock;
  /** Whether this processor works a partition off: of several processors each audits its own. */
  isOurs: (topic: string, partition: number) => boolean;
  config: Pick<ProcessorConfig, 'group' | 'auditShareMax' | 'auditSliceRecordsMax' | 'auditPauseMs'>;
}

/** Whoever has this partition of the events also looks at what concerns the tables as a whole. */
const wholeTablesPartition = 0;

/** Called after every bounded piece of work of a pass. */
type Step = (report: AuditReport) => Promise<void>;

/**
 * The auditor of invariant I6: everything in the committed log is a row or a dead letter, and no row is without its record.
 * `run` goes on for ever through the partitions of this processor, in slices, and rests between them; `auditOnce` goes
 * through everything once without rest. See docs/audit.md.
 */
export function createAuditor(deps: AuditorDependencies) {
  const { log, clickhouse, sink, project, metrics, logger, clock, isOurs, config } = deps;
  const auditSlice = createAuditSlice({ log, clickhouse, sink, project });

  async function* slices(isWanted: typeof isOurs): AsyncGenerator<SlicePlace> {
    for (const topic of sunkTopics) {
      const committed = await log.committed(config.group, topic);
      const name = logName(topic, await log.generation(topic));
      for (const { partition, earliest } of await log.positions(topic)) {
        const end = committed.get(partition) ?? earliest;
        for (let from = earliest; from < end && isWanted(topic, partition); from += config.auditSliceRecordsMax) {
          yield {
            topic,
            log: name,
            partition,
            fromOffset: from,
            toOffset: Math.min(end, from + config.auditSliceRecordsMax),
          };
        }
      }
    }
  }

  function note(report: AuditReport, place: SlicePlace, found: SliceAudit): void {
    report.records += found.records;
    report.missingEvents += found.missing.length;
    report.resunkEvents += found.resunkEvents;
    report.extraRows += found.extraRows;
    report.correctedMarks += found.correctedMarks;
    const { topic, partition, fromOffset, toOffset } = place;
    const room = Math.max(0, missingPlacesMax - report.missingPlaces.length);
    report.missingPlaces.push(...found.missing.slice(0, room).map((offset) => ({ topic, partition, offset })));
    const facts = { topic, partition, fromOffset, toOffset };
    if (found.missing.length > 0) {
      const { resunkEvents } = found;
      logger.error(
        { ...facts, missing: found.missing.length, first: found.missing[0], resunkEvents },
        'AUDIT: committed events are missing from the tables',
      );
    }
    if (found.extraRows > 0)
      logger.error({ ...facts, extraRows: found.extraRows }, 'AUDIT: rows without a record of the log');
    if (found.correctedMarks > 0)
      logger.error({ ...facts, correctedMarks: found.correctedMarks }, 'AUDIT: marks of conflicting events were wrong');
  }

  async function pass({ repair = true, signal }: AuditOptions, isWanted: typeof isOurs, step: Step) {
    const report = emptyReport();
    for await (const place of slices(isWanted)) {
      if (signal?.aborted) return report;
      try {
        note(report, place, await auditSlice(place, { repair }));
      } catch (error) {
        if (!isEventLogError(error, 'offset_out_of_range')) throw error;
        logger.info(
          { topic: place.topic, partition: place.partition },
          'the log was trimmed during the audit; the rest of the slice is left out',
        );
      }
      await step(report);
    }
    if (!isWanted(topics.events, wholeTablesPartition)) return report;
    const { extraRows, formerLogs, tableRows } = await auditPlaces({ log, clickhouse });
    if (extraRows > 0) logger.error({ extraRows }, 'AUDIT: rows lie behind the end of their log');
    report.extraRows += extraRows;
    report.formerLogs = formerLogs;
    await step(report);
    for await (const shared of auditCustomerKeys(clickhouse, { tableRows })) {
      if (signal?.aborted) return report;
      if (shared.length > 0) logger.error({ customerKeys: shared.length }, 'AUDIT: customers share a customer key');
      report.sharedCustomerKeys.push(...shared);
      await step(report);
    }
    return report;
  }

  function publish(report: AuditReport, floor: AuditReport): void {
    metrics.auditProgress({
      missingEvents: Math.max(report.missingEvents, floor.missingEvents),
      extraRows: Math.max(report.extraRows, floor.extraRows),
    });
  }

  async function auditOnce(options: AuditOptions = {}): Promise<AuditReport> {
    const report = await pass(
      options,
      () => true,
      async () => {},
    );
    publish(report, emptyReport());
    metrics.auditResunk(report.resunkEvents);
    metrics.sharedCustomerKeys(report.sharedCustomerKeys.length);
    return report;
  }

  /** Audits until the signal fires. A failed pass begins again; it never rejects. */
  async function run(signal: AbortSignal): Promise<void> {
    let last = emptyReport();
    while (!signal.aborted) {
      let startedUs = clock.nowUs();
      let resunk = 0;
      try {
        const report = await pass({ signal }, isOurs, async (progress) => {
          publish(progress, last);
          metrics.auditResunk(progress.resunkEvents - resunk);
          resunk = progress.resunkEvents;
          await clock.wait(restAfterWorkMs((clock.nowUs() - startedUs) / 1000, config.auditShareMax), signal);
          startedUs = clock.nowUs();
        });
        if (signal.aborted) return;
        last = report;
        publish(report, report);
        metrics.sharedCustomerKeys(report.sharedCustomerKeys.length);
      } catch (err) {
        logger.warn({ err }, 'the audit was interrupted and begins again');
      }
      await clock.wait(config.auditPauseMs, signal);
    }
  }

  return { auditOnce, run };
}
