import type { KafkaConfig } from 'kafkajs';
import { EventLogError } from '../errors.ts';
import type { Consumption } from '../event-log.ts';
import { createCommitter } from './committer.ts';
import { groupIdOf, readCommitted } from './group-offsets.ts';
import { createMembership, type Membership } from './membership.ts';
import { beginTenure, type Tenure, type TenureContext } from './tenure.ts';

/** How long a commit is tried after `stop` was called. */
const lastCommitMsMax = 5000;

export interface ConsumptionContext extends TenureContext {
  config: KafkaConfig;
  sessionTimeoutMs: number;
  onEnded(): void;
}

/** Takes part in the group of a topic, and works on the partitions that it is given for as long as they are ours. */
export function startConsumption(context: ConsumptionContext): Consumption {
  const { options, topic, fetch } = context;
  const tenures = new Map<number, Tenure>();
  /** Everything that may still be running, by partition; the newest waits for the one before. */
  const running = new Map<number, Promise<void>>();
  const committer = createCommitter(() => membership);
  let stopped: Promise<void> | undefined;
  let isOver = false;

  const revoked = (partition: number) =>
    new EventLogError(
      'partition_revoked',
      `${topic.name}/${partition} belongs to another member of ${options.group} now; it delivers what isn't committed again`,
    );
  const over = () =>
    new EventLogError('consumption_stopped', `the consumption of ${topic.name} by ${options.group} has stopped`);

  function onAssigned(partitions: readonly number[]): void {
    fetch.observe?.({ what: 'joined', group: options.group, topic: topic.name, partitions });
    for (const [partition, tenure] of tenures) {
      if (partitions.includes(partition)) continue;
      tenures.delete(partition);
      committer.giveUp(partition, revoked(partition));
      tenure.revoke();
    }
    for (const partition of partitions) {
      if (tenures.has(partition) || partition >= topic.partitions) continue;
      const tenure = beginTenure(context, partition, running.get(partition));
      tenures.set(partition, tenure);
      running.set(partition, tenure.done);
    }
  }

  const membership: Membership = createMembership({
    config: context.config,
    groupId: groupIdOf(options.group, topic.name),
    physicalTopic: topic.physical,
    commitNote: topic.id,
    sessionTimeoutMs: context.sessionTimeoutMs,
    onAssigned,
    lookUp: () => readCommitted(fetch.link, options.group, topic),
    onFatal: options.onFatal,
  });

  function refuseCommits(): void {
    isOver = true;
    for (const partition of tenures.keys()) committer.giveUp(partition, over());
  }

  async function stop(): Promise<void> {
    const timer = setTimeout(refuseCommits, lastCommitMsMax);
    for (const tenure of tenures.values()) tenure.end();
    await Promise.all(running.values());
    clearTimeout(timer);
    refuseCommits();
    await membership.stop();
    context.onEnded();
  }

  return {
    async commit(partition, nextOffset) {
      if (isOver) throw over();
      if (!Number.isSafeInteger(partition) || partition < 0 || partition >= topic.partitions)
        throw new EventLogError('partition_unknown', `${topic.name} has no partition ${partition}`);
      const tenure = tenures.get(partition);
      const deliveredBefore = tenure?.deliveredBefore();
      if (!tenure || deliveredBefore === undefined) throw revoked(partition);
      if (!Number.isSafeInteger(nextOffset) || nextOffset < 0 || nextOffset > deliveredBefore)
        throw new EventLogError(
          'commit_out_of_range',
          `${topic.name}/${partition} was delivered up to ${deliveredBefore}: ${nextOffset} can't be committed by ${options.group}`,
        );
      if (nextOffset <= tenure.committed) return;
      await committer.commit(partition, nextOffset);
      tenure.committed = Math.max(tenure.committed, nextOffset);
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
