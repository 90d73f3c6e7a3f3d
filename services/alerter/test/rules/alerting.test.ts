import { createLogger, createSilentLogger, type Logger } from '@michinori/runtime';
import { describe, expect, it } from 'vitest';
import { createOutbox, type Notification } from '../../src/index.ts';
import { type AlertingOptions, type AlertingSetup, createAlerting } from '../../src/rules/alerting.ts';
import { type Lease, ownLease } from '../../src/rules/lease.ts';
import type { FileRule } from '../../src/rules/load-rules.ts';
import type { RuleStore } from '../../src/rules/rule-store.ts';
import { memoryStore } from '../outbox/memory-store.ts';
import { delivered, playedChannel } from '../outbox/receivers.ts';
import { memoryRuleStore } from './memory-rule-store.ts';
import { type Day, dailyRule, dayUs, firstUs, hourUs, readingsFor, rulesOf, travelling } from './world.ts';

type Shared = ReturnType<typeof scene>;

/** What alerters share: stores, a clock that the test turns, two receivers, and what days are like. */
function scene(given: { days?: (us: number) => Day } = {}) {
  const clock = { now: firstUs + hourUs, nowUs: () => clock.now };
  const heard: string[] = [];
  const told: Notification[] = [];
  const channels = ['people', 'others'].map((name) => {
    const channel = playedChannel(name);
    channel.play((notification) => {
      heard.push(`${name} ${notification.state} ${notification.alert}`);
      told.push(notification);
      return delivered;
    });
    return channel;
  });
  return {
    ...{ heard, told, channels, store: memoryRuleStore(), deliveries: memoryStore() },
    days: given.days ?? ((us: number): Day => (us >= firstUs && us < firstUs + 3 * dayUs ? 'bad' : 'usual')),
    clock,
  };
}

const fileRules = (text: string): FileRule[] =>
  text === '' ? [] : rulesOf(text).map((rule) => ({ ...rule, file: 'rules.yaml' }));

function alerterOf(own: Shared, rules: string | null, given: Partial<AlertingOptions> & { logger?: Logger } = {}) {
  const shown: Record<string, boolean>[] = [];
  const alerting = createAlerting({
    setup: {
      refresh: () => false,
      current: () => ({
        files: rules === null ? null : fileRules(rules),
        channels: own.channels.map(({ name }) => name),
        openOutbox: () => createOutbox({ store: own.deliveries, channels: own.channels, clock: own.clock }),
      }),
    },
    store: own.store,
    lease: ownLease,
    clock: own.clock,
    logger: createSilentLogger(),
    metrics: {
      evaluated() {},
      leads() {},
      filesAreUsed() {},
      showAlerts: (alerts) => void shown.push(Object.fromEntries(alerts)),
    },
    boardUrl: 'https://board.example.com/',
    catchUpMax: 100,
    journeys: async () => [{ derivation: 1, journey: travelling }],
    read: async (_, rule, __, us) => readingsFor(rule, us, own.days),
    ...given,
  });
  return {
    ...alerting,
    shown,
    async pass(us: number) {
      own.clock.now += us;
      await alerting.tick();
    },
  };
}

const evaluated = ({ store }: Shared) => store.records().map((record) => (record.evaluatedUs - firstUs) / dayUs);

