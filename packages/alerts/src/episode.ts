import { hash } from 'node:crypto';
import type { Verdict } from './decide-evaluation.ts';
import type { Unjudged } from './decide-series.ts';
import { type SeriesKey, seriesId } from './series.ts';

/** What is shown of a series. The last four say why it wasn't judged; an alarm that has fired goes on meanwhile. */
export type AlertState = 'ok' | 'pending' | 'firing' | Unjudged;

/** A time in which a series is unusual: from the first alarming evaluation until it is resolved or comes to nothing. */
export interface Episode {
  /** The same for the same rule, series and start, whoever computes it. */
  readonly id: string;
  readonly startedUs: number;
  /** Where the first alarming window begins: what lies after it isn't usual. */
  readonly windowFromUs: number;
  /** Null while it is pending. */
  readonly firedUs: number | null;
}

/** What is remembered of a series from one evaluation to the next. Plain data. */
export interface SeriesState {
  readonly key: SeriesKey;
  readonly state: AlertState;
  readonly episode: Episode | null;
  /** Judged evaluations in a row that were alarming, and calm. */
  readonly alarming: number;
  readonly calm: number;
  /** Last evaluation that could judge it. */
  readonly judgedUs: number | null;
}

/** What is remembered of a rule. Plain data: it can be stored as JSON. */
export interface RuleState {
  readonly rule: string;
  /** Newest evaluation that was taken in; earlier ones and itself change nothing any more. */
  readonly evaluatedUs: number | null;
  /** In the order of `compareSeries`. */
  readonly series: readonly SeriesState[];
}

/**
 * What happened to an episode. An alarm begins pending (`started`); it has `fired` or was `dropped`; having fired it is `resolved`.
 * `started` and `fired` may come of one evaluation.
 */
export interface Transition {
  /** Episode and kind: each exists once, so that a message sent for it can be told from one that wasn't. */
  readonly id: string;
  readonly kind: 'started' | 'fired' | 'dropped' | 'resolved';
  readonly atUs: number;
  readonly rule: string;
  readonly key: SeriesKey;
  readonly episode: Episode;
  /** `calm`: usual again, or no longer unusual enough; `insufficient`: too few entries to go on judging; `retired`: the rule or the series is gone. */
  readonly reason: 'calm' | 'insufficient' | 'retired' | null;
  /** What the evaluation found; null when the rule was retired. */
  readonly verdict: Verdict | null;
}

export function episodeId(rule: string, key: SeriesKey, startedUs: number): string {
  return hash('sha256', JSON.stringify([rule, seriesId(key), startedUs]), 'hex').slice(0, 16);
}

/** The state of a rule that was never evaluated. */
export const noState = (rule: string): RuleState => ({ rule, evaluatedUs: null, series: [] });

/** The open episodes of a rule by `seriesId`, for `decideEvaluation`. */
export function openEpisodes({ series }: RuleState): Map<string, Episode> {
  return new Map(series.flatMap(({ key, episode }) => (episode === null ? [] : [[seriesId(key), episode] as const])));
}
