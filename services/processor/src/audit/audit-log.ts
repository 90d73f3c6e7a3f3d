import type { ClickHouse } from '@michinori/clickhouse';
import type { EventLog } from '@michinori/event-log';
import { auditRowsBeyond, auditSharedCustomerKeys, auditSources } from '@michinori/queries';
import { consumedTopics } from '../consumed-topics.ts';
import { logName } from '../sink/range.ts';
import type { AuditReport } from './report.ts';

const rowsPerKeySlice = 5_000_000;

/**
 * Rows that lie behind the end of their log, and rows of logs that exist no more. The places of the rows are read before the
 * ends of the logs, so that a row written meanwhile can't look as if it were ahead of its record.
 */
export async function auditPlaces({
  log,
  clickhouse,
}: {
  log: EventLog;
  clickhouse: ClickHouse;
}): Promise<Pick<AuditReport, 'extraRows' | 'formerLogs'> & { tableRows: number }> {
  const sources = await clickhouse.query(auditSources, {});
  const ends = new Map<string, number>();
  const names = new Set<string>();
  for (const topic of consumedTopics) {
    const name = logName(topic, await log.generation(topic));
    names.add(name);
    for (const { partition, next } of await log.positions(topic)) ends.set(`${name}/${partition}`, next);
  }
  const former = new Map<string, number>();
  let extraRows = 0;
  for (const source of sources) {
    if (!names.has(source.log)) {
      former.set(source.log, (former.get(source.log) ?? 0) + source.rows);
      continue;
    }
    const end = ends.get(`${source.log}/${source.partition}`) ?? 0;
    if (source.lastOffset < end) continue;
    const [beyond] = await clickhouse.query(auditRowsBeyond, {
      log: source.log,
      partition: source.partition,
      fromOffset: end,
    });
    extraRows += beyond?.rows ?? 0;
  }
  const tableRows = sources.reduce((sum, { rows }) => sum + rows, 0);
  return { tableRows, extraRows, formerLogs: [...former].map(([name, rows]) => ({ log: name, rows })) };
}

/** Customer keys that more than one customer has, one stretch of the key space after the other so that none is large. */
export async function* auditCustomerKeys(
  clickhouse: ClickHouse,
  { tableRows }: { tableRows: number },
): AsyncGenerator<AuditReport['sharedCustomerKeys']> {
  const slices = BigInt(Math.max(1, Math.ceil(tableRows / rowsPerKeySlice)));
  const end = 2n ** 64n;
  for (let slice = 0n; slice < slices; slice += 1n) {
    const fromKey = (end * slice) / slices;
    const toKey = (end * (slice + 1n)) / slices - 1n;
    yield await clickhouse.query(auditSharedCustomerKeys, { fromKey, toKey });
  }
}
