import { type Broker, type Cluster, type Consumer, type KafkaConfig, PartitionAssigners } from 'kafkajs';
import { EventLogError } from '../errors.ts';
import { classifyFailure, failureFromCode, isRequestTimeout } from './classify.ts';
import { createClient } from './client.ts';
import { findCoordinatorRequest } from './wire/find-coordinator-request.ts';
import { anyBroker, connectOnce, type SendOptions, send, type WireRequest } from './wire/request.ts';

const answerMsMax = 10_000;
const failuresMax = 5;

/** Connections to the brokers, made when they are needed and made anew after a request got no answer. */
export interface Link {
  /** Sends to a broker by its node id; to any broker without one. */
  send<T>(node: number | undefined, request: WireRequest<T>, options: SendOptions): Promise<T>;
  /** Leaders of the partitions of a topic, as far as they are known. */
  leaders(physicalTopic: string): Promise<Map<number, number>>;
  /** Asks the brokers again who leads what. */
  refresh(): Promise<void>;
  /** Asks the broker that keeps the offsets of a group that consumes this topic. */
  ask<T>(groupId: string, physicalTopic: string, question: (coordinator: Broker) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface Connected {
  consumer: Consumer;
  cluster: Cluster;
}

/**
 * kafkajs keeps its connections in a `Cluster`, which it hands to partition assigners: a consumer that never runs gives access to it.
 */
export function createLink(config: KafkaConfig): Link {
  const topics = new Set<string>();
  let connected: Promise<Connected> | undefined;
  let isClosed = false;
  let failures = 0;

  async function open(): Promise<Connected> {
    const retries = Math.max((config.brokers as string[]).length, 2);
    const kafka = createClient(config, { retries, initialRetryTime: 50 });
    let cluster: Cluster | undefined;
    const consumer = kafka.consumer({
      groupId: 'never-joined',
      allowAutoTopicCreation: false,
      metadataMaxAge: 60_000,
      partitionAssigners: [
        (given) => {
          cluster = given.cluster;
          return PartitionAssigners.roundRobin(given);
        },
      ],
    });
    try {
      if (!cluster) throw new TypeError('kafkajs hands its cluster to no assigner any more');
      await cluster.connect();
      if (topics.size > 0) await cluster.addMultipleTargetTopics([...topics]);
      return { consumer, cluster };
    } catch (error) {
      consumer.disconnect().catch(() => {});
      throw classifyFailure(error, `connecting to ${(config.brokers as string[]).join(', ')}`);
    }
  }

  async function cluster(): Promise<Cluster> {
    if (isClosed) throw new EventLogError('log_closed', 'the event log is closed');
    const opening = connected ?? open();
    connected = opening;
    try {
      return (await opening).cluster;
    } catch (error) {
      if (connected === opening) connected = undefined;
      throw error;
    }
  }

  async function drop(): Promise<void> {
    const dropped = connected;
    connected = undefined;
    await (await dropped)?.consumer.disconnect();
  }

  /**
   * kafkajs would go on writing into a connection that answers nothing until the operating system gives it up, and it keeps something of
   * every failed attempt: then, and after several failures in a row, everything is made anew, from the addresses that were given.
   */
  async function renewAfter<T>(work: () => Promise<T>): Promise<T> {
    try {
      const answer = await work();
      failures = 0;
      return answer;
    } catch (error) {
      failures += 1;
      if (!isClosed && (isRequestTimeout(error) || failures >= failuresMax)) {
        failures = 0;
        drop().catch(() => {});
      }
      throw error;
    }
  }

  async function withTopic(physicalTopic: string): Promise<Cluster> {
    topics.add(physicalTopic);
    const through = await cluster();
    await through.addTargetTopic(physicalTopic);
    return through;
  }

  return {
    send: (node, request, options) =>
      renewAfter(async () => {
        const through = await cluster();
        const broker = await (node === undefined ? anyBroker(through) : through.findBroker({ nodeId: String(node) }));
        return send(broker, request, options);
      }),
    async leaders(physicalTopic) {
      const through = await withTopic(physicalTopic);
      const known = through.findTopicPartitionMetadata(physicalTopic);
      return new Map(known.filter(({ leader }) => leader >= 0).map(({ partitionId, leader }) => [partitionId, leader]));
    },
    async refresh() {
      await (await cluster()).refreshMetadata();
    },
    ask: (groupId, physicalTopic, question) =>
      renewAfter(async () => {
        const through = await withTopic(physicalTopic);
        const request = findCoordinatorRequest(groupId);
        const options = { connection: 0, timeoutMs: answerMsMax } as const;
        const { errorCode, nodeId } = await send(await anyBroker(through), request, options);
        if (errorCode !== 0) throw failureFromCode(errorCode, `looking for the coordinator of the group ${groupId}`);
        const coordinator = await through.findBroker({ nodeId: String(nodeId) });
        await connectOnce(coordinator, 0);
        return question(coordinator);
      }),
    async close() {
      isClosed = true;
      await drop().catch(() => {});
    },
  };
}
