import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drainPending } from 'chdb';
import { startChild } from './clickhouse-http-child.ts';
import { createFaultPlan, type PlannedFault, type RandomCuts } from './clickhouse-http-faults.ts';
import { type Listener, type ListenerOptions, startListener } from './clickhouse-http-listener.ts';
import type { Cleanup } from './clickhouse-temporary.ts';

/** How to start the server; nothing is needed. */
export interface ClickHouseHttpServerOptions {
  /** `true` runs it in a process of its own, which can be killed; needs `tsc -b`. */
  readonly child?: boolean;
  /** A folder to keep; a fresh temporary one by default. */
  readonly path?: string;
  readonly username?: string;
  readonly password?: string;
}

/** A server that speaks ClickHouse's HTTP protocol on top of chDB, and fails when it is told to. */
export interface ClickHouseHttpServer {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly path: string;
  readonly faults: {
    add(planned: PlannedFault): Promise<void>;
    randomCuts(cuts: RandomCuts | null): Promise<void>;
    clear(): Promise<void>;
  };
  /** Stops listening; requests are refused. */
  stop(): Promise<void>;
  /** `SIGKILL` for a child, `stop` in process. */
  kill(): Promise<void>;
  /** Starts again on the same port and the same data. */
  restart(): Promise<void>;
}

/** One running server, in this process or in another. */
export interface ServerHost {
  readonly port: number;
  readonly faults: ClickHouseHttpServer['faults'];
  stop(): Promise<void>;
  kill(): Promise<void>;
}

async function startInProcess(options: ListenerOptions, plan: ReturnType<typeof createFaultPlan>): Promise<ServerHost> {
  const listener: Listener = await startListener(options, plan);
  const stop = async () => {
    await listener.close();
    await drainPending();
  };
  return {
    port: listener.port,
    faults: {
      add: async (planned) => plan.add(planned),
      randomCuts: async (cuts) => plan.randomCuts(cuts),
      clear: async () => plan.clear(),
    },
    stop,
    kill: stop,
  };
}

/**
 * Starts the server; stopped when the test ends. In process it shares the one data folder that chDB allows a process,
 * so give it the folder of an open `connectEmbedded`, or open none, or use `child`.
 */
export async function startClickHouseHttpServer(
  context: Cleanup,
  options: ClickHouseHttpServerOptions = {},
): Promise<ClickHouseHttpServer> {
  const path = options.path ?? (await mkdtemp(join(tmpdir(), 'michinori-clickhouse-http-')));
  const username = options.username ?? 'default';
  const password = options.password ?? '';
  const plan = createFaultPlan();
  const start = (port: number): Promise<ServerHost> => {
    const listen: ListenerOptions = { path, port, username, password };
    return options.child === true ? startChild(listen) : startInProcess(listen, plan);
  };

  let host = await start(0);
  let up = true;
  const { port } = host;
  const halt = async (how: 'stop' | 'kill') => {
    if (!up) return;
    up = false;
    await host[how]();
  };
  context.onTestFinished(async () => {
    await halt('stop');
    if (options.path === undefined) await rm(path, { recursive: true, force: true });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    username,
    password,
    path,
    faults: {
      add: (planned) => host.faults.add(planned),
      randomCuts: (cuts) => host.faults.randomCuts(cuts),
      clear: () => host.faults.clear(),
    },
    stop: () => halt('stop'),
    kill: () => halt('kill'),
    async restart() {
      await halt('stop');
      host = await start(port);
      up = true;
    },
  };
}
