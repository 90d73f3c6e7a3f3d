import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAlertRules } from '@michinori/alerts';
import { defineStatement } from '@michinori/clickhouse';
import { eventFromObject, type TouchpointEvent } from '@michinori/events';
import { createQueryApi } from '@michinori/query-api';
import { createHealth, createMetrics, createSilentLogger } from '@michinori/runtime';
import { type DemoTruth, loadStandaloneConfig, simulate } from '@michinori/standalone';
import { activeDerivation } from '@michinori/testing';
import { endUs } from './demo-world.ts';
import { deriveAll, openTables, shippedJourney, storeEvents } from './tables.ts';

const rulesFile = join(import.meta.dirname, '..', '..', '..', 'infra', 'alerts', 'rules.yaml');

/** The text of a rule as it is shipped in `infra/alerts/rules.yaml`. */
export function shippedRule(id: string): string {
  const parsed = parseAlertRules(readFileSync(rulesFile, 'utf8'), { file: 'rules.yaml' });
  const found = parsed.outcome === 'ok' ? parsed.rules.find(({ rule }) => rule.id === id) : undefined;
  if (found === undefined) throw new Error(`no rule ${id}`);
  return found.source;
}

export interface AskedBacktest {
  readonly rows: {
    stage: string;
    segment: string;
    verdict: string | null;
    firedAt: string;
    k: number;
    n: number;
  }[];
  readonly meta: {
    evaluations: number;
    weeks: number;
    alarms: number;
    falseAlarms: number | null;
    alarmsPerWeek: number | null;
    budgetPerWeek: number;
    withinBudget: string | null;
    knownBy: string;
    eventsMissed: number;
    generatedInMs: number;
    incidents: { detected: boolean; delayAfterMatureSeconds: number | null }[];
  };
}

export interface BacktestWorld {
  readonly truth: DemoTruth;
  backtest(body: object): Promise<AskedBacktest>;
  /** Takes the incident out: events that differ are replaced by those of the same demo in which it didn't happen, and visits are derived anew. */
  leaveOutIncident(): Promise<void>;
  close(): Promise<void>;
}

/** Deliveries of the demo as they are judged, in order of receipt. */
function* deliveries(incident: boolean): Generator<TouchpointEvent> {
  for (const { event, receivedAtUs } of simulate({ seed: 7, endUs, incident }).events) {
    const verdict = eventFromObject(event, { receivedAtUs });
    if (!verdict.accepted) throw new Error(verdict.rejected.rejection.message);
    yield verdict.event;
  }
}

const textOf = ({ properties, traits, receivedAtUs, ...event }: TouchpointEvent): string =>
  JSON.stringify([event, [...properties], [...traits], receivedAtUs]);

const withdraw = defineStatement({
  name: 'test-withdraw',
  sql: 'ALTER TABLE events DELETE WHERE event_id IN {ids:Array(String)} SETTINGS mutations_sync = 2',
});
const derived = ['unit_journeys', 'identity_claims', 'identity_links', 'identity_owners', 'identity_members'].map(
  (table) => defineStatement({ name: 'test-truncate', sql: `TRUNCATE TABLE ${table}` }),
);

/** The demo data of the documentation in tables, the journey `buying` derived from them, and a query API over them. */
export async function backtestWorld(): Promise<BacktestWorld> {
  const { truth } = simulate({ seed: 7, endUs });
  const { clickhouse, close } = await openTables();
  const journey = shippedJourney('buying');
  await storeEvents(clickhouse, deliveries(true));
  await deriveAll(clickhouse, { id: 1, journey });
  await activeDerivation(clickhouse, journey, 1);
  const { config } = loadStandaloneConfig({ flags: {}, env: {}, file: null });
  const { app } = createQueryApi({
    ...{ clickhouse, config: config.queryApi, logger: createSilentLogger(), health: createHealth() },
    authorize: () => ({ outcome: 'allowed', keyPrefix: null }),
    metrics: createMetrics({ service: 'test', version: '0', withProcessMetrics: false }),
    nowUs: () => endUs,
  });
  return {
    truth,
    async backtest(body) {
      const answer = await app.inject({ method: 'POST', url: '/v1/alerts/backtest', payload: body });
      if (answer.statusCode !== 200) throw new Error(answer.body);
      return answer.json() as AskedBacktest;
    },
    async leaveOutIncident() {
      const before = new Map([...deliveries(true)].map((event) => [textOf(event), event.id]));
      const differing = new Set<string>();
      for (const event of deliveries(false)) if (!before.delete(textOf(event))) differing.add(event.id);
      for (const id of before.values()) differing.add(id);
      await clickhouse.command(withdraw, { ids: [...differing] });
      // All copies of an event, as all of them were withdrawn.
      await storeEvents(
        clickhouse,
        [...deliveries(false)].filter(({ id }) => differing.has(id)),
      );
      for (const statement of derived) await clickhouse.command(statement);
      await deriveAll(clickhouse, { id: 1, journey });
    },
    async close() {
      await app.close();
      await close();
    },
  };
}
