import { type ClickHouse, connectServer, migrate } from '@michinori/clickhouse';
import { listAlertRules, listAlerts, listAlertTransitions } from '@michinori/queries';
import { type Cleanup, temporaryClickHouse } from '@michinori/testing';
import { startNativeCluster } from '@michinori/testing/native-clickhouse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClickHouseLeaseStore, createClickHouseRuleStore } from '../../src/rules/clickhouse-rule-store.ts';
import { evaluationRecord } from '../../src/rules/evaluate-rule.ts';
import { createLease } from '../../src/rules/lease.ts';
import { dailyRule, dayUs, firstUs, readingsFor, rulesOf, travelling } from './world.ts';

async function openCluster(context: Cleanup): Promise<ClickHouse> {
  const cluster = await startNativeCluster(context);
  const clickhouse = await connectServer({ url: cluster.url, cluster: cluster.name });
  context.onTestFinished(() => clickhouse.close());
  await migrate(clickhouse);
  return clickhouse;
}

const stores = [
  { name: 'embedded', open: temporaryClickHouse },
  { name: 'two shards', open: openCluster },
];

const parsedRule = (id: string, more = '') => {
  const [parsed] = rulesOf(dailyRule(id, more));
  if (parsed === undefined) throw new Error('no rule');
  return parsed;
};

