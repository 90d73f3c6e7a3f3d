import type { ClickHouse } from '@michinori/clickhouse';
import {
  cityHashes,
  insertUnitJourneys,
  referenceUnitJourneys,
  storyEvent,
  storyJourney,
  storyStage,
} from '@michinori/testing';
import { describe, expect, it } from 'vitest';
import { suggestionRows } from '../src/track-record/point-suggestions.ts';
import { evaluationFor, recordDue, recordHealth } from '../src/track-record/record-health.ts';
import { healthRecordColumns, healthRecordRow, readHealthRecords } from '../src/track-record/stored-records.ts';
import { stores } from './stores.ts';

const rule = (id: string, points: number) =>
  ({ id, title: {}, points, test: { kind: 'nps', class: 'passive', withinUs: null } }) as const;
const journey = storyJourney({
  health: {
    start: 60,
    churn: { below: 40, margin: 5 },
    expansion: { above: 85, margin: 5 },
    rules: [rule('quiet', -30), rule('rare', 5)],
    goldenTime: null,
    actions: [],
  },
  stages: [
    storyStage('a', ['A']),
    storyStage('b', ['B'], { horizonUs: 36 * 3600e6 }),
    storyStage('c', ['C'], { terminal: true }),
  ],
});
const active = { derivation: 1, journey };

/** A midnight some weeks ago, since the tables forget what is old. */
const startUs = (Math.floor(Date.now() / 86_400_000) - 40) * 86_400e6;
const hourUs = (hours: number) => startUs + hours * 3600e6;
const eventAt = (touchpoint: string, hours: number, customer: string) =>
  storyEvent(touchpoint, hours, { customer, occurredAtUs: hourUs(hours) });

/** c0 … c119 in stage a: 40 are lost at hour 20, two at hour 34, eight at hour 35; d0 and d1 in stage b, d0 is lost at hour 30. */
const losses = new Map<string, number>();
for (let i = 0; i < 50; i += 1) losses.set(`c${i}`, i < 40 ? 20 : i < 42 ? 34 : 35);
const customers = [...Array(120).keys()].map((i) => `c${i}`);
/** e0 … e59 in stage a long before: e0 … e29 are lost at hour -5. What their scores meant is what those of hour 10 are taken to mean. */
const earlier = [...Array(60).keys()].map((i) => `e${i}`);
const events = [
  ...earlier.map((customer) => eventAt('A', -40, customer)),
  ...earlier.slice(0, 30).map((customer) => eventAt('X', -5, customer)),
  ...customers.map((customer) => eventAt('A', 0, customer)),
  ...['d0', 'd1'].map((customer) => eventAt('B', 0, customer)),
  ...[...losses, ['d0', 30] as const].map(([customer, hour]) => eventAt('X', hour, customer)),
];
/** Thirty of those lost at 20, both of hour 34 and the eight of hour 35 had a low score; everybody else a high one. */
const hasLowScore = (customer: string) => {
  const i = Number(customer.slice(1));
  return customer.startsWith('c') && (i < 30 || (i >= 40 && i < 50));
};

const ledgerOf = (isLow: boolean) =>
  JSON.stringify([
    { line: 'start', points: 60 },
    ...(isLow ? [{ line: 'rule', rule: 'quiet', points: -30, evidence: { rule: 'no rule' } }] : []),
  ]);

interface Evaluated {
  readonly hour: number;
  readonly evaluatedUs: number;
  readonly units: readonly string[];
  readonly isDone?: boolean;
  readonly low?: (unit: string) => boolean;
}

