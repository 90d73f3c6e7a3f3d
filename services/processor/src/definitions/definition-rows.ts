import {
  type AlertRuleDefinition,
  decodeDefinition,
  type ImprovementDefinition,
  type JourneyDefinition,
} from '@michinori/events';
import { readJourneySource } from '@michinori/queries';
import type { DeadLetter } from '../sink/dead-letter.ts';
import type { LogRecordOfBatch } from '../sink/decode-records.ts';

/** A row on its way into a table, with the offset that it comes from. */
export interface PlacedRow {
  offset: number;
  values: readonly unknown[];
}

/** What a stretch of the topic of definitions says. `rebuilds`: which journeys are to be derived anew, null for all. */
export interface DefinitionBatch {
  journeys: PlacedRow[];
  improvements: PlacedRow[];
  rules: PlacedRow[];
  rebuilds: (string | null)[];
  deadLetters: DeadLetter[];
}

const place = ['log', 'log_partition', 'log_offset'] as const;
export const journeyColumns = ['journey', 'version', 'source', 'applied_at', 'applied_by', ...place] as const;
export const improvementColumns = [
  ...(['id', 'journey', 'stage', 'title', 'at', 'segment_name', 'segment_values'] as const),
  ...(['owner', 'hypothesis', 'due', 'recorded_at', 'recorded_by'] as const),
  ...place,
] as const;
export const ruleColumns = ['alert', 'source', 'is_deleted', 'changed_at', 'changed_by', ...place] as const;

function journeyValues({ journey, version, source, appliedAtUs, appliedBy }: JourneyDefinition): unknown[] {
  return [journey, version, source, appliedAtUs, appliedBy];
}

function improvementValues(improvement: ImprovementDefinition): unknown[] {
  const { id, journey, stage, title, atUs, segment, owner, hypothesis, dueUs, recordedAtUs, recordedBy } = improvement;
  const { name = '', values = [] } = segment ?? {};
  return [id, journey, stage, title, atUs, name, values, owner, hypothesis, dueUs, recordedAtUs, recordedBy];
}

function ruleValues({ alert, source, changedAtUs, changedBy }: AlertRuleDefinition): unknown[] {
  return [alert, source ?? '', source === null ? 1 : 0, changedAtUs, changedBy];
}

/** Why a journey can't be taken: its text doesn't say what its record says. Null if it can. */
function faultOf({ journey, version, source }: JourneyDefinition): string | null {
  const read = readJourneySource(source);
  if (!read.ok) return read.message;
  if (read.journey.id === journey && read.journey.version === version) return null;
  return `the text is about ${read.journey.id}, version ${read.journey.version}, its record about ${journey}, version ${version}`;
}

function letterOf({ offset, appendedAtUs, value }: LogRecordOfBatch, code: string, message: string): DeadLetter {
  const raw = new TextDecoder().decode(value.subarray(0, 64 * 1024));
  return {
    ...{ offset, receivedAtUs: appendedAtUs, dialect: '', code, path: '', message, eventId: '', raw },
    source: 'sink',
  };
}

/** Turns records of the topic of definitions into rows-to-be and dead letters. Pure, and never throws. */
export function decodeDefinitions(
  records: readonly LogRecordOfBatch[],
  { log, partition }: { log: string; partition: number },
): DefinitionBatch {
  const batch: DefinitionBatch = { journeys: [], improvements: [], rules: [], rebuilds: [], deadLetters: [] };
  for (const record of records) {
    const { offset } = record;
    const rest = [log, partition, offset];
    const decoded = decodeDefinition(record.value);
    if (decoded.kind === 'undecodable') batch.deadLetters.push(letterOf(record, decoded.code, decoded.message));
    else if (decoded.kind === 'rebuild') batch.rebuilds.push(decoded.journey);
    else if (decoded.kind === 'improvement')
      batch.improvements.push({ offset, values: [...improvementValues(decoded), ...rest] });
    else if (decoded.kind === 'alert-rule') batch.rules.push({ offset, values: [...ruleValues(decoded), ...rest] });
    else {
      const fault = faultOf(decoded);
      if (fault === null) batch.journeys.push({ offset, values: [...journeyValues(decoded), ...rest] });
      else batch.deadLetters.push(letterOf(record, 'definition_invalid', fault));
    }
  }
  return batch;
}
