import { defineQuery, defineStatement } from '@michinori/clickhouse';
import { definitionsTopic } from '@michinori/events';
import { listAlertRules, readJourneys } from '@michinori/queries';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { createDerive } from '../src/projector/derive.ts';
import {
  answering,
  apply,
  at,
  built,
  createGate,
  define,
  derivationsOf,
  pathsOf,
  patience,
  running,
  step,
} from './journeys.ts';
import { append, clickhouseOfFile, letters, receivedAtUs, settled, temporaryLog } from './world.ts';

const clickhouse = clickhouseOfFile();

test('a build misses no event: neither one that comes behind its back, nor one of a round that began before it', async (context) => {
  const shared = await clickhouse();
  const [log, other] = [await temporaryLog(context), await temporaryLog(context)];
  const [early, done] = [createGate(), createGate()];
  await apply(log, 'first');
  await built(log, shared, 'first');
  await running(context, {
    ...{ log: other, clickhouse: shared },
    config: { group: 'other' },
    // Its builder must not get ahead of the other one either.
    faults: { at: (point) => (/^builder|after-list$/.test(point) ? early.pass() : undefined) },
  });
  await append(other, [step('missed-1', 'opened', 1)]);
  await early.reached;
  await running(context, {
    ...{ log, clickhouse: shared },
    faults: { at: (point) => (point === 'builder.before-activate' ? done.pass() : undefined) },
  });
  await apply(log, 'missed');
  await done.reached;
  expect((await readJourneys(shared)).find(({ id }) => id === 'missed')).toMatchObject({
    ...{ state: 'building', version: null },
    progress: { version: 1 },
  });
  await append(log, [step('missed-2', 'opened', 1), step('missed-1', 'used', 2)]);
  await settled(log);
  done.open();
  const derivation = await answering(shared, 'missed');
  expect(await pathsOf(shared, derivation, 'missed-')).toEqual([
    { unit: 'missed-1', path: ['opened', 'used'], visits: 2 },
    { unit: 'missed-2', path: ['opened'], visits: 1 },
  ]);
  early.open();
  await settled(other, 'other');
  expect(await pathsOf(shared, derivation, 'missed-')).toHaveLength(2);
});

test('a new version takes the place of the old one at once; meanwhile the old one goes on', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  const gate = createGate();
  await apply(log, 'swap');
  await append(log, [step('swap-1', 'opened', 1), step('swap-1', 'tried', 2)]);
  const former = await built(log, shared, 'swap');
  await running(context, {
    ...{ log, clickhouse: shared },
    faults: { at: (point) => (point === 'builder.before-activate' ? gate.pass() : undefined) },
  });
  await apply(log, 'swap', { version: 2, used: 'tried' });
  await gate.reached;
  await append(log, [step('swap-2', 'opened', 3)]);
  await settled(log);
  expect(await answering(shared, 'swap')).toBe(former);
  expect((await pathsOf(shared, former, 'swap-')).map(({ visits }) => visits)).toEqual([1, 1]);
  gate.open();
  const next = await answering(shared, 'swap', 2);
  expect(next).toBeGreaterThan(former);
  expect((await pathsOf(shared, next, 'swap-')).map(({ visits }) => visits)).toEqual([2, 1]);
});

test('a version that comes during a build replaces it; the one that was begun never answers', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  const gate = createGate();
  await running(context, {
    ...{ log, clickhouse: shared },
    faults: { at: (point) => (point === 'builder.after-begin' ? gate.pass() : undefined) },
  });
  await apply(log, 'hasty');
  await gate.reached;
  await apply(log, 'hasty', { version: 2 });
  await settled(log);
  gate.open();
  await answering(shared, 'hasty', 2);
  await vi.waitFor(async () => {
    const rows = await derivationsOf(shared, 'hasty');
    expect(rows.map(({ version, state }) => [version, state]).at(-1)).toEqual([2, 'active']);
  }, patience);
});

const loseDefinitions = defineStatement({ name: 'test_lose', sql: 'TRUNCATE TABLE journey_definitions' });
const loseRules = defineStatement({ name: 'test_lose_rules', sql: 'TRUNCATE TABLE rule_definitions' });
const improvementIds = defineQuery({
  name: 'test_improvements',
  sql: 'SELECT id, segment_name AS name, segment_values AS texts, isNull(due) AS isOpen FROM improvements ORDER BY id',
  params: z.object({}),
  row: z.object({ id: z.string(), name: z.string(), texts: z.array(z.string()), isOpen: z.number() }),
});

