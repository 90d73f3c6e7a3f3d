import type { ClickHouse, Query } from '@michinori/clickhouse';
import {
  presentDeadLetterOffsets,
  presentDefinitionOffsets,
  presentImprovementOffsets,
  presentRuleOffsets,
} from '@michinori/queries';
import { processorError } from '../errors.ts';
import type { Faults } from '../faults.ts';
import { type DeadLetter, deadLetterColumns, deadLetterRow } from '../sink/dead-letter.ts';
import type { LogRecordOfBatch } from '../sink/decode-records.ts';
import { createReadOffsets } from '../sink/offsets.ts';
import type { LogRange } from '../sink/range.ts';
import { type SettleTable, settleRows } from '../sink/settle-rows.ts';
import { createWriteRows } from '../sink/write-rows.ts';
import {
  type DefinitionBatch,
  decodeDefinitions,
  improvementColumns,
  journeyColumns,
  type PlacedRow,
  ruleColumns,
} from './definition-rows.ts';

const noTwins = async (): Promise<ReadonlySet<number>> => new Set();

/**
 * Makes the function that brings a range of the topic of definitions into the tables: what is missing is inserted and read
 * back, so it can be repeated. Throws `rows_not_visible`.
 */
export function createStoreDefinitions({ clickhouse, faults }: { clickhouse: ClickHouse; faults: Faults }) {
  function tableOf<R extends { offset: number }>(
    table: string,
    columns: readonly string[],
    query: Query<LogRange, { offsets: number[] }>,
    toRow: (row: R) => readonly unknown[],
  ): SettleTable<R> {
    return {
      readOffsets: createReadOffsets(clickhouse, query),
      insert: createWriteRows(clickhouse, { table, columns, toRow }),
      findTwins: noTwins,
      afterInsert: () => faults.at('definitions.after-insert'),
    };
  }
  const valuesOf = ({ values }: PlacedRow): readonly unknown[] => values;
  const journeys = tableOf('journey_definitions', journeyColumns, presentDefinitionOffsets, valuesOf);
  const improvements = tableOf('improvements', improvementColumns, presentImprovementOffsets, valuesOf);
  const rules = tableOf('rule_definitions', ruleColumns, presentRuleOffsets, valuesOf);
  const lettersOf = (range: LogRange): SettleTable<DeadLetter> =>
    tableOf('dead_letters', deadLetterColumns, presentDeadLetterOffsets, (letter) => deadLetterRow(letter, range));

  return async function storeDefinitions(
    range: LogRange,
    records: readonly LogRecordOfBatch[],
  ): Promise<DefinitionBatch> {
    async function settle<R extends { offset: number }>(table: SettleTable<R>, rows: readonly R[]): Promise<number> {
      if (rows.length === 0) return 0;
      const present = await table.readOffsets(range);
      const { missing, refused } = await settleRows(table, { range, rows, present });
      return missing.length + refused.length;
    }
    const batch = decodeDefinitions(records, range);
    const missing =
      (await settle(journeys, batch.journeys)) +
      (await settle(improvements, batch.improvements)) +
      (await settle(rules, batch.rules)) +
      (await settle(lettersOf(range), batch.deadLetters));
    if (missing > 0) {
      const { log, partition, fromOffset, toOffset } = range;
      throw processorError(
        'rows_not_visible',
        `${missing} rows of ${log}/${partition} [${fromOffset}, ${toOffset}) can't be read back after their insert.`,
      );
    }
    return batch;
  };
}
