import { type ClickHouse, defineStatement } from '@michinori/clickhouse';
import { type StageTransitionFact, stageTransitionId } from '@michinori/events';
import type { Journey } from '@michinori/journey';
import { type PendingTransition, type PendingWanted, pendingTransitions } from '@michinori/queries';
import {
  cityHashes,
  copiesOf,
  type EventCopy,
  insertUnitJourneys,
  journeyDefinitions,
  journeyWorlds,
  referenceStageTransitions,
  referenceUnitJourneys,
  story,
  storyExit,
  storyHour,
  storyJourney,
  storyRule,
  temporaryClickHouse,
} from '@michinori/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { everyKey } from './derive-arrangement.ts';

const worldsWanted = Number(process.env.MICHINORI_TEST_RUNS ?? 60);
const seed = Number(process.env.MICHINORI_TEST_SEED ?? 20261122);

const closers: (() => Promise<void>)[] = [];
let clickhouse: ClickHouse;
beforeAll(async () => {
  clickhouse = await temporaryClickHouse({ onTestFinished: (close) => closers.push(close) });
  // Stories lie in the past; the engine would remove them by its own clock.
  await clickhouse.command(defineStatement({ name: 'test-keep', sql: 'ALTER TABLE announced_signals REMOVE TTL' }));
});
beforeEach(async () => {
  for (const table of ['unit_journeys', 'announced_signals', 'dirty_units', 'account_members']) {
    await clickhouse.command(defineStatement({ name: 'test-empty', sql: `TRUNCATE TABLE ${table}` }));
  }
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

const whole: PendingWanted = { announcedFromUs: 0, rememberedFromUs: 0, rowsMax: 1_000_000 };

async function store(journey: Journey, copies: readonly EventCopy[], derivation = 1): Promise<void> {
  await insertUnitJourneys(clickhouse, derivation, referenceUnitJourneys(journey, copies));
}

const pendingOf = (journey: Journey, wanted: Partial<PendingWanted> = {}, scope = everyKey, id = 1) =>
  pendingTransitions(clickhouse, { id, journey }, scope, { ...whole, ...wanted });

function factOf(journey: Journey, row: PendingTransition): StageTransitionFact {
  const { unit, anonymous, kind, cycle, visit, from, to, outcome, reason, atUs } = row;
  return {
    journey: journey.id,
    unit: kind,
    customer: kind === 'customer' && unit !== '' ? unit : null,
    anonymous: unit === '' ? anonymous : null,
    account: kind === 'account' ? unit : null,
    cycle,
    visit,
    from: from || null,
    to: to || null,
    outcome: outcome as StageTransitionFact['outcome'],
    reason: reason || null,
    atUs,
  };
}

/** Remembers rows as announced, at a step. */
async function remember(journey: Journey, rows: readonly PendingTransition[], step: number): Promise<void> {
  await clickhouse.insert({
    table: 'announced_signals',
    columns: [
      ...['journey', 'unit_key', 'id', 'step', 'version', 'kind', 'unit', 'anonymous', 'cycle', 'visit', 'stage_from'],
      ...['stage_to', 'outcome', 'reason', 'at'],
    ],
    rows: rows.map((row) => [
      ...[journey.id, row.unitKey, row.id, step, 4, row.kind, row.unit, row.anonymous, row.cycle, row.visit, row.from],
      ...[row.to, row.outcome, row.reason, row.atUs],
    ]),
  });
}

const shape = ({ from, to, outcome, visit, cycle, isTrue }: PendingTransition) =>
  `${isTrue ? '' : 'not '}${from}>${to} ${outcome} ${cycle}.${visit}`;

test('what was never announced is pending as the reference has it, with its ids, on random worlds and journeys', async () => {
  const outcomes = new Map<string, number>();
  const worlds = fc.sample(journeyWorlds(), { seed, numRuns: worldsWanted });
  for (const [index, sketch] of fc.sample(journeyDefinitions(), { seed, numRuns: 10 }).entries()) {
    const journey = { ...sketch, unit: index % 2 === 0 ? ('customer' as const) : ('account' as const) };
    const copies = worlds.flatMap((world, home) => copiesOf(world, `w${home}.`));
    await store(journey, copies, index + 1);
    const expected = referenceStageTransitions(journey, copies);
    const rows = await pendingOf(journey, {}, everyKey, index + 1);
    const found = new Map(rows.map((row) => [row.id, factOf(journey, row)]));
    expect(rows.length).toBe(expected.length);
    expect(found).toEqual(new Map(expected.map((fact) => [stageTransitionId(fact), fact])));
    for (const { outcome } of expected) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  expect([...outcomes.keys()].sort()).toEqual(['advanced', 'completed', 'entered', 'lost', 'returned', 'silent']);
});

describe('the difference to what was announced', () => {
  const journey = storyJourney({ exit: [storyExit('X', { ...storyRule('X'), reason: { text: 'bye' } })] });

  test('is by unit and in the order of the visits', async () => {
    await store(journey, story('A0 B1 X2 A3'));
    expect((await pendingOf(journey)).map(shape)).toEqual([
      '>a entered 1.1',
      'a>b advanced 1.2',
      'b> lost 1.2',
      '>a entered 2.3',
    ]);
    expect((await pendingOf(journey))[2]).toMatchObject({
      reason: 'bye',
      unit: 'c',
      kind: 'customer',
      step: 0,
      version: 0,
    });
  });

  test('is empty once the log has everything, and whole while that is not known', async () => {
    await store(journey, story('A0 B1'));
    const rows = await pendingOf(journey);
    await remember(journey, rows, 2);
    expect(await pendingOf(journey)).toEqual(rows.map((row) => ({ ...row, step: 2, version: 4 })));
    await remember(journey, rows, 3);
    expect(await pendingOf(journey)).toEqual([]);
  });

  test('takes back first what is not true any more, and lets it become true again', async () => {
    await store(journey, story('A0 B1'));
    const before = await pendingOf(journey);
    await remember(journey, before, 3);
    await store(journey, story('A0 B1 X0.5'));
    const rows = await pendingOf(journey);
    expect(rows.map(shape)).toEqual(['not a>b advanced 1.2', 'a> lost 1.1', '>b entered 2.2']);
    await remember(journey, rows.slice(0, 1), 4);
    expect((await pendingOf(journey)).map(shape)).toContain('not a>b advanced 1.2');
    await remember(journey, rows.slice(0, 1), 5);
    expect((await pendingOf(journey)).map(shape)).toEqual(['a> lost 1.1', '>b entered 2.2']);
    await store(journey, story('A0 B1'), 2);
    expect((await pendingOf(journey, { announcedFromUs: storyHour(9) }, everyKey, 2)).map(shape)).toEqual([
      'a>b advanced 1.2',
    ]);
    expect((await pendingOf(journey, {}, everyKey, 2))[0]).toMatchObject({ step: 5 });
  });

  test('announces the young only, takes back what is older, and forgets what is older still', async () => {
    await store(journey, story('A0 B1 C2'));
    expect((await pendingOf(journey, { announcedFromUs: storyHour(1) })).map(shape)).toEqual(['b>c advanced 1.3']);
    await remember(journey, await pendingOf(journey), 3);
    await store(journey, story('A0'), 2);
    const later = { announcedFromUs: storyHour(5) };
    expect((await pendingOf(journey, later, everyKey, 2)).map(shape)).toEqual([
      'not a>b advanced 1.2',
      'not b>c advanced 1.3',
    ]);
    const rememberedFromUs = storyHour(1);
    expect((await pendingOf(journey, { ...later, rememberedFromUs }, everyKey, 2)).map(shape)).toEqual([
      'not b>c advanced 1.3',
    ]);
  });

  test('comes in pages, and knows its own journey only', async () => {
    await store(journey, story('A0 B1'));
    await remember({ ...journey, id: 'other' }, await pendingOf(journey), 3);
    expect((await pendingOf(journey, { rowsMax: 1 })).map(shape)).toEqual(['>a entered 1.1']);
  });

  test('is about some units of the scope where they are named', async () => {
    await store(journey, [...story('A0', { customer: 'one' }), ...story('A0', { customer: 'two' })]);
    const rows = await pendingOf(journey);
    const unitKeys = rows.filter(({ unit }) => unit === 'two').map(({ unitKey }) => unitKey);
    await remember(
      journey,
      rows.filter(({ unit }) => unit === 'one'),
      3,
    );
    await store(journey, story('Z0', { customer: 'one' }), 2);
    expect((await pendingOf(journey, { unitKeys })).map(({ unit }) => unit)).toEqual(['two']);
    expect(await pendingOf(journey, { unitKeys }, everyKey, 2)).toEqual([]);
    expect((await pendingOf(journey, {}, everyKey, 2)).map(({ unit }) => unit)).toEqual(['one']);
  });

  test.each(['customer', 'account'] as const)('of a round is about its units: %s', async (unit) => {
    const asked = { ...journey, unit };
    await store(asked, [
      ...story('A0', { customer: 'one', account: 'in' }),
      ...story('A0', { customer: 'two', account: 'out' }),
    ]);
    const keys = await cityHashes(clickhouse, ['one', 'two', 'in', 'out']);
    await clickhouse.insert({
      table: 'dirty_units',
      columns: ['round', 'customer'],
      rows: [
        ['r', 'one'],
        ['s', 'two'],
      ],
    });
    const members = [
      ['in', 'one'],
      ['out', 'two'],
    ].map((pair) => pair.map((name) => keys.get(name)));
    await clickhouse.insert({ table: 'account_members', columns: ['account_key', 'customer_key'], rows: members });
    const rows = await pendingTransitions(clickhouse, { id: 1, journey: asked }, { kind: 'round', round: 'r' }, whole);
    expect(rows.map(({ unit: name }) => name)).toEqual([unit === 'customer' ? 'one' : 'in']);
  });
});
