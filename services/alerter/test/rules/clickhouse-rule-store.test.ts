import { type ClickHouse, connectServer, migrate } from '@michinori/clickhouse';
import { listAlerts, listAlertTransitions } from '@michinori/queries';
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
    const change = { origin: 'file' as const, changedBy: 'rules.yaml' };
    await store.change(
      [
        { ...change, alert: 'own-a', source: 'a: "é\\n"' },
        { ...change, alert: 'own-b', source: 'b' },
      ],
      firstUs,
    );
    // A clock that goes back changes nothing about what comes last.
    await store.change([{ ...change, alert: 'own-a', source: 'newer', origin: 'api' }], firstUs - dayUs);
    await store.change([{ ...change, alert: 'own-b', source: null }], firstUs);
    expect(await own()).toEqual([{ alert: 'own-a', source: 'newer', origin: 'api' }]);
    await store.change(
      [
        { ...change, alert: 'own-a', source: null },
        { ...change, alert: 'own-b', source: 'again' },
      ],
      firstUs,
    );
    expect(await own()).toEqual([{ alert: 'own-b', source: 'again', origin: 'file' }]);
    await store.change([{ ...change, alert: 'own-b', source: null }], firstUs);
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
