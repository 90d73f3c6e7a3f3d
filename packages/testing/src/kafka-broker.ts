import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BrokerConfiguration, brokerProperties, kafkaUser } from './kafka-configuration.ts';
import { type KeptProcess, startKept } from './kept-process.ts';

const execute = promisify(execFile);
const fatal = /fatal (error|fault)/i;
const clusterId = 'TWljaGlub3JpVGVzdGluZw';

/** `quick` compiles less and starts sooner; `throughput` is for measurements and long runs. */
export type JvmTuning = 'quick' | 'throughput';

/** What one broker is started with. */
export interface BrokerOptions {
  readonly java: string;
  readonly jars: string;
  /** Configuration, data and log of this broker. */
  readonly folder: string;
  readonly configuration: Omit<BrokerConfiguration, 'dataFolder'>;
  readonly jvm: JvmTuning;
  /** What to remove when this process dies; the folder of the whole cluster. */
  readonly temporaryFolder: string | undefined;
}

/** One broker. `start`, `stop` and `kill` do nothing when there is nothing to do. */
export interface KafkaBroker {
  /** Its address for clients. */
  readonly address: string;
  isRunning(): boolean;
  /** Starts the process; it isn't ready yet. */
  start(): Promise<void>;
  /** Lets it end in order. */
  stop(): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Freezes it: connections stay open, nothing answers. */
  suspend(): void;
  resume(): void;
  /** Rejects, with the end of its log, if it ended by itself. */
  assertAlive(): Promise<void>;
}

function jvmArguments(tuning: JvmTuning): string[] {
  const heap = tuning === 'quick' ? ['-Xmx384m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'] : ['-Xmx1g'];
  const log = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-Dorg.slf4j.simpleLogger.showDateTime=true'];
  return [...heap, '-Xshare:auto', '-Djava.awt.headless=true', ...log];
}

/** A broker in a folder: formatted at its first start, the same data and ports at every later one. */
export function createBroker(options: BrokerOptions): KafkaBroker {
  const { java, jars, folder, configuration } = options;
  const { nodeId, cluster, security } = configuration;
  const dataFolder = join(folder, 'data');
  const propertiesFile = join(folder, 'server.properties');
  const logFile = join(folder, 'broker.log');
  const base = [...jvmArguments(options.jvm), '-cp', join(jars, '*')];
  let running: KeptProcess | null = null;
  let logFrom = 0;

  async function format(): Promise<void> {
    if (existsSync(join(dataFolder, 'meta.properties'))) return;
    const { username, password } = kafkaUser;
    const users = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${username},password=${password}]`,
    ]);
    const tool = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', propertiesFile];
    await execute(java, [...base, ...tool, ...(security.startsWith('sasl') ? users : [])]);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = running;
    running = null;
    if (ending === null) return;
    // A frozen process would not hear of SIGTERM.
    if (signal !== 'SIGKILL') ending.signal('SIGCONT');
    ending.signal(signal);
    await ending.exited;
  }

  return {
    address: `127.0.0.1:${cluster[nodeId - 1]?.client ?? 0}`,
    isRunning: () => running !== null && !running.hasExited(),
    async start() {
      if (running !== null && !running.hasExited()) return;
      await mkdir(dataFolder, { recursive: true });
      await writeFile(propertiesFile, brokerProperties({ ...configuration, dataFolder }));
      await format();
      logFrom = await stat(logFile).then(
        ({ size }) => size,
        () => 0,
      );
      const { temporaryFolder } = options;
      const args = [...base, 'kafka.Kafka', propertiesFile];
      running = startKept({ command: java, args, logFile, ...(temporaryFolder && { temporaryFolder }) });
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    suspend: () => running?.signal('SIGSTOP'),
    resume: () => running?.signal('SIGCONT'),
    async assertAlive() {
      if (running === null) return;
      const log = (await readFile(logFile)).subarray(logFrom).toString();
      // After a fatal error it takes half a minute to end.
      if (!running.hasExited() && !fatal.test(log)) return;
      throw new Error(`The Kafka broker ended by itself:\n${log.trimEnd().split('\n').slice(-25).join('\n')}`);
    },
  };
}
