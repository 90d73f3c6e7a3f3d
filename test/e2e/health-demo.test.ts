import { type ClickHouse, defineQuery, integerColumn } from '@michinori/clickhouse';
import { eventFromObject, type TouchpointEvent } from '@michinori/events';
import { judgeScores, type Loss, scoreCustomer } from '@michinori/health';
import { healthDefault, healthOf, healthRulesOf } from '@michinori/journey';
import { openHealthReading } from '@michinori/queries';
import { simulate } from '@michinori/standalone';
import { discrimination } from '@michinori/statistics';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { dayUs, endUs } from './journeys/demo-world.ts';
import { deriveAll, openTables, shippedJourney, storeEvents } from './journeys/tables.ts';

const journey = shippedJourney('customer-success');
const active = { derivation: 1, journey };
const horizonUs = 30 * dayUs;
/** Each horizon is over by the end of the data, and none overlaps another. */
const instants = [150, 110, 70].map((days) => endUs - days * dayUs);

let clickhouse: ClickHouse;
let close = async () => {};

function* events(): Generator<TouchpointEvent> {
  for (const { event, receivedAtUs } of simulate({ seed: 7, endUs, customers: 2_000 }).events) {
    const verdict = eventFromObject(event, { receivedAtUs });
    if (!verdict.accepted) throw new Error(verdict.rejected.rejection.message);
    yield verdict.event;
  }
}

beforeAll(async () => {
  ({ clickhouse, close } = await openTables());
  await storeEvents(clickhouse, events());
  await deriveAll(clickhouse, { id: active.derivation, journey });
}, 600_000);
afterAll(() => close());

async function scoresAt(asOfUs: number) {
  const reading = await openHealthReading(clickhouse, active, asOfUs, { unitsPerPage: 500 });
  const health = healthOf(journey) ?? healthDefault;
  const scores = [];
  for (const page of reading.pages) {
    for (const { facts } of await reading.read(page)) {
      scores.push(scoreCustomer(facts, { health, rules: healthRulesOf(journey, facts.stage) }, asOfUs));
    }
  }
  expect(scores).toHaveLength(reading.units);
  return scores;
}

/** Ends of visits that were lost, as of the end of the data; every stage gives up after 30 days of silence. */
async function losses(kinds: readonly ('lost' | 'silent')[]): Promise<Loss[]> {
  const query = defineQuery({
    name: 'test-losses',
    sql: `
      SELECT unit AS customer, if(outcome = 'open', active + {horizon:Int64}, ended) AS atUs, if(outcome = 'lost', 'lost', 'silent') AS kind
      FROM unit_journeys FINAL
      ARRAY JOIN visit_outcome AS outcome, visit_ended AS ended, visit_active AS active
      WHERE derivation = 1 AND (outcome IN ('lost', 'silent') OR (outcome = 'open' AND active + {horizon:Int64} < {end:Int64}))`,
    params: z.object({ horizon: z.int(), end: z.int() }),
    row: z.object({ customer: z.string(), atUs: integerColumn, kind: z.enum(['lost', 'silent']) }),
  });
  const rows = await clickhouse.query(query, { horizon: horizonUs, end: endUs });
  return rows.filter(({ kind }) => kinds.includes(kind));
}

it('ranks those who are lost below those who stay, and every ledger adds up to its score', async () => {
  const cancelled = await losses(['lost']);
  const all = await losses(['lost', 'silent']);
  const judged = { all: [] as { score: number; lost: boolean }[], cancelled: [] as { score: number; lost: boolean }[] };
  const held = new Map<string, number>();
  for (const asOfUs of instants) {
    const scores = await scoresAt(asOfUs);
    for (const { score, ledger } of scores) {
      expect(ledger.reduce((sum, { points }) => sum + points, 0)).toBe(score);
      for (const line of ledger) if (line.line === 'rule') held.set(line.rule, (held.get(line.rule) ?? 0) + 1);
    }
    judged.all.push(...judgeScores(scores, all, horizonUs));
    judged.cancelled.push(...judgeScores(scores, cancelled, horizonUs));
  }
  // Nobody who cancels is told apart by silence alone: these say what use and mood are worth.
  for (const own of [judged.all, judged.cancelled]) {
    const riskOf = (lost: boolean) => own.filter((each) => each.lost === lost).map(({ score }) => 100 - score);
    const found = discrimination(riskOf(true), riskOf(false));
    expect(found.lo).toBeGreaterThan(0.5);
  }
  const named = new Set(journey.stages.flatMap(({ id }) => healthRulesOf(journey, id).map((rule) => rule.id)));
  for (const id of named) expect(held.get(id) ?? 0, id).toBeGreaterThan(0);
});
