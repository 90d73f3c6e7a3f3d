import { evaluateRule, noState, type Transition } from '@michinori/alerts';
import { createSilentLogger } from '@michinori/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOutbox, type Notification } from '../../src/index.ts';
import { createAlerting } from '../../src/rules/alerting.ts';
import { ownLease } from '../../src/rules/lease.ts';
import { memoryStore } from '../outbox/memory-store.ts';
import { delivered, playedChannel, retry } from '../outbox/receivers.ts';
import { memoryRuleStore } from './memory-rule-store.ts';
import { type Day, dailyRule, dayUs, firstUs, hourUs, readingsFor, rulesOf, travelling } from './world.ts';

const seed = Number(process.env.MICHINORI_TEST_SEED ?? 20_261_122);
const runs = Number(process.env.MICHINORI_TEST_RUNS ?? 60);

/** Where a process may be killed, or an error come: at the next thing of this name that it does. */
const places = ['rules', 'last', 'untold', 'change', 'append', 'told', 'enqueue', 'send', 'record'].flatMap((what) => [
  `before ${what}`,
  `after ${what}`,
]);
const delicate = [
  'before append',
  'after append',
  'before told',
  'after enqueue',
  ...Array<string>(8).fill('after send'),
];

const steps = fc.array(
  fc.oneof(
    {
      weight: 10,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 40 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('back' as const), hours: fc.integer({ min: 1, max: 60 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('jump' as const), hours: fc.integer({ min: 100, max: 400 }) }),
    },
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant('kill' as const), at: fc.constantFrom(...places, ...delicate) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('fail' as const), at: fc.constantFrom(...places, ...delicate) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('receiver' as const), isDown: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('files' as const) }) },
  ),
  { minLength: 5, maxLength: 60 },
);
/** Runs of like days. */
const days = fc.array(
  fc.record({
    day: fc.constantFrom<Day>('usual', 'usual', 'bad', 'bad', 'failing', 'late'),
    count: fc.integer({ min: 1, max: 9 }),
  }),
  { minLength: 5, maxLength: 30 },
);

/** What all runs have seen: a run that shows nothing proves nothing. */
const sights = { fired: 0, resolved: 0, killed: 0, repeated: 0, failing: 0, renewed: 0 };

type Steps = typeof steps extends fc.Arbitrary<infer T> ? T : never;
type Days = typeof days extends fc.Arbitrary<infer T> ? T : never;

/** An alerter and everything that happens to it. `isChanging`: after every kill the days are like others, as if late events had come. */
async function played(happenings: Steps, script: Days, { isChanging }: { isChanging: boolean }) {
  const list = [...Array<Day>(25).fill('usual'), ...script.flatMap(({ day, count }) => Array<Day>(count).fill(day))];
  const dayAt = (us: number): Day => list[Math.floor((us - firstUs) / dayUs) + 25] ?? 'usual';
  const files = rulesOf(dailyRule()).map((rule) => ({ ...rule, file: 'test' }));
  const [own] = files;
  if (own === undefined) throw new Error('no rule');

  let nowUs = firstUs + hourUs / 2;
  let isDown = false;
  let killAt: string | null = null;
  let failAt: string | null = null;
  let generation = 0;
  let isKilled = false;
  /** After a kill the process does nothing more. */
  const reach = (place: string) => {
    isKilled ||= place === killAt;
    if (isKilled) throw new Error('killed');
    if (place !== failAt) return;
    failAt = null;
    throw new Error('out of order');
  };
  const around = async <T>(what: string, work: () => T | Promise<T>): Promise<T> => {
    reach(`before ${what}`);
    const result = await work();
    reach(`after ${what}`);
    return result;
  };
  const rules = memoryRuleStore({
    before: (what) => reach(`before ${what}`),
    after: (what) => reach(`after ${what}`),
  });
  const deliveries = memoryStore();
  const heard: Notification[] = [];
  const channel = playedChannel('people');
  channel.play((told) =>
    around('send', () => {
      if (isDown) return retry(1000);
      heard.push(told);
      return delivered;
    }),
  );
  let hasNewFiles = false;
  const openOutbox = () =>
    createOutbox({
      store: {
        append: (given) => around('enqueue', () => deliveries.append(given)),
        record: (given) => around('record', () => deliveries.record(given)),
        unfinished: () => around('waiting', () => deliveries.unfinished()),
      },
      channels: [channel],
      clock: { nowUs: () => nowUs },
    });
  const start = () =>
    createAlerting({
      store: rules,
      lease: ownLease,
      setup: {
        refresh() {
          const isNew = hasNewFiles;
          sights.renewed += isNew ? 1 : 0;
          hasNewFiles = false;
          return isNew;
        },
        current: () => ({ files, channels: ['people'], openOutbox }),
      },
      clock: { nowUs: () => nowUs },
      logger: createSilentLogger(),
      metrics: { evaluated() {}, leads() {}, filesAreUsed() {}, showAlerts() {} },
      boardUrl: null,
      catchUpMax: 1000,
      journeys: async () => [{ derivation: 1, journey: travelling }],
      read: async (_, rule, __, evaluationUs) =>
        readingsFor(rule, evaluationUs, (us) => dayAt(us + (isChanging ? generation * 7 * dayUs : 0))),
    });

  let alerting = start();
  await alerting.tick();
  for (const happening of happenings) {
    if (happening.kind === 'receiver') isDown = happening.isDown;
    else if (happening.kind === 'files') [hasNewFiles, nowUs] = [true, nowUs + 60_000_000];
    else if (happening.kind === 'kill') killAt = happening.at;
    else if (happening.kind === 'fail') failAt = happening.at;
    else nowUs += (happening.kind === 'back' ? -1 : 1) * happening.hours * hourUs;
    await alerting.tick();
    await alerting.tick();
    if (isKilled) {
      sights.killed += 1;
      [isKilled, killAt] = [false, null];
      generation += 1;
      alerting = start();
      await alerting.tick();
    }
  }
  [isKilled, killAt, failAt, isDown] = [false, null, null, false];
  alerting = start();
  for (let hour = 0; hour < 40; hour++) {
    nowUs += 12 * hourUs;
    await alerting.tick();
  }
  const first = [...new Map(heard.map((told) => [told.id, told])).values()];
  sights.repeated += heard.length - first.length;
  return { own, dayAt, rules, told: first.map((each) => `${each.state} ${each.startedAtUs}`) };
}

