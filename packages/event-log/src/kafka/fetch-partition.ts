import { EventLogError } from '../errors.ts';
import { failureFromCode } from './classify.ts';
import { leaderOf } from './leaders.ts';
import type { Link } from './link.ts';
import type { KafkaObservation } from './options.ts';
import { readPositions } from './positions.ts';
import type { Topic, Topics } from './topics.ts';
import { type FetchedPartition, fetchRequest } from './wire/fetch-request.ts';

const answerMsMax = 30_000;
const outOfRange = 1;
const corruptMessage = 2;
/** The broker doesn't know the topic, or knows another one by this name. */
const otherTopic = [3, 100, 103];

export interface FetchContext {
  link: Link;
  topics: Topics;
  observe?: ((observation: KafkaObservation) => void) | undefined;
}

/** A piece of a partition: about `bytesMax` bytes of whole batches, at least one batch if there is one. */
export async function fetchPartition(
  { link, topics, observe }: FetchContext,
  topic: Topic,
  partition: number,
  offset: number,
  bytesMax: number,
): Promise<FetchedPartition> {
  const node = await leaderOf(link, topic, partition);
  const request = fetchRequest([{ topicId: topic.id, partition, offset, bytesMax }], { waitMsMax: 0, bytesMax });
  const answer = await link.send(node, request, { connection: 0, timeoutMs: answerMsMax });
  const [fetched] = answer.partitions;
  const errorCode = answer.errorCode || (fetched?.errorCode ?? 0);
  if (fetched && errorCode === 0) {
    if (fetched.bytes.length > 0)
      observe?.({ what: 'fetched', topic: topic.name, partition, bytes: fetched.bytes.length });
    return fetched;
  }
  const place = `${topic.name}/${partition}`;
  if (errorCode === corruptMessage)
    throw new EventLogError('batch_undecodable', `${place}: the broker finds the batch at offset ${offset} corrupt`);
  if (errorCode === outOfRange) await assertInRange(link, topic, partition, offset);
  if (otherTopic.includes(errorCode)) await assertSameTopic(topics, topic);
  await link.refresh();
  throw failureFromCode(errorCode, `reading ${place} from offset ${offset}`);
}

/** Throws `offset_out_of_range` if the offset is not stored; a broker that has fallen behind may say so by mistake. */
async function assertInRange(link: Link, topic: Topic, partition: number, offset: number): Promise<void> {
  const [range] = await readPositions(link, topic, [partition]);
  if (!range || (offset >= range.earliest && offset <= range.next)) return;
  const reason =
    offset < range.earliest
      ? 'records before the earliest one were removed by retention or by an operator'
      : 'the log has not come that far; were records lost, or an older copy restored?';
  throw new EventLogError(
    'offset_out_of_range',
    `${topic.name}/${partition} holds the offsets ${range.earliest} to ${range.next - 1}, not ${offset}: ${reason}`,
  );
}

/** Throws `topic_recreated` if the topic of this name is another one by now. */
export async function assertSameTopic(topics: Topics, topic: Topic): Promise<void> {
  const found = await topics.describe(topic.physical);
  if (found && found.id !== topic.id)
    throw new EventLogError(
      'topic_recreated',
      `the topic ${topic.physical} was deleted and created again: its id is ${found.id}, it was ${topic.id}. Offsets of the former one mean nothing in it`,
    );
}
