import { join } from 'node:path';
import { defineStatement } from '@michinori/clickhouse';
import type { Standalone } from '@michinori/standalone';
import { describe, expect, it, onTestFinished } from 'vitest';
import { curveQuestions, journeyQuestions } from './journeys/order-questions.ts';
import { allReady, applyJourneys, recordImprovement } from './journeys/visible.ts';
import {
  type Arrangement,
  arrangements,
  type HandClock,
  sendAll,
  swappedReceipts,
} from './order-independence/arrange.ts';
import { commonReceiptUs, endUs } from './order-independence/deliveries.ts';
import { allVisible, ask, startStandalone, temporaryFolder } from './standalone.ts';

const eventsMax = Number(process.env.MICHINORI_TEST_EVENTS ?? 2_500);
const shipped = join(import.meta.dirname, '..', '..', 'infra', 'journeys');
const demoJourneys = ['customer-success', 'buying'];
const files = [
  ...demoJourneys.map((name) => join(shipped, `${name}.yaml`)),
  join(import.meta.dirname, 'journeys', 'nasty.yaml'),
];
const nastyRange = 'from=2024-01-01T00:00:00Z&to=2026-12-01T00:00:00Z&asOf=2026-11-20T15:00:00Z&count=visits';
const nastyQuestions = ['stages', 'transitions', 'touchpoints', 'paths', 'customers'].map(
  (path) => `nasty/${path}?${nastyRange}`,
);
const questions = [
  ...demoJourneys.flatMap((journey) => journeyQuestions.map((question) => `${journey}/${question}`)),
  ...curveQuestions,
  ...nastyQuestions,
  'nasty/stages?asOf=2026-06-01T09:20:00Z&by=plan&count=visits',
];

/** Question → the answer as text, without what tells of the moment of asking. */
type Answers = Record<string, string>;

async function answersOf(url: string): Promise<Answers> {
  const answers: Answers = {};
  for (const question of questions) {
    const { rows, meta } = await ask<unknown>(url, `/v1/journeys/${question}`);
    const { generatedInMs: _generatedInMs, watermark: _watermark, ...stable } = meta;
    answers[question] = JSON.stringify({ rows, meta: stable });
  }
  return answers;
}

const optimize = ['events', 'superseded_events', 'event_ids', 'unit_journeys', 'customers'].map((table) =>
  defineStatement({ name: `optimize-${table}`, sql: `OPTIMIZE TABLE ${table} FINAL` }),
);

/** Takes an arrangement into a fresh data folder; the journeys are applied before the run of that number, from 0, or after the last one. */
async function play(arrangement: Arrangement, appliedBeforeRun: number): Promise<Answers> {
  const data = temporaryFolder({ onCleanup: onTestFinished });
  const clock: HandClock = { us: commonReceiptUs };
  let running: Standalone | undefined;
  onTestFinished(() => running?.lifecycle.stop('the test is done'));
  const runs = [...arrangement.runs, []];
  for (const [index, requests] of runs.entries()) {
    if (running === undefined || requests.length > 0) {
      await running?.lifecycle.stop('restart');
      running = await startStandalone(data, () => clock.us);
    }
    if (index === Math.min(appliedBeforeRun, runs.length - 1)) {
      await applyJourneys(running, files);
      for (const journey of demoJourneys) await recordImprovement(running, journey);
    }
    await sendAll(running, clock, requests);
    await allVisible(running);
  }
  if (running === undefined) throw new Error('an arrangement has at least one run');
  await allReady(running, files.length, demoJourneys.length);
  await allVisible(running);
  clock.us = endUs + 7 * 86_400e6;
  const fresh = await answersOf(running.url());
  for (const statement of optimize) await running.stores().clickhouse.command(statement);
  expect(await answersOf(running.url())).toEqual(fresh);
  await running.lifecycle.stop('the arrangement is done');
  running = undefined;
  return fresh;
}

const [inOrder, ...others] = arrangements(eventsMax);
const names = ['every delivery three times, permuted', 'the second half first, with restarts between'];
const chosen = others.filter(({ name }) => names.includes(name));
let expected: Answers = {};

describe('the same events give the same journeys', () => {
  it('however they come: there are the arrangements to compare', () => {
    expect(chosen.map(({ name }) => name)).toEqual(names);
  });

  it('in order, once, the journeys applied before the first event', async () => {
    if (inOrder === undefined) throw new Error('there is a first arrangement');
    expected = await play(inOrder, 0);
    const isEmpty = (question: string) => !expected[question]?.includes('"rows":[{');
    expect(questions.filter(isEmpty)).toEqual([]);
  }, 600_000);

  it.each(chosen.map((arrangement, index) => [arrangement.name, arrangement, index] as const))(
    '%s',
    async (_name, arrangement, index) => {
      expect(await play(arrangement, index + 1)).toEqual(expected);
    },
    600_000,
  );

  it('and other receipts give others: the comparison can fail', async () => {
    const answers = await play(swappedReceipts(eventsMax), 1);
    const different = Object.keys(answers).filter((question) => answers[question] !== expected[question]);
    expect(different).toContain(nastyQuestions[0]);
    expect(different.filter((question) => question.startsWith('customer-success/stages'))).toEqual([]);
  }, 600_000);
});
