import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseInstant } from '@michinori/events';
import { funnelRequest } from '@michinori/queries';
import type { Standalone } from '@michinori/standalone';
import { type CountedCustomer, referenceCustomers, referenceFunnel } from '@michinori/testing';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { type DuckFunnel, duckFunnel } from './bpic2012/duckdb.ts';
import { plainFunnel, readRows } from './bpic2012/plain.ts';
import {
  describeTravellers,
  isBehind,
  labels,
  outcomes,
  type Question,
  requestOf,
  steps,
  type Traveller,
} from './bpic2012/question.ts';
import { toCopies } from './bpic2012/reference.ts';
import { ask, runCommand, startStandalone, temporaryFolder } from './standalone.ts';

const path = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'bpic2012.csv.gz');
const isThere = existsSync(path);
const mapping = [
  'customer=case_id',
  'touchpoint=concept_name',
  'occurredAt=time_timestamp',
  'team=org_resource',
  'property.amount=AMOUNT_REQ',
  'property.lifecycle=lifecycle_transition',
];
const cleanups: (() => unknown)[] = [];
let standalone: Standalone | undefined;

/** Address of the process; skips the test, loudly, where the data isn't there. */
function urlFor(context: TestContext): string {
  if (!isThere)
    context.skip('the event log bpic2012.csv.gz is not at ../shared/data: nothing was compared with real data');
  return standalone?.url() ?? '';
}

beforeAll(async () => {
  if (!isThere) return;
  const data = temporaryFolder({ onCleanup: (remove) => cleanups.push(remove) });
  const { exitCode, out, err } = await runCommand([
    '--data',
    data,
    'import',
    path,
    ...mapping.flatMap((text) => ['--map', text]),
  ]);
  expect({ exitCode, out, err }).toEqual({
    exitCode: 0,
    out: expect.stringContaining('262,200 events imported, 0 rows rejected'),
    err: '',
  });
  standalone = await startStandalone(data);
}, 600_000);

afterAll(async () => {
  await standalone?.lifecycle.stop('the tests are done');
  for (const clean of cleanups) clean();
});

interface FunnelRow {
  segment: string;
  step: number;
  customers: number;
  dropped: number;
  open: number;
  secondsP50: number | null;
}
interface CustomerRow {
  customer: string;
  furthest: number;
  open: boolean;
  [step: string]: string | number | boolean | null;
}

function microsecondsOf(text: CustomerRow[string]): number | null {
  if (typeof text !== 'string') return null;
  const parsed = parseInstant(text);
  return parsed.ok ? parsed.us : Number.NaN;
}

/** All pages of the customers behind a number. */
async function customersBehind(url: string, body: object, segment: string): Promise<Traveller[]> {
  const found: Traveller[] = [];
  let cursor: string | null = null;
  do {
    const page: { rows: CustomerRow[]; meta: { cursor: string | null } } = await ask(url, '/v1/funnels/customers', {
      ...body,
      segment,
      limit: 1_000,
      cursor,
    });
    for (const row of page.rows) {
      const stepsAtUs = steps.map((_, index) => microsecondsOf(row[`step${index + 1}At`] ?? null));
      found.push({ customer: row.customer, segment, furthest: row.furthest, isOpen: row.open, stepsAtUs });
    }
    cursor = page.meta.cursor;
  } while (cursor !== null);
  return found;
}

function toTraveller({ unit, furthest, open, stepsAtUs }: CountedCustomer, segment: string): Traveller {
  return { customer: unit, segment, furthest, isOpen: open, stepsAtUs: [...stepsAtUs] };
}

const seen = (counts: DuckFunnel['counts'], names: readonly string[]): unknown[] =>
  names.map((name) => [name, counts.get(name)?.events, counts.get(name)?.customers]);

