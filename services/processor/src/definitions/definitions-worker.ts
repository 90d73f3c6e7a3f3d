import type { ClickHouse } from '@michinori/clickhouse';
import type { AssignedPartition, Batch, EventLog } from '@michinori/event-log';
import type { Logger } from '@michinori/runtime';
import type { Builder } from '../builder/builder.ts';
import type { Faults } from '../faults.ts';
import type { ProcessorMetrics } from '../metrics.ts';
import { messageOf } from '../projector/persist.ts';
import { batchFailureOf } from '../sink/failure.ts';
import { logName } from '../sink/range.ts';
import type { Troubles } from '../troubles.ts';
import { createStoreDefinitions } from './store-definitions.ts';

export interface DefinitionsWorkerDependencies {
  log: EventLog;
  clickhouse: ClickHouse;
  builder: Builder;
  metrics: ProcessorMetrics;
  troubles: Troubles;
  logger: Logger;
  faults: Faults;
  commit(topic: string, partition: number, nextOffset: number): Promise<void>;
}

interface Place {
  topic: string;
  partition: number;
}

const builderPartition = 0;
const chunkLimits = { recordsMax: 1_000, bytesMax: 16 * 1024 * 1024 };

/**
 * Works the topic of definitions off: rows, read back, committed; then the builder looks. Whoever has its first partition is
 * the builder. At a take-over everything before the committed offset is compared with the tables and put back where it is
 * missing: definitions are few, and everything that is derived hangs on them.
 */
export function createDefinitionsWorker(deps: DefinitionsWorkerDependencies) {
  const { log, clickhouse, builder, metrics, troubles, logger, faults, commit } = deps;
  const store = createStoreDefinitions({ clickhouse, faults });
  const tenures = new Map<number, symbol>();

  async function heal({ topic, partition, generation, committed }: AssignedPartition): Promise<void> {
    const positions = await log.positions(topic);
    const earliest = positions.find((position) => position.partition === partition)?.earliest ?? committed;
    for (let from = earliest; from < committed; ) {
      const records = (await log.read(topic, partition, from, chunkLimits)).filter(({ offset }) => offset < committed);
      const last = records.at(-1);
      if (last === undefined) return;
      const range = { log: logName(topic, generation), partition, fromOffset: from, toOffset: last.offset + 1 };
      await store(range, records);
      from = range.toOffset;
    }
  }

  async function settle({ topic, partition, generation, records, firstOffset, nextOffset }: Batch): Promise<void> {
    const range = { log: logName(topic, generation), partition, fromOffset: firstOffset, toOffset: nextOffset };
    const { rebuilds, deadLetters } = await store(range, records);
    const wanted = rebuilds.includes(null) ? [null] : [...new Set(rebuilds)];
    for (const journey of wanted) await builder.rebuild(journey);
    await faults.at('definitions.before-commit');
    await commit(topic, partition, nextOffset);
    metrics.deadLettered(deadLetters);
    builder.wake();
  }

  async function guarded({ topic, partition }: Place, work: (isOurs: () => boolean) => Promise<void>): Promise<void> {
    const name = `${topic}/${partition}`;
    const tenure = tenures.get(partition);
    const isOurs = (): boolean => tenure !== undefined && tenures.get(partition) === tenure;
    try {
      await work(isOurs);
      if (isOurs()) troubles.report(name, null);
    } catch (error) {
      if (!isOurs()) throw error;
      const failure = batchFailureOf(error);
      logger.warn({ name, failure, err: error }, 'definitions could not be stored; they will be tried again');
      troubles.report(name, failure === 'infrastructure' ? null : `${failure}: ${messageOf(error)}`);
      throw error;
    }
  }

  return {
    takeOver(assigned: AssignedPartition): Promise<void> {
      tenures.set(assigned.partition, Symbol());
      return guarded(assigned, async (isOurs) => {
        await heal(assigned);
        if (assigned.partition === builderPartition && isOurs()) builder.own();
      });
    },
    work: (batch: Batch): Promise<void> => guarded(batch, () => settle(batch)),
    revoked({ topic, partition }: Place): void {
      tenures.delete(partition);
      troubles.report(`${topic}/${partition}`, null);
      if (partition === builderPartition) builder.disown();
    },
  };
}