async function writeScores(clickhouse: ClickHouse, keys: ReadonlyMap<string, bigint>, evaluated: Evaluated) {
  const { hour, evaluatedUs, units, isDone = true, low = hasLowScore } = evaluated;
  await clickhouse.insert({
    table: 'health_scores',
    columns: ['journey', 'as_of', 'evaluated_at', 'unit_key', 'unit', 'stage', 'score', 'ledger'],
    rows: units.map((unit) => [
      ...['story', hourUs(hour), evaluatedUs, String(keys.get(unit)), unit, unit.startsWith('d') ? 'b' : 'a'],
      ...[low(unit) ? 30 : 70, ledgerOf(low(unit))],
    ]),
  });
  if (!isDone) return;
  await clickhouse.insert({
    table: 'health_evaluations',
    columns: ['journey', 'as_of', 'evaluated_at', 'version', 'units'],
    rows: [['story', hourUs(hour), evaluatedUs, 1, units.length]],
  });
}

async function writeSignals(
  clickhouse: ClickHouse,
  keys: ReadonlyMap<string, bigint>,
  changes: readonly (readonly [unit: string, hour: number, evaluatedUs: number, change: 'raised' | 'cleared'])[],
) {
  await clickhouse.insert({
    table: 'health_signals',
    columns: ['journey', 'as_of', 'evaluated_at', 'unit_key', 'signal', 'change', 'raised_at'],
    rows: changes.flatMap(([unit, hour, evaluatedUs, change]) =>
      ['churn', ...(hour === 10 ? ['expansion'] : [])].map((signal) => [
        ...['story', hourUs(hour), evaluatedUs, String(keys.get(unit)), signal, change, hourUs(10)],
      ]),
    ),
  });
}

describe('the evaluation that is judged', () => {
  const at = (...hours: number[]) => hours.map((hour) => ({ asOfUs: hourUs(hour), evaluatedUs: 1, version: 1 }));

  it('is the newest whose horizon has passed, a week late at most', () => {
    const found = (asOf: number, horizon: number, ...hours: number[]) =>
      evaluationFor(at(...hours), hourUs(asOf), horizon * 3600e6)?.asOfUs ?? null;
    expect(found(40, 24, 10, 16, 17)).toBe(hourUs(16));
    expect(found(40, 24, 17)).toBeNull();
    expect(found(240, 24, 48)).toBe(hourUs(48));
    expect(found(241, 24, 48)).toBeNull();
  });

  it('is looked for once the scores of a night are there', () => {
    const due = (recorded: number | null, now: number, ...hours: number[]) =>
      recordDue(at(...hours), recorded === null ? null : hourUs(recorded), hourUs(now));
    expect(due(null, 40, 10, 34)).toBe(hourUs(34));
    expect(due(10, 40, 10, 34)).toBe(hourUs(34));
    expect(due(34, 40, 10, 34)).toBeNull();
    expect(due(null, 40, 10, 15)).toBeNull();
    expect(due(null, 40, 10, 16)).toBe(hourUs(16));
    expect(due(null, 40)).toBeNull();
  });
});

