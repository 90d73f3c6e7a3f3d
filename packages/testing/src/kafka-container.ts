import { freePorts } from './free-port.ts';
import type { KafkaServer } from './kafka-cluster.ts';
import { waitUntilReady } from './kafka-ready.ts';
import { kafkaImage } from './kafka-version.ts';

const readyMsMax = 60_000;

/** Starts one broker as a container, or says that Docker doesn't answer. It can be stopped and restarted, not killed. */
export async function startKafkaContainer(): Promise<KafkaServer | null> {
  const { GenericContainer, getContainerRuntimeClient } = await import('testcontainers');
  try {
    await getContainerRuntimeClient();
  } catch {
    return null;
  }
  const [port = 0] = await freePorts(1);
  const container = await new GenericContainer(kafkaImage)
    .withExposedPorts({ container: 9092, host: port })
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: 'CLIENT://:9092,INTERNAL://localhost:9094,CONTROLLER://localhost:9093',
      KAFKA_ADVERTISED_LISTENERS: `CLIENT://127.0.0.1:${port},INTERNAL://localhost:9094`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CLIENT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'INTERNAL',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '1',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
    })
    .start();
  const client = { brokers: [`127.0.0.1:${port}`] };
  const ready = () => waitUntilReady(client, readyMsMax, async () => {});
  const unable = () => Promise.reject(new Error('a container is neither stopped nor killed: ask for `controlled`'));
  try {
    await ready();
  } catch (error) {
    await container.stop();
    throw error;
  }
  return {
    brokers: client.brokers,
    security: 'plaintext',
    credentials: null,
    ca: null,
    client,
    nodes: [],
    stop: unable,
    kill: unable,
    async restart() {
      await container.restart();
      await ready();
    },
    ready,
    remove: async () => void (await container.stop()),
  };
}
