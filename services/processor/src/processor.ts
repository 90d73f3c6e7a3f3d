import { randomUUID } from 'node:crypto';
import type { ClickHouse } from '@michinori/clickhouse';
import type { Consumption, EventLog } from '@michinori/event-log';
import { definitionsTopic, topics } from '@michinori/events';
import type { Logger, Metrics, NamedCheck } from '@michinori/runtime';
import { createAuditor } from './audit/auditor.ts';
import type { AuditOptions, AuditReport } from './audit/report.ts';
import { createBuilder } from './builder/builder.ts';
import { createRebuild } from './builder/rebuild.ts';
import { createRetireBuild } from './builder/retire-build.ts';
import { createWriteDerivation } from './builder/write-derivation.ts';
import { type Clock, systemClock } from './clock.ts';
import type { ProcessorConfig } from './config.ts';
import { consumedTopics } from './consumed-topics.ts';
import { createDefinitionsWorker } from './definitions/definitions-worker.ts';
import { processorError, stopsOnePartition } from './errors.ts';
import { type Faults, noFaults } from './faults.ts';
import { createProcessorMetrics } from './metrics.ts';
import { createPartitionWorker } from './partition-worker.ts';
import { createCommitter } from './projector/committer.ts';
import { createDerive, type Derive } from './projector/derive.ts';
import { createGiveUp } from './projector/list-derivations.ts';
import { createPersist } from './projector/persist.ts';
import { createProjector } from './projector/projector.ts';
import { createProjectorMetrics } from './projector/projector-metrics.ts';
import { roundName } from './projector/round-name.ts';
import { createRunRound } from './projector/run-round.ts';
import { retryDelayMs } from './retry-delay.ts';
import { createAnnounce } from './signals/announce.ts';
import { createSignalMetrics } from './signals/signal-metrics.ts';
import { createSignalSweeper } from './signals/sweeper.ts';
import { createSink, type Verification } from './sink/sink.ts';
import { createTroubles } from './troubles.ts';
import { readWatermarkUs } from './watermark.ts';

export interface ProcessorOptions {
  log: EventLog;
  /** Migrated. */
  clickhouse: ClickHouse;
  metrics: Metrics;
  logger: Logger;
  config: ProcessorConfig;
  clock?: Clock;
  /** The statements that derive journeys; those of `@michinori/queries` unless a test replaces them. */
  derive?: Derive;
  /**
   * A topic can't be consumed any further here. Not called when a single partition waits for a human decision (e.g. records
   * were trimmed before they were read): the others go on, and `checks` say so.
   */
  onFatal?: (error: Error) => void;
  faults?: Faults;
  /** `off` is the negative control of the tests; nothing else may set it. */
  verification?: Verification;
}

export interface Processor {
  /** Begins to consume, to project, to build and to audit. */
  start(): Promise<void>;
  /** Finishes the round and the batches in hand and stops; what isn't committed is done again by the next worker. */
  stop(): Promise<void>;
  /**
   * Derives a journey (or, without one, every journey and the table of customers) anew from the events, beside the derivation
   * that answers, and resolves when the new one has taken its place. Some processor has to be running as the builder. Rejects
   * with `journey_unknown` or `build_failed`.
   */
  rebuild(journey?: string): Promise<void>;
  checks: readonly NamedCheck[];
  /** Every event appended to the log before this instant (µs) is visible in every answer. */
  watermarkUs(): Promise<number>;
  /** Compares the whole committed log with the tables, once. See docs/audit.md. */
  auditOnce(options?: AuditOptions): Promise<AuditReport>;
}

const rebuildPollMs = 50;

