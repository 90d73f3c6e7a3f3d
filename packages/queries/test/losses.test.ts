import {
  insertUnitJourneys,
  referenceUnitJourneys,
  story,
  storyEvent,
  storyExit,
  storyHour,
  storyJourney,
  storyStage,
  temporaryClickHouse,
} from '@michinori/testing';
import { expect, it } from 'vitest';
import { runJourneyLosses } from '../src/journey/losses.ts';
import { planJourney } from '../src/journey/scope.ts';
import { runJourneyStages } from '../src/journey/stages.ts';

const journey = storyJourney({
  segments: ['plan'],
  stages: [
    storyStage('a', ['A'], { lostAfterUs: 10 * 3600e6, title: { en: 'First', ja: '最初' } }),
    storyStage('b', ['B'], { terminal: true }),
  ],
  exit: [storyExit('X', { reason: { property: 'why' } })],
});

/** Forty in stage a: ten buy, ten fall silent, twelve say the price, six say nothing, two are still there. */
const events = Array.from({ length: 40 }, (_, i) => {
  const who = { customer: `c${i}`, traits: new Map([['plan', i % 2 === 0 ? 'pro' : 'free']]) };
  const began = story('A0 M1', who);
  if (i < 10) return [...began, storyEvent('B', 2, who)];
  if (i < 20) return began;
  if (i < 32) return [...began, storyEvent('X', 4, { ...who, properties: new Map([['why', 'price']]) })];
  if (i < 38) return [...began, storyEvent('X', 3, who)];
  return [...began, storyEvent('M', 18, who)];
}).flat();

it('parts losses into those by silence and those by exits, with their reasons', async (context) => {
  const clickhouse = await temporaryClickHouse(context);
  // The last two would be silent after ten hours: they have an event in between.
  const kept = [38, 39].map((i) => storyEvent('M', 10, { customer: `c${i}` }));
  await insertUnitJourneys(clickhouse, 1, referenceUnitJourneys(journey, [...events, ...kept]));
  const scope = (question: Parameters<typeof planJourney>[0] = {}) =>
    planJourney(
      { from: storyHour(0), to: storyHour(24), asOf: storyHour(24), ...question },
      { derivation: 1, journey },
      0,
    );
  const { rows, isTruncated } = await runJourneyLosses(clickhouse, scope(), { language: 'ja' });
  expect(isTruncated).toBe(false);
  const common = { stage: 'a', title: '最初', position: 1, entered: 40, n: 28, state: 'insufficient' };
  expect(rows).toMatchObject([
    { ...common, kind: 'all', reason: null, lost: 28, k: 28, share: 1, rate: 28 / 40 },
    { ...common, kind: 'silent', reason: null, lost: 10, share: 10 / 28, secondsP50: 11 * 3600 },
    { ...common, kind: 'exit', reason: 'price', lost: 12, share: 12 / 28, secondsP50: 4 * 3600, rate: 12 / 40 },
    { ...common, kind: 'exit', reason: '', lost: 6, share: 6 / 28, secondsP50: 3 * 3600 },
  ]);
  expect(rows.map(({ silenceSecondsP50 }) => (silenceSecondsP50 ?? 0) / 3600)).toEqual([3, 10, 3, 2]);
  // Wilson (1927): 10 of 28.
  expect([rows[1]?.lo, rows[1]?.hi]).toEqual([expect.closeTo(0.2071, 4), expect.closeTo(0.5417, 4)]);
  const stages = await runJourneyStages(clickhouse, scope());
  expect(stages.rows[0]).toMatchObject({ lost: 28, lostSilent: 10, lostExit: 18, open: 2 });
  const byPlan = await runJourneyLosses(clickhouse, scope({ by: 'plan', interval: 'day' }));
  expect(byPlan.rows.map(({ segment, kind, lost, bucket }) => [segment, kind, lost, bucket])).toEqual(
    ['free', 'pro'].flatMap((plan) => [
      [plan, 'all', 14, storyHour(0)],
      [plan, 'silent', 5, storyHour(0)],
      [plan, 'exit', 6, storyHour(0)],
      [plan, 'exit', 3, storyHour(0)],
    ]),
  );
});
