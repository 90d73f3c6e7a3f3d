import { EventLogError } from '../errors.ts';
import type { Link } from './link.ts';
import type { Topic } from './topics.ts';

/** Partitions by the broker that leads them; `log_unavailable` if one has no leader at the moment. */
export async function byLeader(
  link: Link,
  topic: Topic,
  partitions: readonly number[],
): Promise<Map<number, number[]>> {
  const leaders = await link.leaders(topic.physical);
  const groups = new Map<number, number[]>();
  for (const partition of partitions) {
    const leader = leaders.get(partition);
    if (leader === undefined) {
      await link.refresh();
      throw new EventLogError('log_unavailable', `${topic.name}/${partition} has no leader at the moment`);
    }
    groups.set(leader, [...(groups.get(leader) ?? []), partition]);
  }
  return groups;
}

/** The broker that leads a partition. */
export async function leaderOf(link: Link, topic: Topic, partition: number): Promise<number> {
  const [node] = (await byLeader(link, topic, [partition])).keys();
  return node ?? -1;
}
