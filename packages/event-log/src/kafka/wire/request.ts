import type { Broker, Cluster } from 'kafkajs';
import { EventLogError } from '../../errors.ts';
import { type ByteReader, createByteReader } from './byte-reader.ts';

/** A request of Kafka's protocol in one version, and how its answer is read. */
export interface WireRequest<T> {
  apiKey: number;
  apiVersion: number;
  apiName: string;
  /** Whether this version has tagged fields, in the header too. */
  isFlexible: boolean;
  body: Buffer;
  decode(answer: ByteReader): T;
}

export interface SendOptions {
  /** Of the two connections that kafkajs keeps to a broker. An answer that waits holds up all that follow on the same one. */
  connection: 0 | 1;
  timeoutMs: number;
  /** Called when the request is about to leave: a failure before it has changed nothing at the broker. */
  onSending?: () => void;
}

/** What is used of kafkajs 2.2.4 beyond its declared types, which is a broker that answers and a broker's connections. */
interface ConnectionPool {
  getConnection(index?: number): Promise<Connection>;
}

interface Connection {
  isConnected(): boolean;
  send(protocol: {
    request: {
      apiKey: number;
      apiVersion: number;
      apiName: string;
      encode: () => Promise<{ buf: Buffer; buffer: Buffer }>;
    };
    response: { decode: (payload: Buffer) => Promise<unknown>; parse: (decoded: unknown) => Promise<unknown> };
    requestTimeout: number;
    logResponseError: boolean;
  }): Promise<unknown>;
}

const noTags = Buffer.from([0]);
const guarded = new WeakSet<ConnectionPool>();

function poolOf(broker: Broker): ConnectionPool {
  const { connectionPool } = broker as unknown as { connectionPool?: Partial<ConnectionPool> };
  if (typeof connectionPool?.getConnection !== 'function')
    throw new EventLogError(
      'log_incompatible',
      "this version of kafkajs doesn't keep its connections where 2.2.4 does",
    );
  const pool = connectionPool as ConnectionPool;
  if (!guarded.has(pool)) guard(pool);
  return pool;
}

/**
 * kafkajs opens a socket for every caller that meets a closed connection, and forgets all but the last: from now on they share one.
 */
function guard(pool: ConnectionPool): void {
  const open = pool.getConnection.bind(pool);
  const opening = new Map<number, Promise<Connection>>();
  pool.getConnection = (index = 0) => {
    const connection = opening.get(index) ?? open(index).finally(() => opening.delete(index));
    opening.set(index, connection);
    return connection;
  };
  guarded.add(pool);
}

/** A broker to ask what all of them know, also before anything is known about the cluster. */
export async function anyBroker(cluster: Cluster): Promise<Broker> {
  const { brokerPool } = cluster as unknown as { brokerPool?: { findConnectedBroker?: () => Promise<Broker> } };
  if (typeof brokerPool?.findConnectedBroker !== 'function')
    throw new EventLogError('log_incompatible', "this version of kafkajs doesn't keep its brokers where 2.2.4 does");
  return brokerPool.findConnectedBroker();
}

/** Connects to the broker, before kafkajs itself sends something through this connection. */
export async function connectOnce(broker: Broker, connection: 0 | 1): Promise<void> {
  await poolOf(broker).getConnection(connection);
}

/** Sends a request through a connection of kafkajs (its TLS, its SASL) and reads the answer here. */
export async function send<T>(broker: Broker, request: WireRequest<T>, options: SendOptions): Promise<T> {
  const { apiKey, apiVersion, apiName, isFlexible } = request;
  const connection = await poolOf(broker).getConnection(options.connection);
  const body = isFlexible ? Buffer.concat([noTags, request.body]) : request.body;
  options.onSending?.();
  const answer = await connection.send({
    request: { apiKey, apiVersion, apiName, encode: async () => ({ buf: body, buffer: body }) },
    response: {
      decode: async (payload) => {
        const reader = createByteReader(payload);
        if (isFlexible) reader.tags();
        return { value: request.decode(reader) };
      },
      parse: async (decoded) => decoded,
    },
    requestTimeout: options.timeoutMs,
    logResponseError: false,
  });
  return (answer as { value: T }).value;
}
