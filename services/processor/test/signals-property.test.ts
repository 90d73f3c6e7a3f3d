import type { EventLog } from '@michinori/event-log';
import { type Signal, stageTransitionId, type TouchpointEvent } from '@michinori/events';
import type { Journey } from '@michinori/journey';
import {
  atTick,
  copiesOf,
  type EventCopy,
  journeySource,
  journeyWorlds,
  referenceStageTransitions,
  storyExit,
  storyJourney,
  storyRule,
  storyStage,
  type World,
} from '@michinori/testing';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { type Clock, systemClock } from '../src/index.ts';
import { deathPlans, deliverThroughDeaths } from './deaths.ts';
import { answering, config, define } from './journeys.ts';
import { believed, keepAnnounced, signalsOf, swept } from './signals.ts';
import { append, buildProcessor, clickhouseOfFile, receivedAtUs, settled, temporaryLog } from './world.ts';

const clickhouse = clickhouseOfFile();
const numRuns = Number(process.env.MICHINORI_TEST_RUNS ?? 3);
const hourUs = 3_600_000_000;

const stages = [
  storyStage('a', ['a'], { lostAfterUs: 4 * hourUs }),
  storyStage('b', ['b', storyRule('d', { count: { times: 2, withinUs: null } })], { lostAfterUs: 3 * hourUs }),
  storyStage('c', ['c'], { terminal: true }),
];
const exit = [storyExit('x', { reason: { property: 'p' } })];
const journeys: readonly Journey[] = [
  storyJourney({ id: 'forward', stages, exit }),
  storyJourney({ id: 'free', unit: 'account', progress: 'free', stages: stages.slice(0, 2), exit }),
];

beforeAll(async () => {
  const shared = await clickhouse();
  await keepAnnounced(shared);
  const closers: (() => Promise<void>)[] = [];
  const log = await temporaryLog({ onTestFinished: (close) => closers.push(close) });
  for (const journey of journeys) {
    const source = journeySource(journey);
    const applied = { appliedAtUs: receivedAtUs, appliedBy: 'test' };
    await define(log, { kind: 'journey', journey: journey.id, version: 1, source, ...applied });
  }
  const processor = buildProcessor({ log, clickhouse: shared, config });
  await processor.start();
  for (const { id } of journeys) await answering(shared, id);
  await swept(shared);
  await processor.stop();
  for (const close of closers.reverse()) await close();
}, 120_000);

let home = 0;

/** Worlds on one grid, each with its own units, every receipt at an instant of its own, and the instant that it is looked at. */
function placed(worlds: readonly World[]) {
  const [first] = worlds;
  if (first === undefined) throw new Error('at least one world');
  home += 1;
  const copies = worlds.flatMap(({ copies: sketches }, index) =>
    copiesOf({ grid: first.grid, copies: sketches }, `h${home}.${index}.`, `h${home}.`),
  );
  const distinct = copies.map((copy, index): EventCopy => {
    const event: TouchpointEvent = { ...copy.event, receivedAtUs: copy.event.receivedAtUs + index * 10 };
    return { ...copy, event };
  });
  const nowUs = atTick(first.grid, 36) + hourUs / 2;
  return { copies: distinct, nowUs, announcedFromUs: nowUs - 24 * hourUs, prefix: `h${home}.` };
}

/** The deliveries in an order of their own, each a second time with a later receipt. */
function delivered(copies: readonly EventCopy[], keys: readonly number[]): TouchpointEvent[] {
  const again = copies.map(({ event }) => ({ ...event, receivedAtUs: event.receivedAtUs + 5 }));
  return [...copies.map(({ event }) => event), ...again]
    .map((event, index) => ({ event, key: keys[index % keys.length] ?? 0, index }))
    .sort((left, right) => left.key * (left.index % 7) - right.key * (right.index % 7))
    .map(({ event }) => event);
}

function expectedOf(copies: readonly EventCopy[], announcedFromUs: number): string[] {
  return journeys
    .flatMap((journey) => referenceStageTransitions(journey, copies))
    .filter(({ atUs }) => atUs > announcedFromUs)
    .map(stageTransitionId)
    .sort();
}

async function announcedIn(logs: readonly EventLog[], prefix: string): Promise<Signal[]> {
  const all: Signal[] = [];
  for (const log of logs) for (const { id } of journeys) all.push(...(await signalsOf(log, id, prefix)));
  return all;
}

/** Records of one id say the same but for what tells when they were written; those of one revision are copies. */
function expectConsistent(signals: readonly Signal[]): void {
  const facts = new Map<string, unknown>();
  for (const { revision: _, retracted: __, announcedAtUs: ___, ...fact } of signals) {
    expect(stageTransitionId(fact)).toBe(fact.id);
    expect(fact).toEqual(facts.get(fact.id) ?? fact);
    facts.set(fact.id, fact);
  }
}

const clockAt = (nowUs: number): Clock => ({
  ...systemClock,
  nowUs: () => nowUs + Math.floor(performance.now()),
});

const homes = fc.array(journeyWorlds(), { minLength: 2, maxLength: 3, size: 'max' });
const keysOf = fc.array(fc.nat(1_000_000), { minLength: 40, maxLength: 40 });

test('however events arrive and processors die, what is believed in the end is what the reference says', async () => {
  const shared = await clickhouse();
  let retracted = 0;
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(
      ...([homes, keysOf, deathPlans, fc.integer({ min: 10, max: 60 })] as const),
      async (worlds, keys, deaths, batchRecordsMax) => {
        const closers: (() => Promise<void>)[] = [];
        const log = await temporaryLog({ onTestFinished: (close) => closers.push(close) }, { partitions: 2 });
        const { copies, nowUs, announcedFromUs, prefix } = placed(worlds);
        const options = { log, clickhouse: shared, clock: clockAt(nowUs), config: { ...config, batchRecordsMax } };
        const events = delivered(copies, keys);
        await deliverThroughDeaths(options, events, deaths);
        const signals = await announcedIn([log], prefix);
        const expected = expectedOf(copies, announcedFromUs);
        expect([...believed(signals).keys()].sort()).toEqual(expected);
        expectConsistent(signals);
        retracted += signals.filter((signal) => signal.retracted).length;
        compared += expected.length;
        for (const close of closers.reverse()) await close();
      },
    ),
    { numRuns, endOnFailure: true },
  );
  expect(retracted).toBeGreaterThan(0);
  expect(compared).toBeGreaterThan(0);
}, 600_000);

test('two processors that race say the same, at most twice', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context, { partitions: 2 });
  const { copies, nowUs, announcedFromUs, prefix } = placed(fc.sample(journeyWorlds(), { seed: 7, numRuns: 2 }));
  const groups = ['owner', 'zombie'];
  const processors = groups.map((group) =>
    buildProcessor({
      ...{ log, clickhouse: shared, clock: clockAt(nowUs) },
      config: { ...config, group, batchRecordsMax: 40 },
    }),
  );
  await Promise.all(processors.map((processor) => processor.start()));
  const events = delivered(copies, [5, 3, 9, 1, 7]);
  for (let from = 0; from < events.length; from += 40) {
    await append(log, events.slice(from, from + 40));
    if (from % 80 === 0) await Promise.all(groups.map((group) => settled(log, group)));
  }
  await Promise.all(groups.map((group) => settled(log, group)));
  await Promise.all(processors.map((processor) => processor.stop()));
  const signals = await announcedIn([log], prefix);
  expect([...believed(signals).keys()].sort()).toEqual(expectedOf(copies, announcedFromUs));
  expectConsistent(signals);
}, 300_000);