describe('the loan applications of a Dutch bank (BPI Challenge 2012)', () => {
  it('are all there: every touchpoint with its events and customers, and the published counts', async (context) => {
    const url = urlFor(context);
    const { rows } = await ask<{ touchpoint: string; events: number; customers: number }>(
      url,
      '/v1/touchpoints?limit=1000',
    );
    const { counts } = await duckFunnel(path, {
      from: '2011-01-01',
      to: '2013-01-01',
      asOf: '2013-01-01',
      windowDays: 1,
    });
    const names = [...counts.keys()].sort();
    expect(rows.map(({ touchpoint, events, customers }) => [touchpoint, events, customers]).sort()).toEqual(
      seen(counts, names),
    );
    expect(rows.reduce((sum, { events }) => sum + events, 0)).toBe(262_200);
    const published = {
      A_SUBMITTED: 13_087,
      A_PREACCEPTED: 7_367,
      A_ACCEPTED: 5_113,
      A_FINALIZED: 5_015,
      A_APPROVED: 2_246,
      A_DECLINED: 7_635,
      A_CANCELLED: 2_807,
    };
    expect(seen(counts, Object.keys(published))).toEqual(
      Object.entries(published).map(([name, count]) => [name, count, count]),
    );
  });

  it.each<[string, Question, number[] | null]>([
    [
      'within 180 days, once everything is decided',
      { from: '2011-10-01T00:00:00+02:00', to: '2012-03-15T00:00:00Z', asOf: '2012-12-31T00:00:00Z', windowDays: 180 },
      [13_087, 7_367, 5_113, 5_015, 2_246],
    ],
    [
      'within 30 days, while some are still open',
      { from: '2011-11-01T00:00:00Z', to: '2012-03-01T00:00:00Z', asOf: '2012-03-10T12:00:00Z', windowDays: 30 },
      null,
    ],
  ])(
    'go the same way, customer for customer, in four computations: %s',
    async (_name, question, published) => {
      const url = standalone?.url() ?? '';
      if (!isThere) return;
      const body = { ...requestOf(question), from: new Date(question.from).toISOString() };
      const rows = readRows(path);
      const plain = plainFunnel(rows, question);
      const duck = await duckFunnel(path, question);
      expect(describeTravellers(duck.travellers)).toEqual(describeTravellers(plain));

      const answer = await ask<FunnelRow>(url, '/v1/funnels/query', body);
      expect(answer.rows).toHaveLength(labels.length * steps.length);
      const totals = steps.map((_, index) =>
        answer.rows.filter(({ step }) => step === index + 1).reduce((sum, { customers }) => sum + customers, 0),
      );
      if (published !== null) expect(totals).toEqual(published);
      else expect(plain.filter(({ isOpen }) => isOpen).length).toBeGreaterThan(100);

      const request = funnelRequest.parse(body);
      const asOfUs = Date.parse(question.asOf) * 1_000;
      await Promise.all(
        labels.map(async (segment) => {
          const own = plain.filter((traveller) => traveller.segment === segment);
          const members = new Set(own.map(({ customer }) => customer));
          const copies = toCopies(rows.filter(({ customer }) => members.has(customer)));
          const reference = referenceFunnel(copies, request, asOfUs);
          const everybody = referenceCustomers(copies, request, { step: 1, outcome: 'converted', segment }, asOfUs);
          expect(describeTravellers(everybody.map((one) => toTraveller(one, segment)))).toEqual(
            describeTravellers(own),
          );
          for (const row of answer.rows.filter((candidate) => candidate.segment === segment)) {
            const { step, customers, dropped, open } = row;
            const expected = reference.rows.find(
              (candidate) => candidate.segment === segment && candidate.step === step,
            );
            expect({ customers, dropped, open }).toEqual({
              customers: expected?.customers,
              dropped: expected?.dropped,
              open: expected?.open,
            });
            const median = duck.medians.find((other) => other.segment === segment && other.step === step)?.median;
            expect(row.secondsP50 ?? -1).toBeCloseTo(median ?? -1, 6);
            for (const outcome of outcomes) {
              const behind = own.filter((traveller) => isBehind(traveller, step, outcome));
              const counted = outcome === 'converted' ? customers : row[outcome];
              expect([segment, step, outcome, counted]).toEqual([segment, step, outcome, behind.length]);
              const isTold = outcome === 'converted' && step < steps.length && segment !== labels[0];
              if (isTold || counted === 0) continue;
              const drilled = await customersBehind(url, { ...body, step, outcome }, segment);
              expect(describeTravellers(drilled)).toEqual(describeTravellers(behind));
            }
          }
        }),
      );
      const convert = await ask<{ customers: number }, { customers: number; median: number }>(
        url,
        '/v1/funnels/time-to-convert',
        { ...body, fromStep: 1, toStep: steps.length },
      );
      expect(convert.meta.customers).toBe(totals.at(-1));
      expect(convert.rows.reduce((sum, { customers }) => sum + customers, 0)).toBe(totals.at(-1));
      expect(convert.meta.median).toBeCloseTo(duck.medianToConvert ?? Number.NaN, 6);
    },
    600_000,
  );
});
