import {
  pooledDispersion,
  type RateEvidence,
  rateBaseline,
  rateEvidence,
  rateUpperTail,
  usualRange,
  type VariancePrior,
  wilson,
} from '@michinori/statistics';
import type { Episode } from './episode.ts';
import { type AlertRule, baselineWindows, ruleLimits } from './rule.ts';
import { type CountedWindow, type SeriesKey, type SeriesReading, seriesId } from './series.ts';
import { isOutage, volumeOf } from './volume.ts';
import { groupOf, type Window } from './windows.ts';

/** Figures of one series at one evaluation. */
export interface Figures {
  readonly window: Pick<Window, 'fromUs' | 'toUs'>;
  readonly k: number;
  readonly n: number;
  /** k of n; for a volume the count itself. */
  readonly rate: number;
  /** Wilson's 95 % interval of the rate; for a volume the count itself. */
  readonly lo: number;
  readonly hi: number;
  /** What the rate (or the volume) usually is, and where the true rate of 95 % of usual windows lies; null for a volume. */
  readonly usual: number;
  readonly usualLo: number | null;
  readonly usualHi: number | null;
  /** How many times the usual rate; for a volume how many times less than usual. */
  readonly lift: number;
  /** Probability of such a window if nothing has changed. */
  readonly p: number;
}

/** Why a series isn't judged. */
export type Unjudged = 'insufficient' | 'no-data' | 'late-data' | 'query-failed';

export type SeriesDecision =
  | { readonly key: SeriesKey; readonly judged: Figures }
  | { readonly key: SeriesKey; readonly judged: null; readonly why: Unjudged };

/**
 * Judges every series by itself: how likely is its current window, given the past ones? Only how much windows vary is learned from
 * all of them. The order of the past windows has no influence, that of the series none beyond the last digits.
 *
 * @param episodes the open episodes by `seriesId`: their windows aren't usual
 */
export function decideSeries(
  rule: AlertRule,
  readings: readonly SeriesReading[],
  episodes: ReadonlyMap<string, Episode> = new Map(),
): SeriesDecision[] {
  const prepared = readings.map((reading) => prepare(rule, reading, episodes.get(seriesId(reading.key))));
  const prior = pooledDispersion(prepared.flatMap((each) => ('evidence' in each ? [each.evidence] : [])));
  return prepared.map((each) => ('evidence' in each ? judgeRate(rule, each, prior) : each));
}

/** A series whose rate can be judged, and what its past windows say. */
interface Judgeable {
  readonly key: SeriesKey;
  readonly current: CountedWindow;
  readonly baseline: readonly CountedWindow[];
  readonly evidence: RateEvidence;
}

function prepare(rule: AlertRule, reading: SeriesReading, episode: Episode | undefined): Judgeable | SeriesDecision {
  const { key } = reading;
  if (reading.status !== 'read') return { key, judged: null, why: reading.status };
  const { current } = reading;
  const baseline = usualWindows(rule, reading.baseline, current, episode);
  const known = baseline.filter(({ n }) => n > 0).length;
  if (rule.kind === 'volume') return { key, ...judgeVolume(rule, current, baseline, known) };
  if (current.n === 0) return { key, judged: null, why: 'no-data' };
  if (known < ruleLimits.baselineWindowsMin) return { key, judged: null, why: 'insufficient' };
  if (current.n < rule.minN) {
    const isLate = isOutage(rule, current, baseline, { rate: 0, usual: 0 });
    return { key, judged: null, why: isLate ? 'late-data' : 'insufficient' };
  }
  const windows = baseline.map((window) => ({ k: window.k, n: window.n, group: groupOf(rule, window) }));
  return { key, current, baseline, evidence: rateEvidence(windows, groupOf(rule, current)) };
}

/**
 * The windows that count as usual: before the current one, and before the open episode. Once half of the planned windows lie
 * in the episode, the change has become usual, and all of them count.
 */
function usualWindows(
  rule: AlertRule,
  baseline: readonly CountedWindow[],
  current: CountedWindow,
  episode: Episode | undefined,
): readonly CountedWindow[] {
  const past = baseline.filter(({ toUs }) => toUs <= current.fromUs);
  const before = past.filter(({ toUs }) => episode === undefined || toUs <= episode.windowFromUs);
  const enough = Math.max(ruleLimits.baselineWindowsMin, baselineWindows(rule) / 2);
  return before.filter(({ n }) => n > 0).length >= enough ? before : past;
}

function judgeRate(rule: AlertRule, series: Judgeable, prior: VariancePrior): SeriesDecision {
  const { key, current, baseline, evidence } = series;
  const { k, n, fromUs, toUs } = current;
  const usual = rateBaseline(evidence, prior);
  const range = usualRange(usual);
  const figures: Figures = {
    window: { fromUs, toUs },
    ...{ k, n, rate: k / n, ...wilson(k, n) },
    ...{ usual: usual.rate, usualLo: range.lo, usualHi: range.hi },
    lift: k / n / usual.rate,
    p: rateUpperTail(usual, { k, n }),
  };
  if (isOutage(rule, current, baseline, figures)) return { key, judged: null, why: 'late-data' };
  return { key, judged: figures };
}

function judgeVolume(
  rule: AlertRule,
  current: CountedWindow,
  baseline: readonly CountedWindow[],
  known: number,
): { judged: Figures } | { judged: null; why: Unjudged } {
  const { n, fromUs, toUs } = current;
  const volume = volumeOf(rule, current, baseline, (window) => window.n);
  if (volume === null || volume.usual < rule.minN || known < ruleLimits.baselineWindowsMin) {
    return { judged: null, why: 'insufficient' };
  }
  const { usual, p } = volume;
  const lift = usual / Math.max(n, 0.5);
  return {
    judged: { window: { fromUs, toUs }, k: 0, n, rate: n, lo: n, hi: n, usual, usualLo: null, usualHi: null, lift, p },
  };
}
