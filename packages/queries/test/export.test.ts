import type { ClickHouse } from '@michinori/clickhouse';
import {
  type EventCopy,
  insertDeliveries,
  insertUnitJourneys,
  referenceUnitJourneys,
  story,
  storyHour,
  storyJourney,
  storyStage,
  temporaryClickHouse,
  winningCopies,
} from '@michinori/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExportEventsPage, readExportEvents } from '../src/export/export-events.ts';
import { type ExportVisitsPage, readExportVisits } from '../src/export/export-visits.ts';
import { runJourneyCustomers } from '../src/journey/journey-customers.ts';
import { planJourney } from '../src/journey/scope.ts';

const letters = 'ABCX';
const journey = storyJourney({
  id: 'export',
  segments: ['plan'],
  stages: [storyStage('a', ['A']), storyStage('b', ['B']), storyStage('c', ['C'], { terminal: true })],
});

/** 60 customers with up to 9 events, many at one instant, some without a name; every tenth event is delivered twice. */
const copies: EventCopy[] = Array.from({ length: 60 }, (_, c) => {
  const hours = Array.from({ length: 1 + (c % 9) }, (_, i) => `${letters[(c + i * 3) % 4]}${Math.floor(i / 2) * 3}`);
  const traits = new Map([['plan', c % 2 === 0 ? 'pro' : '']]);
  return story(
    hours.join(' '),
    c % 7 === 0 ? { customer: null, anonymous: `a${c}`, traits } : { customer: `c${c}`, traits },
  );
})
  .flat()
  .map((copy, logOffset) => ({ ...copy, logOffset }));
const copied = copies.filter((_, i) => i % 10 === 0).map((copy, i) => ({ ...copy, logOffset: 10_000 + i }));
const changed = copies
  .filter((_, i) => i % 15 === 1)
  .map((copy, i) => ({
    ...copy,
    logOffset: 20_000 + i,
    event: { ...copy.event, channel: 'late', receivedAtUs: copy.event.receivedAtUs + 1 },
  }));
const nowUs = storyHour(1_000);
const everything = { fromUs: 0, toUs: 4_102_444_800_000_000 };

let clickhouse: ClickHouse;
beforeAll(async () => {
  clickhouse = await temporaryClickHouse({ onTestFinished: (close) => afterAll(close) });
  await insertDeliveries(clickhouse, [copies, [...copied, ...changed]]);
  await insertUnitJourneys(clickhouse, 1, referenceUnitJourneys(journey, copies));
});

async function allEvents(question: {
  fromUs: number;
  toUs: number;
  limit: number;
  bytesMax?: number;
}): Promise<ExportEventsPage[]> {
  const pages: ExportEventsPage[] = [];
  let cursor: string | null = null;
  do {
    const page: ExportEventsPage = await readExportEvents(clickhouse, { ...question, cursor });
    pages.push(page);
    cursor = page.cursor;
  } while (cursor !== null);
  return pages;
}

const summary = ({ event }: EventCopy) =>
  [
    event.customer ?? `~${event.anonymous}`,
    event.occurredAtUs,
    event.sequence,
    event.id,
    event.touchpoint,
    event.channel,
  ].join();

