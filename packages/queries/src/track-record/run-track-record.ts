import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { type HealthRule, type Journey, titleOf } from '@michinori/journey';
import type { JourneyScope } from '../journey/scope.ts';
import type { HealthRecordBand, HealthRecordStage } from './health-record.ts';
import type { SuggestionRow } from './point-suggestions.ts';
import type { HealthRecord } from './record-health.ts';
import { readHealthRecords } from './stored-records.ts';
import { suggestionSentence } from './suggestion-sentence.ts';

interface Place {
  /** The night of the record, µs. */
  readonly asOfUs: number;
  /** Null: the journey. */
  readonly stage: string | null;
  readonly title: string;
  /** From 1; 0: the journey. */
  readonly position: number;
}

export interface HealthRecordRow extends Place, Omit<HealthRecordStage, 'stage'> {}
export interface HealthBandRow extends Place, Omit<HealthRecordBand, 'stage'> {}

/** A suggestion with its words. */
export interface PointSuggestionRow extends SuggestionRow {
  readonly asOfUs: number;
  readonly title: string;
  readonly sentence: string;
}

export interface RecordsOptions extends QueryOptions {
  readonly language?: string | undefined;
}

const recordsMax = 400;

function placeOf(journey: Journey, { asOfUs }: HealthRecord, stage: string | null, language: string): Place {
  const position = journey.stages.findIndex(({ id }) => id === stage) + 1;
  const title = titleOf(journey.stages[position - 1]?.title ?? {}, stage ?? '', language);
  return { asOfUs, stage, title: stage === null ? titleOf(journey.title, journey.id, language) : title, position };
}

/** The newest record up to the scope's instant, or null. */
async function newestRecord(clickhouse: ClickHouse, scope: JourneyScope, options?: QueryOptions) {
  const asked = { journey: scope.journey.id, fromUs: 0, upToUs: scope.asOfUs, limit: 1 };
  const [newest] = await readHealthRecords(clickhouse, asked, options);
  return newest ?? null;
}

/**
 * Track records of a journey's health, the journey before its stages: the newest up to asOf, or with `isHistory` all of the nights in
 * [from, to), the newest first, 400 at most.
 */
export async function runHealthRecord(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  { isHistory, language = 'en', ...options }: RecordsOptions & { readonly isHistory: boolean },
): Promise<HealthRecordRow[]> {
  const range = { fromUs: scope.fromUs, upToUs: Math.min(scope.toUs - 1, scope.asOfUs), limit: recordsMax };
  const found = isHistory
    ? await readHealthRecords(clickhouse, { journey: scope.journey.id, ...range }, options)
    : [await newestRecord(clickhouse, scope, options)];
  return found.flatMap((record) =>
    record === null
      ? []
      : record.stages.map((row) => ({ ...row, ...placeOf(scope.journey, record, row.stage, language) })),
  );
}

/** What scores meant by the newest record up to asOf: units lost per band of scores. */
export async function runHealthBands(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  { language = 'en', ...options }: RecordsOptions = {},
): Promise<HealthBandRow[]> {
  const record = await newestRecord(clickhouse, scope, options);
  if (record === null) return [];
  return record.bands.map((band) => ({ ...band, ...placeOf(scope.journey, record, band.stage, language) }));
}

/** What the newest record up to asOf says about the points of rules; in the order of the definition. */
export async function runPointSuggestions(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  { language = 'en', ...options }: RecordsOptions = {},
): Promise<PointSuggestionRow[]> {
  const record = await newestRecord(clickhouse, scope, options);
  if (record === null) return [];
  const { journey } = scope;
  return record.suggestions.map((row) => {
    const title = ruleTitle(journey, row.stage, row.rule, language);
    const sameAs = row.sameAs === null ? null : ruleTitle(journey, row.stage, row.sameAs, language);
    const sentence = suggestionSentence(row, { rule: title, sameAs, unit: journey.unit }, language);
    return { ...row, asOfUs: record.asOfUs, title, sentence };
  });
}

function ruleTitle({ health, stages }: Journey, stageId: string | null, id: string, language: string): string {
  const own: readonly HealthRule[] = stages.find((stage) => stage.id === stageId)?.health ?? [];
  const found = [...own, ...(health?.rules ?? []), ...stages.flatMap((stage) => stage.health ?? [])];
  return titleOf(found.find((rule) => rule.id === id)?.title ?? {}, id, language);
}
