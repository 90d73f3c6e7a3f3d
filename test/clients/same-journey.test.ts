import { join } from 'node:path';
import type { Standalone } from '@michinori/standalone';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allReady, applyJourneys } from '../e2e/journeys/visible.ts';
import { allVisible, ask, startStandalone, temporaryFolder } from '../e2e/standalone.ts';
import type { Client } from './client.ts';
import { allClients, vendorClients } from './clients.ts';
import { nativeClient } from './native-client.ts';
import { recordedSession, type Step } from './session.ts';

const shipped = join(import.meta.dirname, '..', '..', 'infra', 'journeys', 'customer-success.yaml');
const range = 'from=2026-01-01T00:00:00Z&to=2026-04-01T00:00:00Z&asOf=2026-04-01T00:00:00Z';
const prefixOf = (index: number) => `p${index}`;
/** The place of a session that is not the same. */
const other = allClients.length;
const cleanups: (() => unknown)[] = [];
let standalone: Standalone;

beforeAll(async () => {
  standalone = await startStandalone(temporaryFolder({ onCleanup: (remove) => cleanups.push(remove) }));
  cleanups.unshift(() => standalone.lifecycle.stop('the tests are done'));
  await applyJourneys(standalone, [shipped]);
  for (const [index, client] of allClients.entries()) {
    await play(client, recordedSession(prefixOf(index)));
    await play(client, recordedSession(prefixOf(index)));
  }
  await play(nativeClient, otherSession());
  await allVisible(standalone);
  await allReady(standalone, 1, 0);
  await allVisible(standalone);
});

afterAll(async () => {
  for (const clean of cleanups) await clean();
});

async function play(client: Client, steps: readonly Step[]): Promise<void> {
  const open = client.open({ url: standalone.url(), key: 'none is needed on loopback' });
  for (const step of steps) open.send(step);
  await open.settle();
  expect([client.name, open.errors]).toEqual([client.name, []]);
}

/** The session with one step a second later. */
function otherSession(): Step[] {
  return recordedSession(prefixOf(other)).map((step) =>
    step.name === 'training.attended' ? { ...step, at: step.at.replace('00.000Z', '01.000Z') } : step,
  );
}

/** An answer about one copy of the session, without what tells copies apart: prefixes, ids of CloudEvents, times of answering. */
async function answer(index: number, path: string) {
  const response = await fetch(`${standalone.url()}${path.replaceAll('PREFIX', prefixOf(index))}`);
  const text = (await response.text()).replaceAll(`${prefixOf(index)}-`, '').replaceAll('/session ', '');
  const { rows = [], meta = {} }: { rows?: Record<string, unknown>[]; meta?: Record<string, unknown> } =
    JSON.parse(text);
  const { generatedInMs: _, watermark: __, ...lasting } = meta;
  return { status: response.status, rows, meta: lasting };
}

const questions = [
  ['the timeline with stages', `/v1/customers/PREFIX-acme-42?journey=customer-success&asOf=2026-04-01T00:00:00Z`],
  ['the visits', `/v1/customers/PREFIX-acme-42?detail=visits&asOf=2026-04-01T00:00:00Z`],
  ['the visitor', `/v1/customers/PREFIX-a-9f3?anonymous=true&asOf=2026-04-01T00:00:00Z`],
] as const;

describe.each(questions)('%s', (_name, path) => {
  it('is the same, whichever client brought the session', async () => {
    const native = await answer(0, path);
    for (const [index, client] of vendorClients.entries()) {
      expect([client.name, await answer(index + 1, path)]).toEqual([client.name, native]);
    }
  });
});

it('is another where the session is another: the comparison can fail', async () => {
  const [[, timeline]] = questions;
  expect(await answer(other, timeline)).not.toEqual(await answer(0, timeline));
});

it('is a journey: stages, outcomes, traits, account, score', async () => {
  const [[, timeline], [, visits]] = questions;
  const { rows, meta } = await answer(0, timeline);
  expect(meta).toMatchObject({
    customer: 'acme-42',
    account: 'acme',
    traits: { plan: 'enterprise', industry: 'retail' },
  });
  expect(rows).toContainEqual(
    expect.objectContaining({ touchpoint: 'nps.answered', nps: 9, channel: 'app', stage: 'adoption' }),
  );
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  expect(rows.length).toBeGreaterThanOrEqual(11);
  const stages = (await answer(0, visits)).rows;
  expect(stages.map(({ stage, outcome }) => [stage, outcome])).toEqual([
    ['renewal', 'completed'],
    ['value', 'advanced'],
    ['adoption', 'advanced'],
    ['onboarding', 'advanced'],
  ]);
});

it('counts every session once, although each was delivered twice', async () => {
  const body = {
    steps: [{ touchpoint: 'contract.signed' }, { touchpoint: 'contract.renewed' }],
    window: { value: 60, unit: 'day' },
  };
  const [from, to] = ['2026-01-01T00:00:00Z', '2026-04-01T00:00:00Z'];
  const { rows } = await ask<{ customers: number }>(standalone.url(), '/v1/funnels/query', { ...body, from, to });
  expect(rows.map(({ customers }) => customers)).toEqual([allClients.length + 1, allClients.length + 1]);
  const { rows: stages } = await ask<{ stage: string; entered: number }>(
    standalone.url(),
    `/v1/journeys/customer-success/stages?${range}`,
  );
  expect(stages[0]).toMatchObject({ stage: 'onboarding', entered: allClients.length + 1 });
});
