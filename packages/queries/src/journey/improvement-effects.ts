import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { isoText } from '../funnel/time.ts';
import { type Change, runCycleTime } from './cycle-time.ts';
import type { CycleTimeRow } from './cycle-time-rows.ts';
import type { Way } from './cycle-time-tables.ts';
import { type Improvement, listImprovements } from './improvements.ts';
import type { JourneyScope } from './scope.ts';

const dayUs = 86_400_000_000;
/** How far a comparison looks to either side of a change where the question names no range. */
const sideUs = 180 * dayUs;
const effectsMax = 50;

/** The way that an improvement is measured on: from its stage to the next one, or the whole journey. */
export function wayOfImprovement({ journey }: Pick<JourneyScope, 'journey'>, { stage }: Improvement): Way {
  const place = journey.stages.findIndex(({ id }) => id === stage) + 1;
  const last = journey.stages.length;
  if (place === 0) return { fromStage: 1, toStage: last };
  return place === last ? { fromStage: last - 1, toStage: last } : { fromStage: place, toStage: place + 1 };
}

/** An improvement as a change to measure. A segment that the journey doesn't have can't be told apart: everybody. */
export function changeOfImprovement(
  { journey }: Pick<JourneyScope, 'journey'>,
  { atUs, segment }: Improvement,
): Change {
  const index = segment === null ? 0 : journey.segments.indexOf(segment.name) + 1;
  return { atUs, treated: segment === null || index === 0 ? null : { index, values: segment.values } };
}

/** The scope with 180 days to either side of a change, where the question didn't name the range. */
export function aroundChange(scope: JourneyScope, atUs: number): JourneyScope {
  return {
    ...scope,
    fromUs: scope.given.from ? scope.fromUs : atUs - sideUs,
    toUs: scope.given.to ? scope.toUs : Math.max(atUs + 1, Math.min(scope.asOfUs + 1, atUs + sideUs)),
  };
}

/** An improvement with what it did. Seconds, shares 0 … 1. */
export interface ImprovementEffectRow {
  readonly id: string;
  readonly title: string;
  readonly at: string;
  readonly stage: string | null;
  readonly segment: string | null;
  readonly owner: string;
  readonly hypothesis: string;
  readonly due: string | null;
  /** The day on which somebody wanted to know has passed. */
  readonly isDue: boolean;
  readonly customersBefore: number;
  readonly customersAfter: number;
  readonly secondsBefore: number | null;
  readonly secondsAfter: number | null;
  readonly differenceSeconds: number | null;
  readonly differenceLo: number | null;
  readonly differenceHi: number | null;
  readonly advancedShareBefore: number | null;
  readonly advancedShareAfter: number | null;
  readonly naiveMeanBefore: number | null;
  readonly naiveMeanAfter: number | null;
  readonly logRankP: number | null;
  readonly didSeconds: number | null;
  readonly didLo: number | null;
  readonly didHi: number | null;
  /** Of a trial on one segment that of the difference in differences. */
  readonly verdict: CycleTimeRow['verdict'];
  readonly reason: CycleTimeRow['reason'];
}

/** The improvements of a journey made up to asOf, the newest first, each with its effect on the cycle time of its stage. */
export async function runImprovementEffects(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  options?: QueryOptions,
): Promise<{ rows: ImprovementEffectRow[]; truncated: boolean }> {
  const improvements = await listImprovements(
    clickhouse,
    { journey: scope.journey.id, toUs: scope.asOfUs + 1, limit: effectsMax + 1 },
    options,
  );
  const rows: ImprovementEffectRow[] = [];
  for (const improvement of improvements.slice(0, effectsMax)) {
    const change = changeOfImprovement(scope, improvement);
    const question = { way: wayOfImprovement(scope, improvement), horizonUs: null, change };
    const whole = { ...aroundChange(scope, improvement.atUs), by: null };
    const { rows: periods } = await runCycleTime(clickhouse, whole, question, options);
    rows.push(effectRow(scope, improvement, periods));
  }
  return { rows, truncated: improvements.length > effectsMax };
}

function effectRow(
  scope: JourneyScope,
  improvement: Improvement,
  periods: readonly CycleTimeRow[],
): ImprovementEffectRow {
  const before = periods.find(({ period }) => period === 'before');
  const after = periods.find(({ period }) => period === 'after');
  const { segment, dueUs } = improvement;
  return {
    id: improvement.id,
    title: improvement.title,
    at: isoText(improvement.atUs),
    stage: improvement.stage === '' ? null : improvement.stage,
    segment: segment === null ? null : `${segment.name}:${segment.values.join(',')}`,
    owner: improvement.owner,
    hypothesis: improvement.hypothesis,
    due: dueUs === null ? null : isoText(dueUs),
    isDue: dueUs !== null && dueUs <= scope.asOfUs,
    customersBefore: before?.n ?? 0,
    customersAfter: after?.n ?? 0,
    secondsBefore: before?.restrictedMeanSeconds ?? null,
    secondsAfter: after?.restrictedMeanSeconds ?? null,
    differenceSeconds: after?.differenceSeconds ?? null,
    differenceLo: after?.differenceLo ?? null,
    differenceHi: after?.differenceHi ?? null,
    advancedShareBefore: before?.advancedShare ?? null,
    advancedShareAfter: after?.advancedShare ?? null,
    naiveMeanBefore: before?.naiveMeanSeconds ?? null,
    naiveMeanAfter: after?.naiveMeanSeconds ?? null,
    logRankP: after?.logRankP ?? null,
    didSeconds: after?.didSeconds ?? null,
    didLo: after?.didLo ?? null,
    didHi: after?.didHi ?? null,
    verdict: after?.didVerdict ?? after?.verdict ?? null,
    reason: after?.reason ?? null,
  };
}
