import { defineQuery } from '@michinori/clickhouse';
import { type Derivation, deriveUnits } from '@michinori/queries';
import { type EventCopy, insertDeliveries, temporaryClickHouse } from '@michinori/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';

const HOUR_US = 3600e6;
const startUs = Date.parse('2026-01-01T00:00:00Z') * 1000;

const stage = {
  ...{ title: {}, touchpoints: [], expectedUs: null, horizonUs: HOUR_US, goals: [], terminal: false, effort: 3 },
  lostAfterUs: null,
};
const derivation: Derivation = {
  id: 1,
  journey: {
    ...{ id: 'j', version: 1, title: {}, unit: 'customer', timezone: 'UTC', progress: 'forward', activity: 'inbound' },
    ...{ personas: [], segments: [] },
    stages: [
      { ...stage, id: 's1', enter: [{ touchpoint: 'a', where: [], count: null }], lostAfterUs: 3 * HOUR_US },
      {
        ...{ ...stage, id: 's2' },
        enter: [{ touchpoint: 'b', where: [], count: { times: 2, withinUs: 5 * HOUR_US } }],
      },
    ],
    exit: [{ touchpoint: 'x', where: [], count: null, reason: { text: "it's over" } }],
  },
};

/** Touchpoint (`>` before it: outbound), hours after the start, microseconds beside. */
type Step = readonly [touchpoint: string, hours: number, offUs?: number];

const stories: Readonly<Record<string, readonly Step[]>> = {
  'count inclusive': [
    ['b', 0],
    ['b', 5],
  ],
  'count too late': [
    ['b', 0],
    ['b', 5, 1],
  ],
  'count goes on': [
    ['b', 0],
    ['b', 6],
    ['b', 8],
  ],
  'silence not yet': [
    ['a', 0],
    ['z', 3],
  ],
  'silence by a microsecond': [
    ['a', 0],
    ['z', 3, 1],
  ],
  'outbound is no activity': [
    ['a', 0],
    ['>z', 2],
    ['>z', 3, 1],
  ],
  'outbound enters': [
    ['z', 0],
    ['>a', 1],
    ['z', 4],
  ],
  'outbound exit': [
    ['a', 0],
    ['>x', 2],
  ],
  'inbound exit': [
    ['a', 0],
    ['x', 2],
  ],
  'exit after silence': [
    ['a', 0],
    ['x', 4],
  ],
};

const copies = Object.entries(stories).flatMap(([customer, steps]) =>
  steps.map(([name, hours, offUs = 0], index): EventCopy => {
    const occurredAtUs = startUs + hours * HOUR_US + offUs;
    return {
      event: {
        ...{ id: `${customer} ${index}`, customer, anonymous: null, account: null, channel: null, team: null },
        ...{ touchpoint: name.replace('>', ''), direction: name.startsWith('>') ? 'outbound' : 'inbound' },
        ...{ topic: null, occurredAtUs, receivedAtUs: occurredAtUs, sequence: null, sentiment: null, nps: null },
        ...{ amount: null, properties: new Map(), traits: new Map() },
      },
      log: 'events@test',
      logPartition: 0,
      logOffset: index,
    };
  }),
);

const visits = defineQuery({
  name: 'test-visits',
  sql: `SELECT unit, arrayMap((stage, entered, ended, outcome, active, reason) -> concat(toString(stage), ' ', toString(entered - {start:Int64}), ' ',
  toString(if(ended = 0, 0, ended - {start:Int64})), ' ', toString(outcome), ' ', toString(active - {start:Int64}), reason),
  visit_stage, visit_entered, visit_ended, visit_outcome, visit_active, visit_reason) AS visits
FROM unit_journeys`,
  params: z.object({ start: z.number() }),
  row: z.object({ unit: z.string(), visits: z.array(z.string()) }),
});

it('is exact at the edges of counts, silences and exits', async (context) => {
  const clickhouse = await temporaryClickHouse(context);
  await insertDeliveries(clickhouse, [copies]);
  await deriveUnits(clickhouse, derivation, { kind: 'range', fromKey: 0n, toKey: 2n ** 64n - 1n });
  const rows = await clickhouse.query(visits, { start: startUs });
  const hours = (value: number) => value * HOUR_US;
  expect(Object.fromEntries(rows.map(({ unit, visits }) => [unit, visits]))).toEqual({
    'count inclusive': [`2 ${hours(5)} 0 open ${hours(5)}`],
    'count too late': [],
    'count goes on': [`2 ${hours(8)} 0 open ${hours(8)}`],
    'silence not yet': [`1 0 0 open ${hours(3)}`],
    'silence by a microsecond': [`1 0 ${hours(3)} silent 0`],
    'outbound is no activity': [`1 0 ${hours(3)} silent 0`],
    'outbound enters': [`1 ${hours(1)} 0 open ${hours(4)}`],
    'outbound exit': [`1 0 ${hours(2)} lost 0it's over`],
    'inbound exit': [`1 0 ${hours(2)} lost ${hours(2)}it's over`],
    'exit after silence': [`1 0 ${hours(3)} silent 0`],
  });
});
