import { createServer } from 'node:net';
import { type Admin, Kafka, logLevel, type Producer } from 'kafkajs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { connectAdmin, type KafkaClientOptions, provideKafka, sharedKafka, startKafka } from '../src/kafka.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const topic = 'letters';

async function producerOf(client: KafkaClientOptions): Promise<Producer> {
  const kafka = new Kafka({ ...client, logLevel: logLevel.NOTHING, retry: { retries: 0 } });
  const producer = kafka.producer();
  onTestFinished(() => producer.disconnect());
  await producer.connect();
  return producer;
}

function impatient(client: KafkaClientOptions): Admin {
  return new Kafka({ ...client, logLevel: logLevel.NOTHING, requestTimeout: 200, retry: { retries: 0 } }).admin();
}

/** Brokers that have just started, or heard of a topic or a leader, tell one another in their own time; what they refuse meanwhile isn't stored. */
function eventually<T>(ask: () => Promise<T>): Promise<T> {
  return vi.waitFor(ask, { timeout: 60_000, interval: 50 });
}

async function createTopic(client: KafkaClientOptions, replicationFactor = 1): Promise<void> {
  const admin = await connectAdmin(client);
  await admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor }], waitForLeaders: false });
  await admin.disconnect();
}

async function send(client: KafkaClientOptions): Promise<void> {
  const producer = await producerOf(client);
  await eventually(() => producer.send({ topic, acks: -1, messages: [{ value: 'hello' }] }));
}

function nextOffset(client: KafkaClientOptions): Promise<number> {
  return eventually(async () => {
    const admin = await connectAdmin(client);
    try {
      const [partition] = await admin.fetchTopicOffsets(topic);
      return Number(partition?.high);
    } finally {
      await admin.disconnect();
    }
  });
}

describe('one broker', () => {
  const shared = sharedKafka({ controlled: true });

  it('has what it acknowledged on the same address after kill -9, a stop and a freeze', async (context) => {
    const kafka = shared(context);
    await createTopic(kafka.client);
    await send(kafka.client);
    await kafka.kill();
    await expect(connectAdmin(kafka.client)).rejects.toThrow();
    await kafka.restart();
    expect(await nextOffset(kafka.client)).toBe(1);
    await send(kafka.client);
    await kafka.restart();
    expect(await nextOffset(kafka.client)).toBe(2);
    kafka.nodes[0]?.suspend();
    // A signal takes a moment to stop all threads.
    await vi.waitFor(() => expect(impatient(kafka.client).connect()).rejects.toThrow('timed out'), 20_000);
    kafka.nodes[0]?.resume();
    expect(await nextOffset(kafka.client)).toBe(2);
  });

  it('is a server from outside for whoever asks for nothing special', async (context) => {
    const kafka = shared(context);
    vi.stubEnv('KAFKA_BROKERS', kafka.brokers.join(','));
    onTestFinished(() => void vi.unstubAllEnvs());
    const outside = await startKafka(context);
    expect(outside.brokers).toEqual(kafka.brokers);
    await expect(outside.kill()).rejects.toThrow('controlled');
    await outside.remove();
    await expect(nextOffset(kafka.client)).resolves.toBeGreaterThanOrEqual(0);
  });
});

describe.each(['ssl', 'sasl_plaintext', 'sasl_ssl'] as const)('%s', (security) => {
  it('lets in who may come in, and nobody else', async (context) => {
    const kafka = await startKafka(context, { security });
    const { brokers, ssl, sasl } = kafka.client;
    await createTopic(kafka.client);
    await send(kafka.client);
    expect(await nextOffset(kafka.client)).toBe(1);
    if (sasl !== undefined && kafka.credentials !== null) {
      const { credentials } = kafka;
      await send({ brokers, ...(ssl && { ssl }), sasl: { mechanism: 'plain', ...credentials } });
      await send({ brokers, ...(ssl && { ssl }), sasl: { mechanism: 'scram-sha-512', ...credentials } });
      const wrong = { mechanism: 'plain' as const, ...credentials, password: 'wrong' };
      await expect(connectAdmin({ brokers, ...(ssl && { ssl }), sasl: wrong })).rejects.toThrow(/[Aa]uth/);
    }
    if (ssl !== undefined) {
      await expect(connectAdmin({ brokers, ssl: true, ...(sasl && { sasl }) })).rejects.toThrow(/self.signed/);
    }
    await expect(connectAdmin({ brokers }).then((admin) => admin.listTopics())).rejects.toThrow();
  });
});

it('three brokers: one may be killed, with two there is no majority', async (context) => {
  const kafka = await startKafka(context, { brokers: 3 });
  expect(kafka.brokers).toHaveLength(3);
  await createTopic(kafka.client, 3);
  await send(kafka.client);
  await kafka.nodes[2]?.kill();
  const alive = { brokers: kafka.brokers.slice(0, 2) };
  await send(alive);
  await kafka.restart();
  expect(await nextOffset(kafka.client)).toBeGreaterThanOrEqual(2);
});

it('a broker that cannot start is an error with the end of its log, not an absence', async (context) => {
  const occupant = createServer();
  await new Promise<void>((resolve) => void occupant.listen(0, '127.0.0.1', resolve));
  const address = occupant.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  occupant.on('connection', (socket) => socket.destroy());
  onTestFinished(() => void occupant.close());
  const outcome = await provideKafka({ port }).then(
    (provided) => (provided.outcome === 'unavailable' ? context.skip(provided.reason) : 'started'),
    (error: unknown) => String(error),
  );
  expect(outcome).toMatch(/ended by itself[\s\S]*Address already in use/);
});
