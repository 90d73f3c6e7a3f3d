import { type AlertRule, type Calendar, learnedAsOfUs, watchedStages } from '@michinori/alerts';
import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { type ActiveDerivation, readStageDurations } from '@michinori/queries';
import { advanceQuantile } from '@michinori/statistics';

const hourUs = 3_600_000_000;

/**
 * When entries of a rule's stages usually have advanced, by stage, µs: `advanceQuantile` of its share `beyond`, rounded up to hours, as of a moment before
 * the baseline. Empty for rules that don't ask, and without those stages that fewer than 30 had advanced from by then.
 */
export async function learnStalling(
  clickhouse: ClickHouse,
  active: ActiveDerivation,
  rule: AlertRule,
  { calendar, evaluationUs }: { readonly calendar: Calendar; readonly evaluationUs: number },
  options: QueryOptions,
): Promise<ReadonlyMap<string, number>> {
  const { beyond } = rule;
  if (beyond === null) return new Map();
  const stages = watchedStages(rule, active.journey);
  const asOfUs = learnedAsOfUs(rule, stages, calendar, evaluationUs);
  const tables = await readStageDurations(clickhouse, active, { stages: stages.map(({ id }) => id), asOfUs }, options);
  const learned = [...tables].flatMap(([stage, table]): [string, number][] => {
    const seconds = advanceQuantile(table, beyond);
    return seconds === null ? [] : [[stage, Math.max(1, Math.ceil((seconds * 1e6) / hourUs)) * hourUs]];
  });
  return new Map(learned);
}