describe.each(stores)('rules in ClickHouse ($name)', ({ open }) => {
  const closings: (() => Promise<void>)[] = [];
  let clickhouse: ClickHouse;
  beforeAll(async () => {
    clickhouse = await open({ onTestFinished: (close) => closings.push(close) });
  }, 120_000);
  afterAll(async () => {
    for (const close of closings.reverse()) await close();
  });

  it('are given back as they were changed last', async () => {
    const store = createClickHouseRuleStore(clickhouse);
    const own = async () => (await store.rules()).filter(({ alert }) => alert.startsWith('own-'));
    const change = { changedBy: 'rules.yaml' };
    await store.change(
      [
        { ...change, alert: 'own-a', source: 'a: "é\\n"' },
        { ...change, alert: 'own-b', source: 'b' },
      ],
      firstUs,
    );
    // A clock that goes back changes nothing about what comes last.
    await store.change([{ ...change, alert: 'own-a', source: 'newer' }], firstUs - dayUs);
    await store.change([{ ...change, alert: 'own-b', source: null }], firstUs);
    expect(await own()).toMatchObject([
      { alert: 'own-a', source: 'newer', origin: 'file', changedAtUs: firstUs - dayUs },
    ]);
    await store.change(
      [
        { ...change, alert: 'own-a', source: null },
        { ...change, alert: 'own-b', source: 'again' },
      ],
      firstUs,
    );
    expect(await own()).toMatchObject([{ alert: 'own-b', source: 'again', origin: 'file', changedBy: 'rules.yaml' }]);
    await store.change([{ ...change, alert: 'own-b', source: null }], firstUs);
  });

  it('that came through the log: the last record holds, and one of a file hides it while it stands there', async () => {
    const store = createClickHouseRuleStore(clickhouse);
    const own = async () =>
      (await store.rules()).flatMap(({ alert, source, origin, changedBy }) =>
        alert.startsWith('log-') ? [[alert, source, origin, changedBy]] : [],
      );
    const columns = ['alert', 'source', 'is_deleted', 'changed_at', 'changed_by', 'log', 'log_partition', 'log_offset'];
    const row = (alert: string, source: string, atUs: number, offset: number, log = 'definitions@a') =>
      [alert, source, source === '' ? 1 : 0, atUs, 'mk_ab12', log, 0, offset] as const;
    const rows = [
      row('log-a', 'first', firstUs + 9, 1),
      // By a writer whose clock is behind.
      row('log-a', 'second', firstUs, 12),
      row('log-b', 'there', firstUs, 2),
      row('log-b', '', firstUs - 1, 3),
      // The log was made anew: its places begin at 0.
      row('log-c', 'of the old log', firstUs, 99),
      row('log-c', 'of the new log', firstUs + 1, 0, 'definitions@b'),
    ];
    await clickhouse.insert({ table: 'rule_definitions', columns, rows });
    await clickhouse.insert({ table: 'rule_definitions', columns, rows: rows.slice(0, 1) });
    expect(await own()).toEqual([
      ['log-a', 'second', 'api', 'mk_ab12'],
      ['log-c', 'of the new log', 'api', 'mk_ab12'],
    ]);
    const change = { alert: 'log-a', changedBy: 'rules.yaml' };
    await store.change([{ ...change, source: 'of a file' }], firstUs);
    expect((await own())[0]).toEqual(['log-a', 'of a file', 'file', 'rules.yaml']);
    expect(await listAlertRules(clickhouse, { alert: 'log-c' })).toMatchObject([
      { alert: 'log-c', changedAtUs: firstUs + 1 },
    ]);
    await store.change([{ ...change, source: null }], firstUs);
    expect((await own())[0]).toEqual(['log-a', 'second', 'api', 'mk_ab12']);
  });

  it('keep what became of an evaluation, and what is to be told until it is', async () => {
    const store = createClickHouseRuleStore(clickhouse);
    const parsed = parsedRule('kept', 'severity: critical\n');
    const given = { parsed, journey: travelling, boardUrl: 'https://board.example.com' };
    const usual = evaluationRecord(
      { ...given, last: null },
      readingsFor(parsed.rule, firstUs, () => 'usual').readings,
      firstUs,
    );
    await store.append(usual);
    const mine = async () => (await store.untold()).filter(({ alert }) => alert === 'kept');
    expect(await mine()).toEqual([]);
    const nextUs = firstUs + dayUs;
    const dayAt = (us: number) => (us >= nextUs ? ('bad' as const) : ('usual' as const));
    const last = { ...usual, rule: parsed.rule };
    const bad = evaluationRecord({ ...given, last }, readingsFor(parsed.rule, nextUs, dayAt).readings, nextUs);
    expect(bad.notices).toHaveLength(1);
    await store.append(bad);
    await store.append(bad);
    expect(await mine()).toEqual([{ alert: 'kept', evaluatedUs: nextUs, notices: bad.notices }]);
    const [found] = (await store.lastEvaluations()).filter(({ alert }) => alert === 'kept');
    expect(found).toEqual({ alert: 'kept', evaluatedUs: nextUs, source: parsed.source, remembered: bad.remembered });
    await store.markTold(bad);
    expect(await mine()).toEqual([]);

    const asked = { alert: 'kept', journey: 'travelling' };
    expect(await listAlerts(clickhouse, asked)).toEqual(bad.rows);
    expect(await listAlerts(clickhouse, { ...asked, journey: 'other' })).toEqual([]);
    const past = { ...asked, fromUs: 0, toUs: nextUs + 1, limit: 10 };
    const history = await listAlertTransitions(clickhouse, past);
    expect(history.map(({ alert, journey, kind, atUs }) => [alert, journey, kind, atUs])).toEqual([
      ['kept', 'travelling', 'started', nextUs],
      ['kept', 'travelling', 'fired', nextUs],
    ]);
    expect(history[1]?.verdict?.figures).toMatchObject({ k: 160, n: 400 });
    expect(await listAlertTransitions(clickhouse, { ...past, toUs: nextUs })).toEqual([]);
    expect(await listAlertTransitions(clickhouse, { ...past, alert: '', limit: 1 })).toHaveLength(1);
  });

  it('have one of several alerters that leads', async () => {
    const store = createClickHouseLeaseStore(clickhouse, 'test');
    const leases = ['a', 'b', 'c'].map((holder) =>
      createLease({ store, holder, monotonicMs: () => performance.now(), ttlMs: 3000, settleMs: 300 }),
    );
    const held = async () => {
      await Promise.all(leases.map((lease) => lease.hold()));
      return leases.map((lease) => lease.isHeld());
    };
    await expect.poll(held, { timeout: 30_000, interval: 20 }).toContain(true);
    const first = leases.findIndex((lease) => lease.isHeld());
    expect((await held()).filter((is) => is)).toHaveLength(1);
    await leases[first]?.release();
    leases.splice(first, 1);
    await expect.poll(held, { timeout: 30_000, interval: 20 }).toContain(true);
    expect((await held()).filter((is) => is)).toHaveLength(1);
  });
});
