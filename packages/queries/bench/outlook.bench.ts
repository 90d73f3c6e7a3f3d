import { defineQuery } from '@michinori/clickhouse';
import { temporaryClickHouse } from '@michinori/testing';
import { test } from 'vitest';
import { z } from 'zod';
import { runJourneyLosses } from '../src/journey/losses.ts';
import { planJourney } from '../src/journey/scope.ts';
import { runOutlookTrackRecord } from '../src/outlook/outlook-track-record.ts';
import { runJourneyOutlook } from '../src/outlook/run-outlook.ts';
import { readTouchpointModel } from '../src/outlook/touchpoint-steps.ts';
import { asOfUs, fillTable, journey } from './journey-table.ts';

const units = Number(process.env.MICHINORI_BENCH_UNITS ?? 300_000);
const visits = defineQuery({
  name: 'visits',
  sql: 'SELECT toUInt32(sum(length(visit_stage))) AS n FROM unit_journeys FINAL',
  params: z.object({}),
  row: z.object({ n: z.number() }),
});

test('outlook, its track record, losses', { timeout: 3_600_000 }, async (context) => {
  const clickhouse = await temporaryClickHouse(context, { readers: 2 });
  await fillTable(clickhouse, units);
  const [count] = await clickhouse.query(visits, {});
  process.stdout.write(`${units} units, ${count?.n} visits\n`);
  const scope = (question: Parameters<typeof planJourney>[0] = {}) =>
    planJourney(question, { derivation: 1, journey }, asOfUs);
  const cases: [string, () => Promise<unknown>][] = [
    ['outlook', () => runJourneyOutlook(clickhouse, scope())],
    ['outlook by plan', () => runJourneyOutlook(clickhouse, scope({ by: 'plan' }))],
    ['outlook track record', () => runOutlookTrackRecord(clickhouse, scope())],
    ['outlook track record by plan', () => runOutlookTrackRecord(clickhouse, scope({ by: 'plan' }))],
    ['touchpoints of one stage', () => readTouchpointModel(clickhouse, scope(), 1)],
    ['losses', () => runJourneyLosses(clickhouse, scope())],
    ['losses by plan and month', () => runJourneyLosses(clickhouse, scope({ by: 'plan', interval: 'month' }))],
  ];
  for (const [name, run] of cases) {
    const times: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const began = performance.now();
      await run();
      times.push(performance.now() - began);
    }
    process.stdout.write(`${name}: ${Math.min(...times).toFixed(0)} ms\n`);
  }
});
