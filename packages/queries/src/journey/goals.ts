import type { Goal } from '@michinori/journey';

/** Values that goals are judged by; null or missing where they aren't known. */
export type Measured = Readonly<Partial<Record<Goal['metric'], number | null>>>;

/** The goals of a stage as text, e.g. `advanced_rate ≥ 0.7, median_seconds ≤ 86400`; null without goals. */
export function goalText(goals: readonly Goal[]): string | null {
  if (goals.length === 0) return null;
  return goals
    .flatMap(({ metric, atLeast, atMost }) => [
      ...(atLeast === null ? [] : [`${metric} ≥ ${atLeast}`]),
      ...(atMost === null ? [] : [`${metric} ≤ ${atMost}`]),
    ])
    .join(', ');
}

function isMet({ metric, atLeast, atMost }: Goal, measured: Measured): boolean | null {
  const value = measured[metric];
  if (value === null || value === undefined) return null;
  return (atLeast === null || value >= atLeast) && (atMost === null || value <= atMost);
}

/** Whether all goals are met: false if one isn't, null if there is none or one can't be judged. */
export function goalsMet(goals: readonly Goal[], measured: Measured): boolean | null {
  const verdicts = goals.map((goal) => isMet(goal, measured));
  if (verdicts.includes(false)) return false;
  return verdicts.length === 0 || verdicts.includes(null) ? null : true;
}
