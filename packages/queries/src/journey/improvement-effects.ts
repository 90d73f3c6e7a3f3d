import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { isoText } from '../funnel/time.ts';
import { type ChangeEffect, runChangeEffect } from './change-effect.ts';
import type { Change } from './cycle-time.ts';
import type { Way } from './cycle-time-tables.ts';
import { type Improvement, listImprovements } from './improvements.ts';
import type { JourneyScope } from './scope.ts';

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

/** An improvement with what it did. */
export interface ImprovementEffectRow extends ChangeEffect {
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
    const effect = await runChangeEffect(
      clickhouse,
      scope,
      { way: wayOfImprovement(scope, improvement), change: changeOfImprovement(scope, improvement) },
      options,
    );
    rows.push({ ...named(scope, improvement), ...effect });
  }
  return { rows, truncated: improvements.length > effectsMax };
}

function named(scope: JourneyScope, improvement: Improvement): Omit<ImprovementEffectRow, keyof ChangeEffect> {
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
  };
}