test('definitions that were lost come back from the log; what is none goes to the dead letters', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  await apply(log, 'kept');
  await log.append(definitionsTopic, [{ key: '', value: new Uint8Array([1]) }]);
  const journey = { kind: 'journey', appliedAtUs: receivedAtUs, appliedBy: '' } as const;
  await define(log, { ...journey, journey: 'other', version: 1, source: 'journey: [' });
  const improvement = { kind: 'improvement', journey: 'kept', stage: '', title: 'T', atUs: at(1), owner: '' } as const;
  const recorded = { hypothesis: '', recordedAtUs: at(2), recordedBy: '' };
  await define(log, {
    ...improvement,
    ...recorded,
    id: 'i1',
    segment: { name: 'plan', values: ['pro', ''] },
    dueUs: at(9),
  });
  await define(log, { ...improvement, ...recorded, id: 'i2', segment: null, dueUs: null });
  const rule = { kind: 'alert-rule', changedAtUs: receivedAtUs, changedBy: 'mk_ab12' } as const;
  await define(log, { ...rule, alert: 'losses', source: 'alert: losses\njourney: kept\n' });
  await define(log, { ...rule, alert: 'gone', source: 'alert: gone\njourney: kept\n' });
  await define(log, { ...rule, alert: 'gone', source: null });
  const derivation = await built(log, shared, 'kept');
  const rules = await listAlertRules(shared, { onWriter: true });
  expect(rules.map(({ alert, origin, changedBy }) => [alert, origin, changedBy])).toEqual([
    ['losses', 'api', 'mk_ab12'],
  ]);
  expect(await shared.queryOnWriter(improvementIds, {})).toEqual([
    { id: 'i1', name: 'plan', texts: ['pro', ''], isOpen: 0 },
    { id: 'i2', name: '', texts: [], isOpen: 1 },
  ]);
  expect((await letters(shared, log, definitionsTopic)).map(({ offset, code }) => [offset, code])).toEqual([
    [1, 'envelope_malformed'],
    [2, 'definition_invalid'],
  ]);
  await shared.command(loseDefinitions);
  await shared.command(loseRules);
  await append(log, [step('kept-1', 'opened', 1)]);
  const processor = await running(context, { log, clickhouse: shared });
  await settled(log);
  expect(await answering(shared, 'kept')).toBe(derivation);
  expect(await pathsOf(shared, derivation, 'kept-')).toHaveLength(1);
  expect(await listAlertRules(shared, { onWriter: true })).toEqual(rules);
  await expect(processor.rebuild('nobody')).rejects.toMatchObject({ code: 'journey_unknown' });
});

test('a rebuild that was asked for through the log, by whomever', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  await apply(log, 'asked');
  await running(context, { log, clickhouse: shared });
  const first = await answering(shared, 'asked');
  await define(log, { kind: 'rebuild', journey: 'asked', requestedAtUs: at(1), requestedBy: 'test' });
  await vi.waitFor(async () => expect(await answering(shared, 'asked')).toBeGreaterThan(first), patience);
});

test('a build that can not be derived is given up: rounds and other journeys go on, and it is tried again', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  const derive = createDerive(shared);
  let isBroken = true;
  const broken: typeof derive = {
    ...derive,
    async units(derivation, scope) {
      if (isBroken && derivation.journey.id === 'poison') throw new Error('the journey can not be derived');
      await derive.units(derivation, scope);
    },
  };
  await apply(log, 'wholesome');
  await apply(log, 'poison');
  await running(context, { log, clickhouse: shared, derive: broken });
  const derivation = await answering(shared, 'wholesome');
  await append(log, [step('poison-1', 'opened', 1)]);
  await settled(log);
  expect(await pathsOf(shared, derivation, 'poison-')).toHaveLength(1);
  expect((await derivationsOf(shared, 'poison')).some(({ state }) => state === 'active')).toBe(false);
  isBroken = false;
  const mended = await answering(shared, 'poison');
  expect(await pathsOf(shared, mended, 'poison-')).toHaveLength(1);
});
