import { defineStatement } from '@michinori/clickhouse';
import { eventFromObject, type TouchpointEvent } from '@michinori/events';
import { funnelRequest } from '@michinori/queries';
import type { Standalone } from '@michinori/standalone';
import { type EventCopy, referenceFunnel } from '@michinori/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type Arrangement,
  arrangements,
  type HandClock,
  sendAll,
  swappedReceipts,
} from './order-independence/arrange.ts';
import { commonReceiptUs, endUs } from './order-independence/deliveries.ts';
import { type Drill, drills, funnels, timed } from './order-independence/questions.ts';
import { allVisible, ask, startStandalone, temporaryFolder } from './standalone.ts';

const eventsMax = Number(process.env.MICHINORI_TEST_EVENTS ?? 2_500);

/** Question → the answer as text, without what tells of the moment of asking. */
type Answers = Record<string, string>;

async function answersOf(url: string): Promise<Answers> {
  const answers: Answers = {};
  const note = async (name: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const { rows, meta } = await ask<unknown, Record<string, unknown>>(url, path, body);
    const { generatedInMs: _generatedInMs, watermark: _watermark, ...stable } = meta;
    answers[name] = JSON.stringify({ rows, meta: stable });
    return meta;
  };
  const notePages = async ({ name, funnel, limit, ...asked }: Drill): Promise<void> => {
    let cursor: unknown = null;
    for (let page = 1; page === 1 || cursor !== null; page += 1) {
      const body = { ...funnels[funnel], ...asked, limit, cursor };
      cursor = (await note(`${name}, page ${page}`, '/v1/funnels/customers', body)).cursor;
    }
  };
  await Promise.all([
    ...Object.entries(funnels).map(([name, body]) => note(`funnel ${name}`, '/v1/funnels/query', body)),
    ...timed.map((name) =>
      note(`time of ${name}`, '/v1/funnels/time-to-convert', { ...funnels[name], fromStep: 1, toStep: 2 }),
    ),
    ...drills.map(notePages),
    note('touchpoints', '/v1/touchpoints?limit=1000'),
    ...['nasty-4', 'nasty-1', 'nasty-2', 'nasty-8', 'nasty-device&anonymous=true'].map((id) =>
      note(
        `customer ${id}`,
        `/v1/customers/${id.replace('&', '?')}${id.includes('&') ? '&' : '?'}asOf=2026-11-20T15:00:00Z`,
      ),
    ),
    note('touchpoints of a month', '/v1/touchpoints?from=2026-06-01T00:00:00Z&to=2026-07-01T00:00:00Z'),
  ]);
  const letters = await ask<Record<string, unknown>>(url, '/v1/dead-letters?limit=1000');
  const distinct = letters.rows.map(({ source, dialect, code, path, message, eventId, raw }) =>
    JSON.stringify([source, dialect, code, path, message, eventId, raw]),
  );
  answers['dead letters'] = JSON.stringify([...new Set(distinct)].sort());
  return answers;
}

const optimize = ['events', 'superseded_events', 'event_ids', 'dead_letters'].map((table) =>
  defineStatement({ name: `optimize-${table}`, sql: `OPTIMIZE TABLE ${table} FINAL` }),
);

/** Takes an arrangement into a fresh data folder: the answers before and after everything is merged. */
async function play(arrangement: Arrangement): Promise<{ fresh: Answers; merged: Answers }> {
  const data = temporaryFolder({ onCleanup: onTestFinished });
  const clock: HandClock = { us: commonReceiptUs };
  let running: Standalone | undefined;
  onTestFinished(() => running?.lifecycle.stop('the test is done'));
  for (const requests of arrangement.runs) {
    await running?.lifecycle.stop('restart');
    running = await startStandalone(data, () => clock.us);
    await sendAll(running, clock, requests);
    await allVisible(running);
  }
  if (running === undefined) throw new Error('an arrangement has at least one run');
  clock.us = endUs + 7 * 86_400e6;
  const fresh = await answersOf(running.url());
  for (const statement of optimize) await running.stores().clickhouse.command(statement);
  const merged = await answersOf(running.url());
  await running.lifecycle.stop('the arrangement is done');
  running = undefined;
  return { fresh, merged };
}

/** The deliveries as the reference implementation takes them: judged by the contract, in the order of the first arrangement. */
function copiesOf({ runs }: Arrangement): EventCopy[] {
  const accepted = runs.flat(2).flatMap(({ event, receivedAtUs }): TouchpointEvent[] => {
    const verdict = eventFromObject(event, { receivedAtUs });
    return verdict.accepted ? [verdict.event] : [];
  });
  return accepted.map((event, logOffset) => ({ event, log: 'events', logPartition: 0, logOffset }));
}

const [inOrder, ...others] = arrangements(eventsMax);
let expected: Answers = {};

describe('the same events give the same answers', () => {
  it('in order, once: the answers of the reference implementation, also after a merge', async () => {
    if (inOrder === undefined) throw new Error('there is a first arrangement');
    const { fresh, merged } = await play(inOrder);
    expect(merged).toEqual(fresh);
    expected = fresh;
    const copies = copiesOf(inOrder);
    for (const [name, body] of Object.entries(funnels)) {
      const { rows } = JSON.parse(fresh[`funnel ${name}`] ?? '') as { rows: Record<string, unknown>[] };
      const reference = referenceFunnel(copies, funnelRequest.parse(body), endUs);
      const counts = (row: Record<string, unknown>): unknown[] => [
        row.segment,
        row.step,
        row.customers,
        row.dropped,
        row.open,
      ];
      expect([name, ...rows.map(counts)]).toEqual([name, ...reference.rows.map((row) => counts({ ...row }))]);
      expect(rows.some(({ customers }) => Number(customers) > 0)).toBe(true);
    }
  }, 600_000);

  it.each(others.map((arrangement) => [arrangement.name, arrangement] as const))(
    '%s',
    async (_name, arrangement) => {
      const { fresh, merged } = await play(arrangement);
      expect(merged).toEqual(fresh);
      expect(fresh).toEqual(expected);
    },
    600_000,
  );

  it('and other receipts give others: the comparison can fail', async () => {
    const { fresh, merged } = await play(swappedReceipts(eventsMax));
    expect(merged).toEqual(fresh);
    const different = Object.keys(fresh).filter((name) => fresh[name] !== expected[name]);
    expect(different).toContain('funnel nasty');
    expect(different).not.toContain('funnel plain');
  }, 600_000);
});
