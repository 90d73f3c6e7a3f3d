import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cleanup } from './clickhouse-temporary.ts';
import { freePorts } from './free-port.ts';
import { type NativeConfiguration, nativeConfigurationXml } from './native-clickhouse-config.ts';
import { startNativeProcess } from './native-clickhouse-process.ts';

/** How to start a server. */
export interface NativeClickHouseOptions {
  /** Ports; free ones by default. */
  readonly ports?: { readonly tcp: number; readonly http: number };
  /** A `users.xml`; what stands in `users.d` beside it is merged in. */
  readonly usersFile?: string;
  /** Variables that the files of the configuration take values from (`from_env`). */
  readonly environment?: Readonly<Record<string, string>>;
  /** The cluster that it is a node of; no nodes: it alone. */
  readonly cluster?: NativeConfiguration['cluster'];
}

/** ClickHouse's own server, with its HTTP and its native protocol and its access control, in a process of its own. */
export interface NativeClickHouse {
  readonly url: string;
  readonly tcpPort: number;
  stop(): Promise<void>;
  /** `SIGKILL`. */
  kill(): Promise<void>;
  /** Starts again on the same ports and the same data. */
  restart(): Promise<void>;
}

/**
 * Starts ClickHouse from the library that comes with chDB (no Docker, no download); ended and removed with the test. It is
 * `clickhouse local` that listens: it has no Keeper, no replication and no `ON CLUSTER`, but it is a cluster node otherwise.
 */
export async function startNativeClickHouse(
  context: Cleanup,
  options: NativeClickHouseOptions = {},
): Promise<NativeClickHouse> {
  const [tcp = 0, http = 0] = options.ports === undefined ? await freePorts(2) : Object.values(options.ports);
  const folder = await mkdtemp(join(tmpdir(), 'michinori-native-'));
  const url = `http://127.0.0.1:${http}`;
  const config = join(folder, 'config.xml');
  const logFile = join(folder, 'log');
  const { usersFile, cluster } = options;
  const text = nativeConfigurationXml({
    tcpPort: tcp,
    httpPort: http,
    logFile: join(folder, 'server.log'),
    ...(usersFile === undefined ? {} : { usersFile }),
    ...(cluster === undefined
      ? {}
      : {
          cluster: {
            ...cluster,
            nodes: cluster.nodes.length > 0 ? cluster.nodes : [{ shard: cluster.shard, tcpPort: tcp }],
          },
        }),
  });
  await writeFile(config, text);
  const start = () => startNativeProcess(config, join(folder, 'data'), logFile, url, options.environment ?? {});
  let server = await start().catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  context.onTestFinished(async () => {
    await server.kill();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    url,
    tcpPort: tcp,
    stop: () => server.stop(),
    kill: () => server.kill(),
    async restart() {
      await server.stop();
      server = await start();
    },
  };
}
