import type { ClickHouse } from '@michinori/clickhouse';
import { type ActiveDerivation, type CycleTimeRow, runCycleTime, stageNumber } from '@michinori/queries';
import { dayUs, demoScope, startUs } from './demo-world.ts';

/** Day of the release, counted from the beginning of the data. */
const releaseDay = 319;
const sideDays = 60;

/**
 * Dates on which nothing changed for visits to a stage, chosen before any was looked at: none has the release within the 60 days to either
 * side, except where the stage isn't the one that was released. Days from the beginning.
 */
export const placebos = [
  { fromStage: 'onboarding', toStage: 'adoption', day: 90 },
  { fromStage: 'onboarding', toStage: 'adoption', day: 150 },
  { fromStage: 'onboarding', toStage: 'adoption', day: 210 },
  { fromStage: 'onboarding', toStage: 'adoption', day: 255 },
  { fromStage: 'onboarding', toStage: 'adoption', day: 385 },
  { fromStage: 'onboarding', toStage: 'adoption', day: 445 },
  { fromStage: 'adoption', toStage: 'value', day: 200 },
  { fromStage: 'adoption', toStage: 'value', day: 260 },
  { fromStage: 'adoption', toStage: 'value', day: releaseDay },
  { fromStage: 'adoption', toStage: 'value', day: 440 },
] as const;

/** The comparison of a date: visits of the 60 days before with those of the 60 days after it. */
export async function askPlacebo(
  clickhouse: ClickHouse,
  active: ActiveDerivation,
  { fromStage, toStage, day }: (typeof placebos)[number],
): Promise<CycleTimeRow> {
  const atUs = startUs + day * dayUs;
  const way = {
    fromStage: stageNumber(active.journey, fromStage, '/fromStage'),
    toStage: stageNumber(active.journey, toStage, '/toStage'),
  };
  const scope = demoScope(active, { from: atUs - sideDays * dayUs, to: atUs + sideDays * dayUs });
  const { rows } = await runCycleTime(clickhouse, scope, { way, horizonUs: null, change: { atUs, treated: null } });
  const after = rows.find(({ period }) => period === 'after');
  if (after === undefined) throw new Error('the comparison has a row of the time after');
  return after;
}
