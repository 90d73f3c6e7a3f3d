import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { meanDifference } from '@michinori/statistics';
import { readEmotionCells } from './emotion.ts';
import type { JourneyScope } from './scope.ts';

/** Mean sentiment before and after a change, of one stage or (stage null) of the journey. */
export interface EmotionEffectRow {
  readonly stage: string | null;
  readonly segment: string | null;
  readonly customersBefore: number;
  readonly customersAfter: number;
  readonly before: number | null;
  readonly after: number | null;
  readonly difference: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly pValue: number | null;
}

/**
 * Release effect on emotion: mean of the customers' own means after a change minus before it (Welch, 1947). Somebody who speaks in both
 * periods counts in both, which makes the interval a little wide.
 */
export async function runEmotionEffect(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  atUs: number,
  options?: QueryOptions,
): Promise<{ rows: EmotionEffectRow[] }> {
  const whole = { ...scope, interval: null };
  const [before, after] = await Promise.all([
    readEmotionCells(clickhouse, { ...whole, toUs: Math.min(scope.toUs, atUs) }, options),
    readEmotionCells(clickhouse, { ...whole, fromUs: Math.max(scope.fromUs, atUs) }, options),
  ]);
  const segments = [...new Set([...before, ...after].map(({ segment }) => segment))].sort();
  const rows = segments.flatMap((segment) =>
    [null, ...scope.journey.stages.keys()].map((place) => {
      const pick = (cells: typeof before) => {
        const cell = cells.find(
          ({ level, stage, segment: own }) =>
            own === segment && (place === null ? level === 0 : level === 1 && stage === place + 1),
        );
        return { n: cell?.customers ?? 0, mean: cell?.mean ?? 0, variance: cell?.variance ?? null };
      };
      const [early, late] = [pick(before), pick(after)];
      const { difference, lo, hi, pValue } = meanDifference(late, early);
      return {
        stage: place === null ? null : (scope.journey.stages[place]?.id ?? null),
        segment: scope.by === null ? null : segment,
        customersBefore: early.n,
        customersAfter: late.n,
        before: early.n === 0 ? null : early.mean,
        after: late.n === 0 ? null : late.mean,
        difference,
        lo,
        hi,
        pValue: lo === null ? null : pValue,
      };
    }),
  );
  return { rows: rows.filter(({ customersBefore, customersAfter }) => customersBefore + customersAfter > 0) };
}
