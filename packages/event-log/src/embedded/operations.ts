import { EventLogError } from '../errors.ts';
import type { Position } from '../event-log.ts';
import { partitionOf } from '../partitioner.ts';
import type { SizedRecord } from '../sized-record.ts';
import { metaKeys } from './layout.ts';
import { chooseTrims, removableBlocks, type TrimPolicy, verifiedBefore } from './retention.ts';
import type { Store } from './store.ts';
import { groupPosition, partitionState, type TopicState } from './topics.ts';
import type { Operation } from './writer.ts';

export function appendRecords(topic: TopicState, records: readonly SizedRecord[]): Operation<Position[]> {
  return (plan) => {
    const positions = records.map((record) => {
      const partition = partitionOf(record.key, topic.partitions.length);
      return { partition, offset: plan.stage(topic, partition, record) };
    });
    return () => positions;
  };
}

/** Makes the group known, so that retention spares what it hasn't verified; resolves with where it begins, per partition. */
export function registerGroup(topic: TopicState, group: string): Operation<number[]> {
  return (plan) => {
    if (!topic.groups.has(group)) {
      const began = topic.partitions.map((partition) => plan.earliest(partition));
      plan.put(metaKeys.group(topic.id, group), began);
      return () => {
        topic.groups.set(group, { began, committed: new Map() });
        return began;
      };
    }
    return () => topic.partitions.map((_, partition) => groupPosition(topic, group, partition));
  };
}

/** `deliveredBefore`: the offset after the last record that the group was given. */
export function commitOffset(
  topic: TopicState,
  group: string,
  partition: number,
  nextOffset: number,
  deliveredBefore: number,
): Operation<void> {
  return (plan) => {
    if (!Number.isSafeInteger(nextOffset) || nextOffset < 0 || nextOffset > deliveredBefore)
      throw new EventLogError(
        'commit_out_of_range',
        `${topic.name}/${partition} was delivered up to ${deliveredBefore}: ${nextOffset} can't be committed by ${group}`,
      );
    const key = metaKeys.committed(topic.id, group, partition);
    const { committed } = topic.groups.get(group) ?? { committed: new Map<number, number>() };
    const present = plan.staged(key) ?? committed.get(partition) ?? -1;
    if (nextOffset <= Number(present)) return () => {};
    plan.put(key, nextOffset);
    return () => {
      committed.set(partition, Math.max(nextOffset, committed.get(partition) ?? 0));
    };
  };
}

export function forgetGroup(topic: TopicState, group: string): Operation<void> {
  return (plan) => {
    plan.remove(metaKeys.group(topic.id, group));
    for (const partition of topic.groups.get(group)?.committed.keys() ?? [])
      plan.remove(metaKeys.committed(topic.id, group, partition));
    return () => {
      topic.groups.delete(group);
    };
  };
}

/** Removes what the policy says and every group has verified, of topics that aren't kept; resolves with the number of blocks. */
export function trimVerified(
  store: Store,
  topics: Iterable<TopicState>,
  policy: (nowUs: number) => TrimPolicy,
): Operation<number> {
  return (plan) => {
    const candidates = [...topics].flatMap((topic) =>
      (topic.isKept ? [] : topic.partitions).map((_, partition) =>
        removableBlocks(store, topic, partition, verifiedBefore(topic, partition)),
      ),
    );
    const chosen = chooseTrims(candidates, policy(plan.nowUs));
    for (const block of chosen) plan.removeBlock(block);
    return () => chosen.length;
  };
}

/** Removes whole blocks before an offset, verified or not; resolves with the new earliest offset. */
export function discardBlocks(
  store: Store,
  topic: TopicState,
  partition: number,
  beforeOffset: number,
): Operation<number> {
  return (plan) => {
    const state = partitionState(topic, partition);
    for (const block of removableBlocks(store, topic, partition, Math.min(beforeOffset, state.next)))
      plan.removeBlock(block);
    return () => state.earliest;
  };
}
