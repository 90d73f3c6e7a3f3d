import { provideClickHouse } from './clickhouse-given.ts';
import { type ClickHouseHttpServer, startClickHouseHttpServer } from './clickhouse-http-server.ts';
import type { Cleanup } from './clickhouse-temporary.ts';
import { startNativeClickHouse } from './native-clickhouse-server.ts';

/** What a server may be asked for; nothing is needed. */
export interface ClickHouseServerOptions {
  /** `true` if the test stops, kills and restarts it: then it is one of our own. */
  readonly controlled?: boolean;
  /** `true` if the test makes requests fail: then it is chDB behind the HTTP protocol. */
  readonly faulty?: boolean;
}

/** A running ClickHouse. */
export interface ClickHouseServer {
  /** `given`: of `CLICKHOUSE_URL` or a container. `native`: ClickHouse's own server out of chDB's library. `chdb`: behind our HTTP. */
  readonly kind: 'given' | 'native' | 'chdb';
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** For this test alone; not there yet. */
  readonly database: string;
  /** Where requests can be made to fail; null where they can't. */
  readonly faults: ClickHouseHttpServer['faults'] | null;
  stop(): Promise<void>;
  /** `SIGKILL`. */
  kill(): Promise<void>;
  /** Starts again on the same port with the same data. */
  restart(): Promise<void>;
}

const database = 'michinori';
const unable = () => Promise.reject(new Error('this ClickHouse server is not ours: ask for `controlled`'));

async function startFaulty(context: Cleanup): Promise<ClickHouseServer> {
  const server = await startClickHouseHttpServer(context, { child: true });
  return { ...server, kind: 'chdb', database };
}

async function startNative(context: Cleanup): Promise<ClickHouseServer> {
  const { url, stop, kill, restart } = await startNativeClickHouse(context);
  return { kind: 'native', url, username: 'default', password: '', database, faults: null, stop, kill, restart };
}

/**
 * A ClickHouse server in a process of its own, for one test or, with a clean-up list, for many: the one of a deployment
 * where there is one, else ClickHouse's own server out of chDB's library, else chDB behind the HTTP protocol.
 */
export async function startClickHouse(
  context: Cleanup,
  options: ClickHouseServerOptions = {},
): Promise<ClickHouseServer> {
  if (options.faulty === true) return startFaulty(context);
  const given = options.controlled === true ? null : await provideClickHouse();
  if (given?.outcome === 'started') {
    const { remove, ...server } = given.server;
    context.onTestFinished(remove);
    return { ...server, kind: 'given', faults: null, stop: unable, kill: unable, restart: unable };
  }
  return startNative(context).catch(() => startFaulty(context));
}
