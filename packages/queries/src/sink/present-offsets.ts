import { defineQuery } from '@michinori/clickhouse';
import { z } from 'zod';
import { rangeParams } from './range.ts';

/** Offsets relative to `fromOffset`, ascending, each once; one row. Small numbers, so that none is quoted or rounded. */
const presentRow = z.object({ offsets: z.array(z.number()) });

type OffsetTable =
  | 'events'
  | 'dead_letters'
  | 'event_ids'
  | 'journey_definitions'
  | 'improvements'
  | 'rule_definitions';

function presentOffsetsIn(table: OffsetTable, name: string) {
  return defineQuery({
    name,
    sql: `
    SELECT groupUniqArray(toUInt32(log_offset - {fromOffset:UInt64})) AS offsets
    FROM ${table}
    WHERE log = {log:String} AND log_partition = {partition:UInt32}
      AND log_offset >= {fromOffset:UInt64} AND log_offset < {toOffset:UInt64}`,
    params: rangeParams,
    row: presentRow,
  });
}

/** Which offsets of a range have a row in `events`. */
export const presentEventOffsets = presentOffsetsIn('events', 'sink_present_event_offsets');

/** Which offsets of a range have a row in `dead_letters`. */
export const presentDeadLetterOffsets = presentOffsetsIn('dead_letters', 'sink_present_dead_letter_offsets');

/** Which offsets of a range have announced themselves in `event_ids`. */
export const presentAnnouncedOffsets = presentOffsetsIn('event_ids', 'sink_present_announced_offsets');

/** Which offsets of a range have a row in `journey_definitions`. */
export const presentDefinitionOffsets = presentOffsetsIn('journey_definitions', 'sink_present_definition_offsets');

/** Which offsets of a range have a row in `improvements`. */
export const presentImprovementOffsets = presentOffsetsIn('improvements', 'sink_present_improvement_offsets');

/** Which offsets of a range have a row in `rule_definitions`. */
export const presentRuleOffsets = presentOffsetsIn('rule_definitions', 'sink_present_rule_offsets');
