import { randomBytes } from 'node:crypto';
import { startClickHouseContainer } from './clickhouse-container.ts';

/** A server, with a database for the test alone. */
export interface GivenClickHouse {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly database: string;
  /** Drops the database; ends the server if it is ours. */
  remove(): Promise<void>;
}

/** A server, or in one sentence why there is none. */
export type ProvidedClickHouse =
  | { readonly outcome: 'started'; readonly server: GivenClickHouse }
  | { readonly outcome: 'unavailable'; readonly reason: string };

function fromEnvironment(): Omit<GivenClickHouse, 'remove'> | null {
  const { CLICKHOUSE_URL: url, CLICKHOUSE_USER: username, CLICKHOUSE_PASSWORD: password } = process.env;
  if (!url) return null;
  const database = `michinori_test_${randomBytes(6).toString('hex')}`;
  return { url, username: username ?? 'default', password: password ?? '', database };
}

async function dropDatabase({ url, username, password, database }: Omit<GivenClickHouse, 'remove'>): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'x-clickhouse-user': username, 'x-clickhouse-key': password },
    body: `DROP DATABASE IF EXISTS ${database} SYNC`,
  });
  if (!response.ok) throw new Error(`${database} could not be dropped: ${await response.text()}`);
}

/**
 * A ClickHouse server as it is deployed: the one at `CLICKHOUSE_URL` (with `CLICKHOUSE_USER` and `CLICKHOUSE_PASSWORD`),
 * else ClickHouse's own image in a container.
 */
export async function provideClickHouse(): Promise<ProvidedClickHouse> {
  const given = fromEnvironment();
  if (given !== null) return { outcome: 'started', server: { ...given, remove: () => dropDatabase(given) } };
  const container = await startClickHouseContainer();
  if (container !== null) {
    const { url, username, password, stop } = container;
    return { outcome: 'started', server: { url, username, password, database: 'michinori', remove: stop } };
  }
  const remedy = 'set CLICKHOUSE_URL (and CLICKHOUSE_USER, CLICKHOUSE_PASSWORD), or start Docker';
  return { outcome: 'unavailable', reason: `no ClickHouse server of a deployment: ${remedy}` };
}
