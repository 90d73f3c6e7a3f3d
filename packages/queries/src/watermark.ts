import {
  type ClickHouse,
  defineQuery,
  integerColumn,
  microsecondsColumn,
  type QueryOptions,
} from '@michinori/clickhouse';
import { z } from 'zod';

const watermarkQuery = defineQuery({
  name: 'watermark',
  sql: 'SELECT count() AS rows, max(received_at) AS receivedAt, max(occurred_at) AS occurredAt FROM events',
  params: z.object({}),
  row: z.object({ rows: integerColumn, receivedAt: microsecondsColumn, occurredAt: microsecondsColumn }),
});

/** How fresh the answers are. */
export interface Watermark {
  /** Latest receipt among the stored events, microseconds since 1970. */
  readonly receivedAtUs: number;
  /** Latest occurrence among the stored events. */
  readonly occurredAtUs: number;
}

/** The freshest stored event, or null when there is none. */
export async function readWatermark(clickhouse: ClickHouse, options?: QueryOptions): Promise<Watermark | null> {
  const [row] = await clickhouse.query(watermarkQuery, {}, options);
  if (row === undefined || row.rows === 0) return null;
  return { receivedAtUs: row.receivedAt, occurredAtUs: row.occurredAt };
}
