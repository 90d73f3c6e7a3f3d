import { evaluateRule, noState, type RuleState, type SeriesReading, type Transition } from '@michinori/alerts';
import type { ClickHouse } from '@michinori/clickhouse';
import type { Journey } from '@michinori/journey';
import { readStageDurations } from '@michinori/queries';
import { advanceQuantile } from '@michinori/statistics';
import {
  activeDerivation,
  type EventCopy,
  insertDeliveries,
  insertUnitJourneys,
  referenceUnitJourneys,
  storyEvent,
  storyJourney,
  storyStage,
  temporaryClickHouse,
} from '@michinori/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSeries } from '../../src/rules/read-series.ts';
import { dayUs, hourUs, rulesOf } from './world.ts';

const journey: Journey = storyJourney({
  id: 'shop',
  stages: [
    storyStage('cart', ['A'], { horizonUs: dayUs, expectedUs: dayUs / 2 }),
    storyStage('order', ['B'], { horizonUs: dayUs }),
    storyStage('delivery', ['C'], { terminal: true }),
  ],
  exit: [],
});
/** The first of sixty days; the world is at rest but for what a test does to it. */
const startUs = (Math.floor(Date.now() / 86_400_000) - 90) * dayUs;
const days = 60;
const outage = [40, 41];
const perDay = 90;

/** Each day ninety come at nine; four of five order, half of them five hours later and half of them nineteen; most are delivered a day later. */
function visit(day: number, i: number, slowness: number): EventCopy[] {
  const fields = { customer: `c${day}.${i}` };
  const at = (us: number) => ({ ...fields, occurredAtUs: us, receivedAtUs: us });
  const enteredUs = startUs + day * dayUs + 9 * hourUs;
  const orderedUs = enteredUs + (i % 2 === 0 ? 5 : 19) * slowness * hourUs;
  const steps = [storyEvent('A', 0, at(enteredUs))];
  if (i % 5 !== 0) steps.push(storyEvent('B', 0, at(orderedUs)));
  if (i % 5 > 1) steps.push(storyEvent('C', 0, at(orderedUs + 20 * hourUs)));
  return steps;
}

const all = Array.from({ length: days }, (_, day) =>
  Array.from({ length: perDay }, (_, i) => visit(day, i, 1)).flat(),
).flat();
const dayOf = ({ event }: EventCopy) => Math.floor((event.occurredAtUs - startUs) / dayUs);

const closings: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closings) await close();
});
let clickhouse: ClickHouse;
beforeAll(async () => {
  clickhouse = await temporaryClickHouse({ onTestFinished: (close) => closings.push(close) });
}, 120_000);

async function derive(derivation: number, copies: readonly EventCopy[]): Promise<void> {
  await insertUnitJourneys(clickhouse, derivation, referenceUnitJourneys(journey, copies));
  await activeDerivation(clickhouse, journey, derivation);
}

const common = 'journey: shop\nwindow: 1d\nbaseline: 21d\nfor: 1\n';

