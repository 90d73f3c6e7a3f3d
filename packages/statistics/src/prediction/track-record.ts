import { type Interval, wilson } from '../proportion.ts';
import { type Discrimination, discrimination } from './discrimination.ts';
import { type LeadTimes, leadTimes } from './lead-time.ts';
import { valueBins } from './value-bins.ts';

/** The score of a customer at an evaluation, and whether he was lost within the horizon after it. */
export interface PastScore {
  readonly score: number;
  readonly lost: boolean;
}

/** Customers of about the same score, and how many of them were lost. */
export interface ScoreBand extends Interval {
  readonly from: number;
  readonly to: number;
  readonly n: number;
  readonly lost: number;
  readonly rate: number;
}

export interface TrackRecord {
  readonly n: number;
  readonly lost: number;
  /** `insufficient`: fewer than ten were lost, or fewer than ten stayed. */
  readonly state: 'ok' | 'insufficient';
  /** Whether lower scores were lost more often: 0.5 is chance. */
  readonly discrimination: Discrimination;
  /** Ascending by score: what a score meant. */
  readonly bands: readonly ScoreBand[];
  readonly leads: LeadTimes;
}

/**
 * What scores of some time ago said about what happened since. `leads`: for every loss of the period the seconds from the
 * signal that stood then, or null if none did. One evaluation per customer, else intervals are too short.
 */
export function trackRecord(
  scores: readonly PastScore[],
  leads: readonly (number | null)[],
  options: { readonly bandsMax?: number; readonly level?: number } = {},
): TrackRecord {
  const { bandsMax = 10, level = 0.95 } = options;
  const values = (wanted: boolean): number[] => scores.filter(({ lost }) => lost === wanted).map(({ score }) => -score);
  const [lost, stayed] = [values(true), values(false)];
  return {
    n: scores.length,
    lost: lost.length,
    state: lost.length < 10 || stayed.length < 10 ? 'insufficient' : 'ok',
    discrimination: discrimination(lost, stayed, level),
    bands: valueBins(scores, ({ score }) => score, bandsMax).map(({ from, to, members }) => {
      const [k, n] = [members.filter((member) => member.lost).length, members.length];
      return { from, to, n, lost: k, rate: k / n, ...wilson(k, n, level) };
    }),
    leads: leadTimes(leads, level),
  };
}