it.for(stores)(
  'judges scores, warnings and rules by what happened ($name)',
  { timeout: 300_000 },
  async (store, context) => {
    const clickhouse = await store.open(context);
    await insertUnitJourneys(clickhouse, 1, referenceUnitJourneys(journey, events));
    const units = [...customers, ...earlier, 'd0', 'd1'];
    const keys = await cityHashes(clickhouse, units);
    await writeScores(clickhouse, keys, { hour: 10, evaluatedUs: 7, units: customers });
    // The same evaluation once more, later: it doesn't count. One that never came to its end: neither does that.
    await writeScores(clickhouse, keys, { hour: 10, evaluatedUs: 8, units: customers, low: () => true });
    await writeScores(clickhouse, keys, { hour: 15, evaluatedUs: 9, units: customers, low: () => true, isDone: false });
    await writeScores(clickhouse, keys, { hour: 25, evaluatedUs: 10, units: ['c119'] });
    await writeScores(clickhouse, keys, { hour: 3, evaluatedUs: 6, units: ['d0', 'd1'] });
    // 24 of the 30 who were lost later had a low score, and six of those who stayed.
    const wasLow = (unit: string) => Number(unit.slice(1)) < 24 || Number(unit.slice(1)) >= 54;
    await writeScores(clickhouse, keys, { hour: -20, evaluatedUs: 5, units: earlier, low: wasLow });
    // Its horizon ended after the scores of hour 10 were made: nobody knew then what these meant.
    await writeScores(clickhouse, keys, { hour: -13, evaluatedUs: 5, units: earlier, low: () => false });
    await writeSignals(clickhouse, keys, [
      ...customers.slice(0, 20).map((unit) => [unit, 10, 7, 'raised'] as const),
      ['c19', 25, 10, 'cleared'],
      ...(['c20', 'c21'] as const).map((unit) => [unit, 10, 8, 'raised'] as const),
      ['c40', 10, 7, 'raised'],
      ['c40', 25, 10, 'cleared'],
    ]);

    const record = await recordHealth(clickhouse, active, hourUs(40));
    const [whole, a, b] = record.stages;
    // 32 lost of 40 low ones, 10 of 80 high ones: of 42 × 78 pairs, 32·70 have the lost one lower, 32·8 + 10·70 have equal scores.
    const auc = (32 * 70 + (32 * 8 + 10 * 70) / 2) / (42 * 78);
    expect(whole).toMatchObject({ stage: null, horizonSeconds: 86_400, scoresAsOfUs: hourUs(10), state: 'ok' });
    expect(whole).toMatchObject({ n: 120, lost: 42 });
    expect(whole?.auc).toBeCloseTo(auc, 12);
    expect(whole && whole.aucLo > 0.7 && whole.aucHi < 0.95).toBe(true);
    // Firth's penalty: half a unit more in every cell of the fourfold table of what was learnt.
    const [low, high] = [24.5 / 31, 6.5 / 31];
    const brier = (32 * (1 - low) ** 2 + 8 * low ** 2 + 10 * (1 - high) ** 2 + 70 * high ** 2) / 120;
    const brierBase = (42 / 120) * (78 / 120);
    for (const row of [whole, a]) {
      expect(row?.brier).toBeCloseTo(brier, 9);
      expect(row?.brierBase).toBeCloseTo(brierBase, 12);
      expect(row?.skill).toBeCloseTo(1 - brier / brierBase, 9);
      expect(row?.skillLo ?? 1).toBeLessThan(row?.skill ?? 0);
      expect(row?.skillHi ?? 0).toBeGreaterThan(row?.skill ?? 1);
    }
    expect(b).toMatchObject({ brier: null, brierBase: null, skill: null, skillLo: null, skillHi: null });
    // Forty at hour 20, two at hour 34, and d0: twenty had a signal that stood since hour 10; that of c40 was cleared.
    expect(whole).toMatchObject({ losses: 43, neverFlagged: 23, leadSecondsP50: 36_000, leadSecondsP25: 36_000 });
    expect(whole?.neverFlaggedShare).toBeCloseTo(23 / 43, 12);
    expect(a).toMatchObject({ stage: 'a', n: 120, lost: 42, losses: 42, neverFlagged: 22, state: 'ok' });
    expect(b).toMatchObject({
      ...{ stage: 'b', horizonSeconds: 129_600, scoresAsOfUs: hourUs(3), n: 2, lost: 1, state: 'insufficient' },
      ...{ losses: 1, neverFlagged: 1, leadSecondsP50: null },
    });
    expect(record.bands.filter(({ stage }) => stage === null)).toMatchObject([
      { from: 30, to: 30, n: 40, lost: 32, rate: 0.8 },
      { from: 70, to: 70, n: 80, lost: 10, rate: 0.125 },
    ]);
    // One covariate with Firth's penalty: half a unit more in every cell of the fourfold table.
    const logOdds = Math.log((32.5 * 70.5) / (8.5 * 10.5));
    expect(record.suggestions).toMatchObject([
      { rule: 'quiet', stage: null, points: -30, suggested: Math.round((-10 * logOdds) / Math.LN2), state: 'clear' },
      { rule: 'rare', points: 5, suggested: null, held: 0, state: 'insufficient' },
    ]);
    expect(record.suggestions[0]).toMatchObject({ held: 40, heldLost: 32, units: 120, losses: 42, sameAs: null });

    const insert = (asOfUs: number, evaluatedUs: number, version: number) =>
      clickhouse.insert({
        table: 'health_track_records',
        columns: healthRecordColumns,
        rows: [healthRecordRow({ ...record, asOfUs, version }, evaluatedUs)],
      });
    await insert(hourUs(40), 3, 5);
    await insert(hourUs(40), 2, 4);
    await insert(hourUs(64), 2, 6);
    const all = { journey: 'story', fromUs: 0, upToUs: hourUs(99), limit: 10 };
    const stored = await readHealthRecords(clickhouse, all);
    expect(stored.map(({ asOfUs, version }) => [asOfUs, version])).toEqual([
      [hourUs(64), 6],
      [hourUs(40), 4],
    ]);
    expect(stored[1]).toEqual({ ...record, version: 4 });
    expect(await readHealthRecords(clickhouse, { ...all, upToUs: hourUs(63) })).toHaveLength(1);
    const old = record.stages.map(
      ({ brier: _brier, brierBase: _base, skill: _skill, skillLo: _lo, skillHi: _hi, ...stage }) => stage,
    );
    const row = healthRecordRow({ ...record, asOfUs: hourUs(88) }, 2).with(4, JSON.stringify(old));
    await clickhouse.insert({ table: 'health_track_records', columns: healthRecordColumns, rows: [row] });
    const [written] = await readHealthRecords(clickhouse, { ...all, fromUs: hourUs(88) });
    expect(written?.stages[0]).toMatchObject({ n: 120, brier: null, skill: null, skillHi: null });
    expect(await readHealthRecords(clickhouse, { ...all, journey: 'other' })).toEqual([]);
  },
);