describe('an outage of the intake for two days', () => {
  const rules = rulesOf(
    `alert: drop-off\n${common}---\nalert: stalled\nkind: stalled-share\nbeyond: expected\n${common}---\nalert: visits\nkind: volume\nstages: [cart]\n${common}`,
  ).map(({ rule }) => rule);
  let derivation = 1;
  const late = all.filter((copy) => outage.includes(dayOf(copy)));
  const lateAtUs = startUs + 44 * dayUs + 3 * hourUs;

  beforeAll(async () => {
    const arrived = all.filter((copy) => !outage.includes(dayOf(copy)));
    await insertDeliveries(clickhouse, [arrived]);
    await derive(1, arrived);
  }, 120_000);

  /** The evaluations at six in the morning of these days, one after the other, as of what had arrived. */
  async function evaluate(from: number, to: number, states: Map<string, RuleState>) {
    const happened: Transition[] = [];
    const found = new Map<string, string[]>();
    const read = new Map<string, readonly SeriesReading[]>();
    for (let day = from; day <= to; day++) {
      const evaluationUs = startUs + day * dayUs + 6 * hourUs;
      for (const rule of rules) {
        const before = states.get(rule.id) ?? noState(rule.id);
        const active = { derivation, journey };
        const options = { seriesMax: 100, lateAfterMs: Number.MAX_SAFE_INTEGER };
        const { readings, failures } = await readSeries(clickhouse, active, rule, before, evaluationUs, options);
        expect(failures).toEqual([]);
        const { state, transitions, evaluation } = evaluateRule(rule, before, readings, evaluationUs);
        states.set(rule.id, state);
        happened.push(...transitions);
        read.set(rule.id, readings);
        for (const { key, finding } of evaluation.verdicts)
          found.set(`${rule.id} ${key.stage}`, [...(found.get(`${rule.id} ${key.stage}`) ?? []), finding]);
      }
    }
    const fired = happened.filter(({ kind }) => kind === 'fired' || kind === 'resolved');
    return { found, read, told: fired.map(({ rule, key, kind }) => `${rule} ${key.stage} ${kind}`) };
  }

  it('is one alarm of the volume and late data for the stages; when the events have come, the numbers are right', {
    timeout: 120_000,
  }, async () => {
    const states = new Map<string, RuleState>();
    const before = await evaluate(38, 40, states);
    expect([...new Set([...before.found.values()].flat())]).toEqual(['calm']);
    expect(before.told).toEqual([]);

    const during = await evaluate(41, 44, states);
    // Windows from the day before the outage to the day after it. Who came before it seems not to have ordered; during it nobody came.
    expect(during.found.get('drop-off cart')).toEqual(['late-data', 'no-data', 'no-data', 'calm']);
    expect(during.found.get('drop-off order')).toEqual(['late-data', 'no-data', 'no-data', 'calm']);
    expect(during.found.get('stalled cart')?.filter((finding) => finding === 'alarming')).toEqual([]);
    expect(during.told.filter((text) => !text.startsWith('visits'))).toEqual([]);
    expect(during.told).toEqual(['visits cart fired', 'visits cart resolved']);

    await insertDeliveries(clickhouse, [
      late.map((copy) => ({ ...copy, event: { ...copy.event, receivedAtUs: lateAtUs } })),
    ]);
    derivation = 2;
    await derive(derivation, all);
    const after = await evaluate(45, 50, states);
    expect(after.told).toEqual([]);
    expect([...new Set([...after.found.values()].flat())]).toEqual(['calm']);
    // The whole past counts as it was: no window is smaller than the others, and none has lost more.
    const [cart] = after.read.get('drop-off') ?? [];
    const windows = cart?.status === 'read' ? [cart.current, ...cart.baseline] : [];
    expect(windows.map(({ k, n }) => [k, n])).toEqual(Array(22).fill([18, perDay]));
  });
});

describe('what stalls beyond the usual', () => {
  it('is judged by what was learned before the baseline, so that a stage that slows down can not raise its own bar', {
    timeout: 120_000,
  }, async () => {
    // From day 45 on everything takes three times as long.
    const copies = Array.from({ length: days }, (_, day) =>
      Array.from({ length: perDay }, (_, i) => visit(day, i, day < 45 ? 1 : 3)).flat(),
    ).flat();
    await derive(3, copies);
    const active = { derivation: 3, journey };
    const [rule] = rulesOf(`alert: stalled\nkind: stalled-share\nstages: [cart]\n${common}`).map((each) => each.rule);
    if (rule === undefined) throw new Error('no rule');
    const options = { seriesMax: 100, lateAfterMs: Number.MAX_SAFE_INTEGER };
    const evaluationUs = startUs + 52 * dayUs + 6 * hourUs;
    const { readings } = await readSeries(clickhouse, active, rule, noState(rule.id), evaluationUs, options);
    const { transitions } = evaluateRule(rule, noState(rule.id), readings, evaluationUs);
    const [reading] = readings;
    // Nine of ten of those who order have done so within nineteen hours; of the ninety who come now, nobody but half of those has, and one in five never does.
    expect(reading).toMatchObject({ status: 'read', current: { n: perDay, k: 54 } });
    expect(reading?.status === 'read' && reading.baseline.slice(-10).map(({ k }) => k)).toEqual(Array(10).fill(18));
    expect(transitions.map(({ kind }) => kind)).toEqual(['started', 'fired']);

    const now = await readStageDurations(clickhouse, active, { stages: ['cart'], asOfUs: startUs + 59 * dayUs });
    const learnedNow = advanceQuantile(now.get('cart') ?? [], 0.9) ?? 0;
    expect(learnedNow, 'learned while it slows down, the bar would have moved').toBeGreaterThan(19 * 3600);
    const first = await readStageDurations(clickhouse, active, { stages: ['cart'], asOfUs: startUs + 20 * dayUs });
    expect(advanceQuantile(first.get('cart') ?? [], 0.9)).toBe(19 * 3600);
    expect([...(await readStageDurations(clickhouse, active, { stages: [], asOfUs: evaluationUs }))]).toEqual([]);
  });
});