/** Builds the processor: event log → ClickHouse. Opens nothing and starts nothing; see docs/sink.md and docs/projector.md. */
export function createProcessor(options: ProcessorOptions): Processor {
  const { log, clickhouse, logger, config } = options;
  const { clock = systemClock, faults = noFaults, verification = 'on', derive = createDerive(clickhouse) } = options;
  const stopper = new AbortController();
  const stopping = stopper.signal;
  const consumptions = new Map<string, Promise<Consumption>>();
  const troubles = createTroubles();
  const stopped = new Map<string, string[]>();
  const metrics = createProcessorMetrics({ metrics: options.metrics, log, group: config.group, clock, logger });
  const projectorMetrics = createProjectorMetrics(options.metrics);
  const instance = randomUUID();
  let rounds = 0;
  let auditing: Promise<void> = Promise.resolve();

  async function commit(topic: string, partition: number, nextOffset: number): Promise<void> {
    const consumption = await consumptions.get(topic);
    if (consumption === undefined) throw processorError('consumption_ended', `${topic} is not being consumed.`);
    await consumption.commit(partition, nextOffset);
  }

  const write = createWriteDerivation({ clickhouse, clock });
  const retireBuild = createRetireBuild({ clickhouse, write });
  function nameRound(): string {
    rounds += 1;
    return roundName(clock.nowUs(), instance, rounds);
  }
  const builder = createBuilder({
    ...{ clickhouse, derive, write, retireBuild, clock, logger, faults, config, nameRound, stopping },
    metrics: projectorMetrics,
    random: Math.random,
  });
  const persist = createPersist({ clock, logger, troubles, config, stopping });
  const announce = createAnnounce({
    ...{ clickhouse, log, clock, faults, config },
    metrics: createSignalMetrics(options.metrics),
  });
  const runRound = createRunRound({
    ...{ clickhouse, derive, announce, faults, logger, hotEventsMin: config.hotEventsMin },
    giveUp: createGiveUp({ retireBuild, onGivenUp: builder.onGivenUp }),
    nameRound,
  });
  const projector = createProjector({
    ...{ runRound, persist, clock, faults, config, stopping },
    committer: createCommitter({ commit, faults, persist }),
    metrics: projectorMetrics,
  });
  const sink = createSink({ clickhouse, faults, verification });
  const worker = createPartitionWorker({
    ...{ clickhouse, sink, projector, metrics, troubles, logger, config, clock, faults, stopping },
  });
  const signalSweeper = createSignalSweeper({
    ...{ clickhouse, derive, announce, clock, logger, config, stopping },
    isOurs: () => worker.has(topics.events, 0),
  });
  const auditor = createAuditor({
    ...{ log, clickhouse, sink, metrics, logger, clock, config },
    isOurs: worker.has,
    project: projector.projectNow,
  });
  const definitions = createDefinitionsWorker({
    ...{ log, clickhouse, builder, metrics, troubles, logger, faults, commit },
  });

  function consume(topic: string): Promise<Consumption> {
    const { takeOver, work, revoked } = topic === definitionsTopic ? definitions : worker;
    return log.consume({
      group: config.group,
      topic,
      batchRecordsMax: config.batchRecordsMax,
      batchBytesMax: config.batchBytesMax,
      retryDelayMs: (attempt) => retryDelayMs(attempt, { min: config.retryDelayMsMin, max: config.retryDelayMsMax }),
      onAssigned: takeOver,
      onBatch: work,
      onRevoked: revoked,
      onFatal(error) {
        const isOfPartition = stopsOnePartition(error);
        const what = isOfPartition
          ? 'a partition can not be consumed any further'
          : 'the log can not be consumed any further';
        logger.fatal({ topic, err: error }, what);
        stopped.set(topic, [...(stopped.get(topic) ?? []), error.message]);
        troubles.report(topic, (stopped.get(topic) ?? []).join(' '));
        if (!isOfPartition) options.onFatal?.(error);
      },
    });
  }

  async function stop(): Promise<void> {
    stopper.abort();
    await Promise.all([projector.stop(), builder.stop(), signalSweeper.stop()]);
    const running = await Promise.allSettled(consumptions.values());
    await Promise.all(
      running.map((consumption) => (consumption.status === 'fulfilled' ? consumption.value.stop() : undefined)),
    );
    await Promise.all([projector.settled(), auditing]);
  }

  return {
    async start() {
      projector.start();
      for (const topic of consumedTopics) consumptions.set(topic, consume(topic));
      try {
        await Promise.all(consumptions.values());
      } catch (error) {
        await stop();
        throw error;
      }
      signalSweeper.start();
      if (config.auditShareMax > 0) auditing = auditor.run(stopping);
    },
    stop,
    rebuild: createRebuild({ clickhouse, builder, clock, stopping, pollMs: rebuildPollMs }),
    checks: [{ name: 'sink', check: troubles.check }],
    watermarkUs: () => readWatermarkUs({ log, group: config.group, clock }),
    auditOnce: (auditOptions) => auditor.auditOnce(auditOptions),
  };
}
