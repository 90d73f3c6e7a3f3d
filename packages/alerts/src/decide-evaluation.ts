import { benjaminiHochberg } from '@michinori/statistics';
import { levelFor } from './budget.ts';
import { decideSeries, type Figures, type Unjudged } from './decide-series.ts';
import type { Episode } from './episode.ts';
import type { AlertRule } from './rule.ts';
import { compareSeries, type SeriesKey, type SeriesReading, seriesId } from './series.ts';

/** A rate that is as likely as this, or more, is usual again. */
const calmP = 0.05;

/**
 * What an evaluation finds of a series. `alarming`: beyond the level and the minimum lift. `calm`: below the lower bar, that is as
 * likely as 5 % or not even half of the minimum lift above usual. `raised`: between them.
 */
export type Finding = 'alarming' | 'raised' | 'calm' | Unjudged;

export interface Verdict {
  readonly key: SeriesKey;
  readonly finding: Finding;
  /** Null if it wasn't judged. */
  readonly figures: Figures | null;
  /** q-value of Benjamini & Hochberg; null if it wasn't judged. */
  readonly q: number | null;
}

export interface Evaluation {
  readonly rule: string;
  readonly evaluationUs: number;
  /** Level of the q-values. */
  readonly level: number;
  /** Series that the level was shared by. */
  readonly family: number;
  readonly verdicts: readonly Verdict[];
}

/**
 * Judges all series of a rule as of one instant. Pure: the order of series and of windows has no influence.
 *
 * The q-values of series that don't fire are taken over just these: an alarm that is known isn't asked again, and its
 * evidence doesn't lower the bar for others. Those that fire are shown with their q-value over all.
 *
 * @param episodes the open episodes by `seriesId`; see `openEpisodes`. Their windows aren't part of what is usual
 */
export function decideEvaluation(
  rule: AlertRule,
  readings: readonly SeriesReading[],
  {
    evaluationUs,
    episodes = new Map(),
  }: { readonly evaluationUs: number; readonly episodes?: ReadonlyMap<string, Episode> },
): Evaluation {
  const decisions = decideSeries(
    rule,
    [...readings].sort((a, b) => compareSeries(a.key, b.key)),
    episodes,
  );
  const judged = decisions.flatMap(({ key, judged: figures }) =>
    figures === null ? [] : [{ id: seriesId(key), p: figures.p }],
  );
  const asked = judged.filter(({ id }) => typeof episodes.get(id)?.firedUs !== 'number');
  const qs = new Map([...qValues(judged), ...qValues(asked)]);
  const level = levelFor(rule, asked.length);
  const verdicts = decisions.map((decision): Verdict => {
    const { key, judged: figures } = decision;
    if (figures === null) return { key, finding: decision.why, figures, q: null };
    const q = qs.get(seriesId(key)) ?? 1;
    return { key, finding: findingOf(rule, figures, q <= level), figures, q };
  });
  return { rule: rule.id, evaluationUs, level, family: asked.length, verdicts };
}

function qValues(tests: readonly { id: string; p: number }[]): [string, number][] {
  const qs = benjaminiHochberg(tests.map(({ p }) => p));
  return tests.map(({ id }, i) => [id, qs[i] ?? 1]);
}

function findingOf({ minLift }: AlertRule, { lift, p }: Figures, isSignificant: boolean): Finding {
  if (isSignificant && lift >= minLift) return 'alarming';
  return p >= calmP || lift < 1 + (minLift - 1) / 2 ? 'calm' : 'raised';
}