describe('the export of events', () => {
  it.each([1, 7, 5_000])(
    'has every event once, %i a page, those of a customer together and in order',
    async (limit) => {
      const pages = await allEvents({ ...everything, limit });
      expect(Math.max(...pages.map(({ rows }) => rows.length))).toBeLessThanOrEqual(limit);
      const rows = pages.flatMap((page) => page.rows);
      const found = rows.map(({ customer, anonymous, occurredAt, sequence, id, touchpoint, channel }) =>
        [customer ?? `~${anonymous}`, Date.parse(occurredAt) * 1_000, sequence, id, touchpoint, channel].join(),
      );
      expect([...found].sort()).toEqual(
        winningCopies([...copies, ...copied, ...changed])
          .map(summary)
          .sort(),
      );
      const customers = rows.map(({ customer, anonymous }) => customer ?? `~${anonymous}`);
      expect(customers.filter((name, i) => name !== customers[i - 1])).toHaveLength(60);
      for (const [i, row] of rows.entries()) {
        const before = customers[i - 1] === customers[i] ? rows[i - 1] : undefined;
        if (before === undefined) continue;
        const key = ({ occurredAt, id }: typeof row) => `${occurredAt} ${id}`;
        expect(key(before) < key(row)).toBe(true);
      }
      const shares = pages.map(({ progress }) => progress);
      expect(shares).toEqual([...shares].sort((a, b) => a - b));
      expect(shares.at(-1)).toBe(1);
      if (limit === 1) expect(shares.some((share) => share > 0.3 && share < 0.7)).toBe(true);
    },
  );

  it('cuts a page earlier where events are large, but never to nothing', async () => {
    const whole = (await allEvents({ ...everything, limit: 5_000 })).flatMap((page) => page.rows);
    const pages = await allEvents({ ...everything, limit: 50, bytesMax: 40 });
    expect(pages.flatMap((page) => page.rows)).toEqual(whole);
    const sizes = pages.map(({ rows }) => rows.length);
    expect([Math.min(...sizes), Math.max(...sizes) < 20]).toEqual([expect.toSatisfy((least) => least > 0), true]);
  });

  it('is of a range of occurrence, the end excluded', async () => {
    const range = { fromUs: storyHour(3), toUs: storyHour(6) };
    const rows = (await allEvents({ ...range, limit: 10 })).flatMap((page) => page.rows);
    const expected = winningCopies(copies).filter(
      ({ event }) => event.occurredAtUs >= range.fromUs && event.occurredAtUs < range.toUs,
    );
    expect(rows.map(({ id }) => id).sort()).toEqual(expected.map(({ event }) => event.id).sort());
    expect(expected.length).toBeGreaterThan(10);
  });

  it('refuses a cursor that is none', async () => {
    const question = { ...everything, limit: 1, cursor: 'eyJhIjoxfQ' };
    await expect(readExportEvents(clickhouse, question)).rejects.toThrow('cursor');
  });
});

describe('the export of visits', () => {
  const scope = planJourney(
    { from: 0, to: 4_102_444_800_000_000 / 10, asOf: nowUs, count: 'visits' },
    { derivation: 1, journey },
    nowUs,
  );

  it.each([1, 7, 5_000])(
    'has the visits behind the numbers, %i units a page, those of a unit together',
    async (unitsMax) => {
      const wide = { ...scope, fromUs: 0, toUs: nowUs };
      const question = { stage: null, outcome: null, touchpoint: null, limit: 5_000, cursor: null };
      const expected = (await runJourneyCustomers(clickhouse, wide, question)).rows;
      expect(expected.length).toBeGreaterThan(60);
      const rows: ExportVisitsPage['rows'][number][] = [];
      let cursor: string | null = null;
      do {
        const page: ExportVisitsPage = await readExportVisits(clickhouse, wide, { unitsMax, cursor });
        const units = page.rows.map(({ customer, anonymous }) => customer ?? `~${anonymous}`);
        expect(new Set(units).size).toBeLessThanOrEqual(unitsMax);
        rows.push(...page.rows);
        cursor = page.cursor;
      } while (cursor !== null);
      const text = ({ segmentValues: _, ...row }: Partial<(typeof rows)[number]>) => JSON.stringify(row);
      expect(rows.map(text).sort()).toEqual(expected.map(text).sort());
      const order = rows.map(({ customer, anonymous, visit }) => [customer ?? `~${anonymous}`, visit] as const);
      for (const [i, [unit, visit]] of order.entries()) {
        const before = order.slice(0, i).filter(([name]) => name === unit);
        expect(before.length === 0 || order[i - 1]?.[0] === unit).toBe(true);
        expect(before.every(([, earlier]) => earlier < visit)).toBe(true);
      }
      expect(new Set(rows.map(({ segmentValues }) => segmentValues.join()))).toEqual(new Set(['pro', '']));
    },
  );
});
