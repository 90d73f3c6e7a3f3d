import { ClickHouseError, defineQuery, integerColumn } from '@michinori/clickhouse';
import { z } from 'zod';

/** A query without parameters. */
export const none = z.object({});

/** How many events have an id LIKE `prefix`. */
export const countEvents = defineQuery({
  name: 'count-events',
  sql: 'SELECT count() AS n FROM events WHERE event_id LIKE {prefix:String}',
  params: z.object({ prefix: z.string() }),
  row: z.object({ n: integerColumn }),
});

/** The ClickHouseError that a promise rejects with; anything else fails the test. */
export async function errorOf(promise: Promise<unknown>): Promise<ClickHouseError> {
  const error: unknown = await promise.then(
    () => new Error('expected a rejection'),
    (reason: unknown) => reason,
  );
  if (error instanceof ClickHouseError) return error;
  throw error;
}
