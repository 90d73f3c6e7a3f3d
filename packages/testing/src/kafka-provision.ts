import { type KafkaOptions, type KafkaServer, startCluster } from './kafka-cluster.ts';
import { startKafkaContainer } from './kafka-container.ts';
import { kafkaJars } from './kafka-jars.ts';
import { waitUntilReady } from './kafka-ready.ts';

const readyMsMax = 20_000;

/** A server, or in one sentence why there is none. */
export type ProvidedKafka =
  | { readonly outcome: 'started'; readonly server: KafkaServer }
  | { readonly outcome: 'unavailable'; readonly reason: string };

async function existing(list: string): Promise<KafkaServer> {
  const brokers = list.split(',').map((address) => address.trim());
  const client = { brokers };
  const ready = () => waitUntilReady({ brokers: brokers.slice(0, 1) }, readyMsMax, async () => {});
  const unable = () => Promise.reject(new Error('the brokers of KAFKA_BROKERS are not ours: ask for `controlled`'));
  await ready();
  return {
    brokers,
    security: 'plaintext',
    credentials: null,
    ca: null,
    client,
    nodes: [],
    stop: unable,
    kill: unable,
    restart: unable,
    ready,
    remove: async () => {},
  };
}

function isPlain({ security = 'plaintext', brokers = 1, properties, controlled, folder, port }: KafkaOptions): boolean {
  const asksNothing = properties === undefined && controlled !== true && folder === undefined && port === undefined;
  return security === 'plaintext' && brokers === 1 && asksNothing;
}

/**
 * A Kafka for a test: the one at `KAFKA_BROKERS` (`host:port,…`), else brokers of Apache Kafka started from their Maven
 * artefacts, else a container. The first and the last serve only who asks for nothing special. A server that starts
 * and fails is an error, not an absence.
 */
export async function provideKafka(options: KafkaOptions = {}): Promise<ProvidedKafka> {
  const list = process.env.KAFKA_BROKERS;
  if (list && isPlain(options)) return { outcome: 'started', server: await existing(list) };
  const jars = await kafkaJars();
  if (jars.outcome === 'ready') return { outcome: 'started', server: await startCluster(jars, options) };
  const container = isPlain(options) ? await startKafkaContainer() : null;
  if (container !== null) return { outcome: 'started', server: container };
  const docker = isPlain(options) ? ", and Docker doesn't answer" : '';
  const remedy = 'set KAFKA_BROKERS, or install Java 17 and Maven';
  return { outcome: 'unavailable', reason: `no Kafka: ${jars.reason}${docker} (${remedy})` };
}
