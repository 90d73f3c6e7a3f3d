import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { advanceQuantile } from '@michinori/statistics';
import type { ActiveDerivation } from '../journey/scope.ts';
import { readStageDurations, type StageDurationsAsked } from './stage-durations.ts';

const hourUs = 3_600_000_000;

/**
 * When entries of stages usually have advanced, by stage, µs: `advanceQuantile` of a share, rounded up to hours. Without those stages that fewer than
 * 30 had advanced from by then.
 */
export async function learnStalling(
  clickhouse: ClickHouse,
  active: ActiveDerivation,
  { share, ...asked }: StageDurationsAsked & { readonly share: number },
  options?: QueryOptions,
): Promise<ReadonlyMap<string, number>> {
  const tables = await readStageDurations(clickhouse, active, asked, options);
  const learned = [...tables].flatMap(([stage, table]): [string, number][] => {
    const seconds = advanceQuantile(table, share);
    return seconds === null ? [] : [[stage, Math.max(1, Math.ceil((seconds * 1e6) / hourUs)) * hourUs]];
  });
  return new Map(learned);
}
