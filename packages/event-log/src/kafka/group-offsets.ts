import type { TopicOffsets } from 'kafkajs';
import type { Link } from './link.ts';
import type { Topic } from './topics.ts';

/** What Kafka calls a group of this log: its name and the topic's, because a group of the port has one topic. */
export function groupIdOf(group: string, topic: string): string {
  return `${group}.${topic}`;
}

interface FetchedOffset {
  partition: number;
  offset: string;
  metadata?: string | null;
}

/**
 * Committed offsets of a group, by partition. Every commit carries the topic's id: what was committed in a former incarnation of the topic
 * doesn't count. Offsets without one were set by an operator's tool and do.
 */
export async function readCommitted(link: Link, group: string, topic: Topic): Promise<Map<number, number>> {
  const groupId = groupIdOf(group, topic.name);
  const partitions = Array.from({ length: topic.partitions }, (_, partition) => ({ partition }));
  const topics = [{ topic: topic.physical, partitions }] as unknown as TopicOffsets[];
  const { responses } = await link.ask(groupId, topic.physical, (coordinator) =>
    coordinator.offsetFetch({ groupId, topics }),
  );
  const fetched = responses.flatMap((response) => response.partitions as FetchedOffset[]);
  return new Map(
    fetched
      .filter(({ offset, metadata }) => Number(offset) >= 0 && (!metadata || metadata === topic.id))
      .map(({ partition, offset }): [number, number] => [partition, Number(offset)])
      .sort(([a], [b]) => a - b),
  );
}
