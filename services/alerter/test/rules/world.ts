import {
  type AlertRule,
  type CountedWindow,
  calendarOf,
  judgedAfterUs,
  type ParsedRule,
  parseAlertRules,
  planWindows,
  type SeriesReading,
} from '@michinori/alerts';
import type { Journey } from '@michinori/journey';
import { storyJourney, storyStage } from '@michinori/testing';
import type { ReadSeries } from '../../src/rules/read-series.ts';

export const dayUs = 86_400_000_000;
export const hourUs = dayUs / 24;
/** Instant of an evaluation of a daily rule: a Monday some weeks ago, since the tables forget what is older than 400 days. */
export const firstUs = (Math.floor(Date.now() / 604_800_000) * 7 - 59) * dayUs + 6 * hourUs;

export const travelling: Journey = storyJourney({
  id: 'travelling',
  segments: ['plan'],
  stages: [
    storyStage('booking', ['A'], { horizonUs: dayUs, title: { en: 'Booking', ja: '予約' } }),
    storyStage('trip', ['B'], { terminal: true }),
  ],
});

/** Rules of a text. */
export function rulesOf(text: string): ParsedRule[] {
  const parsed = parseAlertRules(text, { file: 'rules.yaml' });
  if (parsed.outcome === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return [...parsed.rules];
}

/** A rule that looks at one day at a time, once a day. */
export const dailyRule = (id = 'losses', more = '') =>
  `alert: ${id}\njourney: travelling\nwindow: 1d\nbaseline: 14d\nfor: 1\nchannels: [people]\n${more}`;

/** What a day may be like. */
export type Day = 'usual' | 'bad' | 'failing' | 'late';

/** Readings of stage `booking` by what the newest day of an evaluation is like. */
export function readingsFor(rule: AlertRule, evaluationUs: number, dayAt: (us: number) => Day): ReadSeries {
  const [stage] = travelling.stages;
  if (stage === undefined) throw new Error('no stage');
  const key = { stage: stage.id, segment: '', touchpoint: null };
  const now = dayAt(evaluationUs);
  if (now === 'failing')
    return { readings: [{ status: 'query-failed', key }], failures: [new Error('out')], omitted: 0 };
  if (now === 'late') return { readings: [{ status: 'late-data', key }], failures: [], omitted: 0 };
  const { current, baseline } = planWindows(rule, judgedAfterUs(rule, stage), calendarOf('UTC'), evaluationUs);
  const count = (window: typeof current): CountedWindow => {
    const isBad = dayAt(window.fromUs + evaluationUs - current.fromUs) === 'bad';
    return {
      ...window,
      n: 400,
      k: isBad ? 160 : 40 + ((Math.floor((window.fromUs - firstUs) / dayUs) + 700) % 5),
      events: 2000,
    };
  };
  const reading: SeriesReading = { status: 'read', key, current: count(current), baseline: baseline.map(count) };
  return { readings: [reading], failures: [], omitted: 0 };
}
