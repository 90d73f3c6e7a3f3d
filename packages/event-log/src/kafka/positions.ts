import type { PartitionRange } from '../event-log.ts';
import { failureFromCode } from './classify.ts';
import { byLeader } from './leaders.ts';
import type { Link } from './link.ts';
import type { Topic } from './topics.ts';
import { listOffsetsRequest } from './wire/list-offsets-request.ts';

const answerMsMax = 10_000;

/** The stored range of partitions, in the order of their numbers. `next` is after the last record that consumers may see. */
export async function readPositions(
  link: Link,
  topic: Topic,
  partitions: readonly number[] = Array.from({ length: topic.partitions }, (_, partition) => partition),
): Promise<PartitionRange[]> {
  const groups = await byLeader(link, topic, partitions);
  const ranges = await Promise.all([...groups].map(([node, group]) => rangesOf(link, topic, node, group)));
  return ranges.flat().sort((a, b) => a.partition - b.partition);
}

async function rangesOf(link: Link, topic: Topic, node: number, partitions: number[]): Promise<PartitionRange[]> {
  const list = async (which: 'earliest' | 'next') => {
    const request = listOffsetsRequest(topic.physical, partitions, which);
    const listed = await link.send(node, request, { connection: 0, timeoutMs: answerMsMax });
    const failed = listed.find(({ errorCode }) => errorCode !== 0);
    if (failed) {
      await link.refresh();
      throw failureFromCode(failed.errorCode, `looking for the offsets of ${topic.name}/${failed.partition}`);
    }
    return new Map(listed.map(({ partition, offset }) => [partition, offset]));
  };
  const earliest = await list('earliest');
  const next = await list('next');
  return partitions.map((partition) => ({
    partition,
    earliest: earliest.get(partition) ?? 0,
    next: Math.max(next.get(partition) ?? 0, earliest.get(partition) ?? 0),
  }));
}