describe('the schedule of rules', () => {
  it('begins with the newest instant, evaluates each once, and makes up for what was missed, in order', async () => {
    const own = scene();
    const first = alerterOf(own, dailyRule());
    await first.pass(0);
    await first.pass(hourUs);
    expect(evaluated(own)).toEqual([0]);
    await first.pass(dayUs);
    expect(evaluated(own)).toEqual([0, 1]);
    await first.stop();
    const second = alerterOf(own, dailyRule());
    await second.pass(3 * dayUs);
    expect(evaluated(own)).toEqual([0, 1, 2, 3, 4]);
    await second.pass(-3 * dayUs);
    await second.pass(dayUs);
    expect(evaluated(own)).toEqual([0, 1, 2, 3, 4]);
    await second.pass(3 * dayUs);
    expect(evaluated(own)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('makes up for the newest ones only, and says so', async () => {
    const own = scene();
    const lines: string[] = [];
    const logger = createLogger({ service: 'test', destination: { write: (line) => lines.push(line) } });
    const alerting = alerterOf(own, dailyRule(), { catchUpMax: 2, logger });
    await alerting.pass(0);
    expect(lines.join('')).not.toContain('missed');
    await alerting.pass(10 * dayUs);
    expect(evaluated(own)).toEqual([0, 9, 10]);
    expect(lines.join('')).toMatch(/"alert":"losses".*more evaluations were missed/);
  });

  it('waits for the journey to have answers', async () => {
    const own = scene();
    let isThere = false;
    const journeys = async () => (isThere ? [{ derivation: 1, journey: travelling }] : []);
    const alerting = alerterOf(own, dailyRule(), { journeys });
    await alerting.pass(0);
    expect(evaluated(own)).toEqual([]);
    isThere = true;
    await alerting.pass(60_000_000);
    expect(evaluated(own)).toEqual([0]);
  });
});

describe('what is told', () => {
  it('names what happened, with links, to the channels of the rule; the end to whoever heard the beginning', async () => {
    const own = scene();
    const alerting = alerterOf(own, dailyRule('losses', 'runbook: https://wiki.example.com/\n'));
    await alerting.pass(0);
    await alerting.pass(dayUs);
    expect(own.heard).toEqual(['people firing losses']);
    expect(alerting.shown.at(-1)).toEqual({ losses: true });
    expect(own.told[0]).toMatchObject({
      ...{ journey: 'travelling', stage: 'booking', segment: null, touchpoint: null, kind: 'stage-drop-off' },
      ...{ severity: 'warning', startedAtUs: firstUs, resolvedAtUs: null, k: 160, n: 400, rate: 0.4 },
      ...{ runbookUrl: 'https://wiki.example.com/' },
    });
    const day = (us: number) => new Date(us / 1000).toISOString();
    const customers = {
      ...{ stage: 'booking', outcome: 'dropped' },
      ...{ from: day(firstUs - 6 * hourUs - 2 * dayUs), to: day(firstUs - 6 * hourUs - dayUs) },
    };
    const partsOf = (url = '') => {
      const { searchParams, origin, pathname } = new URL(url);
      return [origin + pathname, Object.fromEntries(searchParams)];
    };
    const board = 'https://board.example.com';
    const [first] = own.told;
    expect(partsOf(first?.boardUrl)).toEqual([
      `${board}/alerts`,
      { alert: 'losses', series: expect.stringMatching('booking') },
    ]);
    expect(partsOf(first?.customersUrl)).toEqual([`${board}/journeys/travelling/customers`, customers]);
    expect(partsOf(board + first?.customersPath)).toEqual([`${board}/v1/journeys/travelling/customers`, customers]);
    expect(own.told[0]?.title.en).toContain('Booking');
    expect(own.told[0]?.text.ja).toContain('160');
    await alerting.stop();

    const changed = alerterOf(own, dailyRule().replace('[people]', '[others]'));
    for (let days = 0; days < 4; days++) await changed.pass(dayUs);
    expect(own.heard).toEqual(['people firing losses', 'people resolved losses']);
    expect(own.told[1]).toMatchObject({ state: 'resolved', startedAtUs: firstUs });
    expect(changed.shown.at(-1)).toEqual({ losses: false });
  });

  it('is the end of everything that a rule ceases to watch', async () => {
    const own = scene({ days: (us) => (us >= firstUs ? 'bad' : 'usual') });
    const both = `${dailyRule('one')}---\n${dailyRule('two')}---\n${dailyRule('three')}`;
    const alerting = alerterOf(own, both);
    await alerting.pass(0);
    await alerting.stop();
    expect(own.heard).toHaveLength(3);
    const volume = dailyRule('two').replace('window: 1d', 'window: 1d\nkind: stalled-share');
    const other = alerterOf(own, `${dailyRule('one')}---\n${volume}`);
    await other.pass(dayUs);
    await other.tick();
    expect(
      own.heard
        .slice(3)
        .filter((text) => text.includes('resolved'))
        .sort(),
    ).toEqual(['people resolved three', 'people resolved two']);
    expect(Object.keys(other.shown.at(-1) ?? {})).toEqual(['one', 'two']);
    await other.pass(dayUs);
    expect(own.heard.filter((text) => text.includes('resolved'))).toHaveLength(2);
  });

  it('is nothing while data is late or a question fails, and alarms go on meanwhile', async () => {
    const script: Day[] = ['bad', 'failing', 'late', 'failing', 'usual'];
    const own = scene({ days: (us) => script[Math.floor((us - firstUs) / dayUs)] ?? 'usual' });
    const alerting = alerterOf(own, dailyRule());
    const states: string[] = [];
    for (let day = 0; day < 4; day++) {
      await alerting.pass(day === 0 ? 0 : dayUs);
      const [series] = own.store.records().at(-1)?.remembered.state.series ?? [];
      states.push(`${series?.state} ${series?.episode?.firedUs === firstUs}`);
    }
    expect(states).toEqual(['firing true', 'query-failed true', 'late-data true', 'query-failed true']);
    expect(own.heard).toEqual(['people firing losses']);
    await alerting.pass(dayUs);
    expect(own.heard).toEqual(['people firing losses', 'people resolved losses']);
  });
});

describe('rules in the store', () => {
  it('are those of the files; those of the API stay, and are seen without a restart', async () => {
    const own = scene();
    const alerting = alerterOf(own, dailyRule('one'));
    await alerting.pass(0);
    expect(own.store.changes()).toEqual([
      { alert: 'one', source: expect.stringContaining('alert: one'), changedBy: 'rules.yaml' },
    ]);
    own.store.viaLog([{ alert: 'two', source: dailyRule('two'), changedBy: 'somebody' }]);
    await alerting.pass(60_000_000);
    expect([...new Set(own.store.records().map(({ alert }) => alert))]).toEqual(['one', 'two']);
    await alerting.stop();
    const without = alerterOf(own, '');
    await without.pass(dayUs);
    expect((await own.store.rules()).map(({ alert }) => alert)).toEqual(['two']);
    await without.stop();
    const unchanged = alerterOf(own, null);
    await unchanged.pass(dayUs);
    expect((await own.store.rules()).map(({ alert }) => alert)).toEqual(['two']);
  });

  it('are those of the files as they are now: what changes in a file begins within a minute, with its own channels', async () => {
    const own = scene({ days: (us) => (us >= firstUs ? 'bad' : 'usual') });
    const [people, others] = own.channels;
    if (people === undefined || others === undefined) throw new Error('no channels');
    let setup: AlertingSetup = {
      ...{ files: fileRules(dailyRule('one')), channels: ['people'] },
      openOutbox: () => createOutbox({ store: own.deliveries, channels: [people], clock: own.clock }),
    };
    let isNew = false;
    const refresh = () => {
      const was = isNew;
      isNew = false;
      return was;
    };
    const alerting = alerterOf(own, '', { setup: { refresh, current: () => setup } });
    await alerting.pass(0);
    expect(own.heard).toEqual(['people firing one']);
    const two = dailyRule('two').replace('people', 'others');
    setup = {
      ...{ files: fileRules(`${dailyRule('one')}---\n${two}`), channels: ['people', 'others'] },
      openOutbox: () => createOutbox({ store: own.deliveries, channels: [people, others], clock: own.clock }),
    };
    isNew = true;
    await alerting.pass(1_000_000);
    expect(own.heard).toHaveLength(1);
    await alerting.pass(60_000_000);
    expect(own.heard).toEqual(['people firing one', 'others firing two']);
    setup = { ...setup, files: fileRules(two) };
    isNew = true;
    await alerting.pass(60_000_000);
    expect(own.heard.slice(2)).toEqual(['people resolved one']);
    expect(alerting.shown.at(-1)).toEqual({ two: true });
  });

  it('that can not be read hold up no other', async () => {
    const own = scene();
    own.store.viaLog([{ alert: 'odd', source: 'alert: [', changedBy: 'somebody' }]);
    const alerting = alerterOf(own, dailyRule());
    await alerting.pass(0);
    expect(own.heard).toEqual(['people firing losses']);
  });
});

describe('several alerters', () => {
  /** A lease that the test hands from one to the other. */
  function handed(): { holder: string; of(name: string): Lease } {
    const lease = {
      holder: 'a',
      of: (name: string): Lease => ({
        hold: async () => lease.holder === name,
        isHeld: () => lease.holder === name,
        release: async () => {},
      }),
    };
    return lease;
  }

  it('evaluate and tell once, whoever leads', async () => {
    const own = scene();
    const lease = handed();
    const [a, b] = ['a', 'b'].map((name) => alerterOf(own, dailyRule(), { lease: lease.of(name) }));
    if (a === undefined || b === undefined) throw new Error('no alerters');
    for (const holder of ['a', 'b', 'b', 'a', 'a', 'b']) {
      lease.holder = holder;
      own.clock.now += dayUs / 2;
      await Promise.all([a.tick(), b.tick()]);
      await Promise.all([a.tick(), b.tick()]);
    }
    own.clock.now += 3 * dayUs;
    await Promise.all([a.tick(), b.tick()]);
    expect(own.heard).toEqual(['people firing losses', 'people resolved losses']);
    expect(evaluated(own)).toEqual([0, 1, 2, 3, 4, 5, 6].slice(0, evaluated(own).length));
    expect(a.shown.at(-1)).toEqual({});
    expect(b.shown.at(-1)).toEqual({ losses: false });
  });

  it('write nothing once they lead no longer, also what they had begun to read while they did', async () => {
    const own = scene();
    const lease = handed();
    let goOn = () => {};
    let begun = () => {};
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const isReading = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const slow = alerterOf(own, dailyRule(), {
      lease: lease.of('a'),
      async read(_, rule, __, us) {
        begun();
        await gate;
        return readingsFor(rule, us, own.days);
      },
    });
    const other = alerterOf(own, dailyRule(), { lease: lease.of('b') });
    const ticked = slow.tick();
    await isReading;
    lease.holder = 'b';
    await slow.tick();
    lease.holder = 'a';
    goOn();
    await ticked;
    expect(own.store.records()).toEqual([]);
    lease.holder = 'b';
    await other.tick();
    expect(evaluated(own)).toEqual([0]);
    expect(own.heard).toEqual(['people firing losses']);
  });

  it('tell what was written and not told, before anything else', async () => {
    const own = scene();
    const broken: RuleStore = { ...own.store, markTold: () => Promise.reject(new Error('away')) };
    const first = alerterOf(own, dailyRule(), {
      store: broken,
      setup: {
        refresh: () => false,
        current: () => ({
          ...{ files: fileRules(dailyRule()), channels: ['people'] },
          openOutbox: () => ({ enqueue: () => Promise.reject(new Error('away')), async tick() {}, async stop() {} }),
        }),
      },
    });
    await first.pass(0);
    expect([own.heard, (await own.store.untold()).length]).toEqual([[], 1]);
    const second = alerterOf(own, dailyRule());
    await second.pass(0);
    expect([own.heard, (await own.store.untold()).length]).toEqual([['people firing losses'], 0]);
  });
});
