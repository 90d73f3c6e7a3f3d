import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './free-port.ts';
import { createBroker, type JvmTuning, type KafkaBroker } from './kafka-broker.ts';
import { createCertificate } from './kafka-certificate.ts';
import { type KafkaPorts, type KafkaSecurity, kafkaUser } from './kafka-configuration.ts';
import type { KafkaJars } from './kafka-jars.ts';
import { type KafkaClientOptions, waitUntilReady } from './kafka-ready.ts';

const readyMsMax = 180_000;

/** What a server may be asked for; nothing is needed. */
export interface KafkaOptions {
  /** How clients reach it; `plaintext` by default. */
  readonly security?: KafkaSecurity;
  /** 1 by default. With 3, topics have three replicas, of which two must have a record. */
  readonly brokers?: 1 | 3;
  /** Settings of the brokers that win over the defaults. */
  readonly properties?: Readonly<Record<string, string | number | boolean>>;
  /** `true` if the test stops, kills or freezes brokers: it gets brokers of its own even where `KAFKA_BROKERS` is set. */
  readonly controlled?: boolean;
  readonly jvm?: JvmTuning;
  /** A folder to keep; a fresh temporary one by default. */
  readonly folder?: string;
  /** The port of the only broker; a free one by default. */
  readonly port?: number;
}

/** A running Kafka. */
export interface KafkaServer {
  /** Addresses, `host:port`. */
  readonly brokers: string[];
  readonly security: KafkaSecurity;
  /** The user, where the security has one; good for PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512. */
  readonly credentials: { readonly username: string; readonly password: string } | null;
  /** The certificate to trust as PEM, where the security has one. */
  readonly ca: string | null;
  /** The same as options of kafkajs. */
  readonly client: KafkaClientOptions;
  /** The brokers one by one, in the order of `brokers`; empty for a server that isn't ours. */
  readonly nodes: readonly KafkaBroker[];
  /** Lets all brokers end in order. */
  stop(): Promise<void>;
  /** `kill -9` to all brokers. */
  kill(): Promise<void>;
  /** Starts what isn't running, with the same data on the same ports (after `stop` if all runs), until it's ready. */
  restart(): Promise<void>;
  /** Resolves when all brokers take part again. */
  ready(): Promise<void>;
  /** Ends it and removes what it stored, unless a folder was given. */
  remove(): Promise<void>;
}

/** How kafkajs reaches a server of this security. */
export function clientOptions(brokers: string[], security: KafkaSecurity, ca: string | null): KafkaClientOptions {
  return {
    brokers,
    ...(ca === null ? {} : { ssl: { ca: [ca] } }),
    ...(security.startsWith('sasl') ? { sasl: { mechanism: 'scram-sha-256' as const, ...kafkaUser } } : {}),
  };
}

/** Starts brokers from their jars and waits until they are ready (about 4 s for one). */
export async function startCluster(
  jars: Extract<KafkaJars, { outcome: 'ready' }>,
  options: KafkaOptions = {},
): Promise<KafkaServer> {
  const { security = 'plaintext', brokers: count = 1, properties = {}, jvm = 'quick' } = options;
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'michinori-kafka-')));
  await mkdir(folder, { recursive: true });
  const certificate = security.endsWith('ssl') ? await createCertificate(jars.keytool, folder) : null;
  const ports = await freePorts(3 * count);
  const cluster = Array.from({ length: count }, (_, index): KafkaPorts => {
    const [client = 0, internal = 0, controller = 0] = ports.slice(3 * index);
    return { client: options.port ?? client, internal, controller };
  });
  const nodes = cluster.map((_, index) =>
    createBroker({
      java: jars.java,
      jars: jars.folder,
      folder: join(folder, `broker-${index + 1}`),
      configuration: { nodeId: index + 1, cluster, security, keystore: certificate?.keystore ?? null, properties },
      jvm,
      temporaryFolder: options.folder === undefined ? folder : undefined,
    }),
  );
  const ca = certificate?.ca ?? null;
  const client = clientOptions(
    nodes.map(({ address }) => address),
    security,
    ca,
  );
  const all = async (act: (node: KafkaBroker) => Promise<void>) => void (await Promise.all(nodes.map(act)));
  const ready = () => waitUntilReady(client, readyMsMax, () => all((node) => node.assertAlive()));
  const remove = async () => {
    await all((node) => (options.folder === undefined ? node.kill() : node.stop()));
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
  };
  const start = async () => {
    await all((node) => node.start());
    await ready();
  };
  try {
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    brokers: client.brokers as string[],
    security,
    credentials: security.startsWith('sasl') ? kafkaUser : null,
    ca,
    client,
    nodes,
    stop: () => all((node) => node.stop()),
    kill: () => all((node) => node.kill()),
    async restart() {
      if (nodes.every((node) => node.isRunning())) await all((node) => node.stop());
      await start();
    },
    ready,
    remove,
  };
}