describe('suggested points', () => {
  const group = (stage: string, rules: readonly string[], lost: boolean, units: number) => ({
    ...{ stage, score: 50, rules, lost, units },
  });

  it("of a rule don't blame it for the stage that it is seen in", () => {
    // Within each stage the rule tells nothing; it holds mostly in the stage that loses more.
    const judged = [
      group('a', ['quiet'], true, 160),
      group('a', ['quiet'], false, 160),
      group('a', [], true, 40),
      group('a', [], false, 40),
      group('b', ['quiet'], true, 4),
      group('b', ['quiet'], false, 76),
      group('b', [], true, 16),
      group('b', [], false, 304),
    ];
    const [quiet] = suggestionRows(journey, judged);
    expect(quiet).toMatchObject({ state: 'unclear', held: 400, heldLost: 164 });
    expect(Math.abs(quiet?.suggested ?? 99)).toBeLessThanOrEqual(1);
  });

  it('are none with few losses, and say so', () => {
    const [quiet] = suggestionRows(journey, [group('a', ['quiet'], true, 9), group('a', [], false, 500)]);
    expect(quiet).toMatchObject({ state: 'too_few_losses', suggested: null, held: 9, heldLost: 9, losses: 9 });
  });

  it('know a rule of a stage from that of the journey', () => {
    const own = storyJourney({
      ...journey,
      stages: journey.stages.map((stage) => (stage.id === 'b' ? { ...stage, health: [rule('quiet', -5)] } : stage)),
    });
    const judged = [
      group('a', ['quiet'], true, 40),
      group('a', [], false, 60),
      group('b', ['quiet'], false, 40),
      group('b', [], true, 60),
    ];
    const rows = suggestionRows(own, judged).filter(({ rule: id }) => id === 'quiet');
    expect(rows.map(({ stage, points, held }) => [stage, points, held])).toEqual([
      [null, -30, 40],
      ['b', -5, 40],
    ]);
    expect(rows[0]?.suggested).toBeLessThan(0);
    expect(rows[1]?.suggested).toBeGreaterThan(0);
  });
});