/** What transitions tell. */
const tellings = (transitions: readonly Transition[]): string[] =>
  transitions.flatMap(({ kind, episode }) => {
    if (kind === 'fired') return [`firing ${episode.startedUs}`];
    return kind === 'resolved' ? [`resolved ${episode.startedUs}`] : [];
  });

describe('alerting, whatever happens', () => {
  it('comes to the episodes of an alerter that nothing happens to, and tells each beginning and each end once', async () => {
    await fc.assert(
      fc.asyncProperty(steps, days, async (happenings, script) => {
        const { own, dayAt, rules, told } = await played(happenings, script, { isChanging: false });
        let state = noState(own.rule.id);
        const expected: string[] = [];
        const lastUs = rules.records().at(-1)?.evaluatedUs ?? 0;
        for (let us = firstUs; us <= lastUs; us += dayUs) {
          const next = evaluateRule(own.rule, state, readingsFor(own.rule, us, dayAt).readings, us);
          state = next.state;
          expected.push(...tellings(next.transitions));
          sights.failing += dayAt(us) === 'failing' ? 1 : 0;
        }
        expect(told).toEqual(expected);
        expect(rules.records().at(-1)?.remembered.state).toEqual(state);
        expect(rules.records().map(({ evaluatedUs }) => evaluatedUs)).toEqual(
          Array.from({ length: (lastUs - firstUs) / dayUs + 1 }, (_, i) => firstUs + i * dayUs),
        );
        expect(await rules.untold()).toEqual([]);
        sights.fired += expected.filter((text) => text.startsWith('firing')).length;
        sights.resolved += expected.filter((text) => text.startsWith('resolved')).length;
      }),
      { numRuns: runs, seed },
    );
    for (const [what, count] of Object.entries(sights)) expect(count, what).toBeGreaterThan(0);
  });

  it('tells exactly what its records say, in pairs, also if what was read has changed by a restart', async () => {
    await fc.assert(
      fc.asyncProperty(steps, days, async (happenings, script) => {
        const { rules, told } = await played(happenings, script, { isChanging: true });
        expect(told).toEqual(rules.records().flatMap(({ transitions }) => tellings(transitions)));
        for (const [i, text] of told.entries()) {
          const [state, startedAt] = text.split(' ');
          if (state === 'resolved') expect(told[i - 1]).toBe(`firing ${startedAt}`);
          else expect(told[i + 1] ?? 'resolved').toContain('resolved');
        }
      }),
      { numRuns: runs, seed: seed + 1 },
    );
  });
});
