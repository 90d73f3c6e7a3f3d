import { type ClickHouse, defineQuery } from '@michinori/clickhouse';
import type { EventLog } from '@michinori/event-log';
import type { TouchpointEvent } from '@michinori/events';
import type { Journey } from '@michinori/journey';
import {
  copiesOf,
  describeWorld,
  type EventCopy,
  journeySource,
  referenceUnitJourneys,
  storyExit,
  storyJourney,
  storyStage,
  type World,
} from '@michinori/testing';
import { expect } from 'vitest';
import { z } from 'zod';
import { answering, define } from './journeys.ts';
import { receivedAtUs } from './world.ts';

const stages = [storyStage('a', ['a']), storyStage('b', ['b', 'ab']), storyStage('c', ['c'], { terminal: true })];
const journeys: readonly Journey[] = [
  storyJourney({ id: 'people', stages, exit: [storyExit('x')], segments: ['t'] }),
  storyJourney({ id: 'firms', unit: 'account', progress: 'free', stages, exit: [storyExit('x')] }),
];

/** Which derivation answers for each journey. */
export type DerivationOf = ReadonlyMap<string, number>;

/** Applies the journeys that people travel in; whoever takes definitions has to run. */
export async function definePeopleJourneys(log: EventLog): Promise<void> {
  for (const journey of journeys) {
    const source = journeySource(journey);
    await define(log, {
      ...{ kind: 'journey', journey: journey.id, version: 1, source },
      ...{ appliedAtUs: receivedAtUs, appliedBy: 'test' },
    });
  }
}

/** Resolves when those journeys have answers. */
export async function peopleDerivations(clickhouse: ClickHouse): Promise<DerivationOf> {
  const found = new Map<string, number>();
  for (const { id } of journeys) found.set(id, await answering(clickhouse, id));
  return found;
}

const travelled = defineQuery({
  name: 'test-travelled-units',
  sql: `
    SELECT if(unit = '', concat('~', anonymous), unit) AS name, visit_stage AS stages, visit_segments AS segments,
      arrayMap(at -> toString(at), path_at) AS at, path_touchpoint AS path
    FROM unit_journeys FINAL
    WHERE derivation = {derivation:UInt32} AND startsWith(concat(unit, anonymous), {prefix:String}) AND notEmpty(visit_stage)
    ORDER BY name`,
  params: z.object({ derivation: z.int(), prefix: z.string() }),
  row: z.object({
    name: z.string(),
    stages: z.array(z.number()),
    segments: z.array(z.array(z.string())),
    at: z.array(z.string()),
    path: z.array(z.string()),
  }),
});

function expectedTravels(journey: Journey, copies: readonly EventCopy[]) {
  return referenceUnitJourneys(journey, copies)
    .filter(({ visits }) => visits.length > 0)
    .map(({ unit, anonymous, visits, path }) => ({
      name: unit === '' ? `~${anonymous}` : unit,
      stages: visits.map(({ stage }) => stage),
      segments: visits.map(({ segments }) => segments),
      at: path.map(({ atUs }) => String(atUs)),
      path: path.map(({ touchpoint }) => touchpoint),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What a stream of worlds left in the tables is what the reference says of it. */
export async function expectReference(
  clickhouse: ClickHouse,
  derivations: DerivationOf,
  { prefix, copies, worlds }: Placed,
): Promise<void> {
  for (const journey of journeys) {
    const derivation = derivations.get(journey.id) ?? 0;
    const rows = await clickhouse.queryOnWriter(travelled, { derivation, prefix });
    const found = [...rows].sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(found, `${journey.id} of\n${worlds.map(describeWorld).join('\n')}`).toEqual(
      expectedTravels(journey, copies),
    );
  }
}

let home = 0;

/** Worlds as events. `prefix` begins the names of their units. */
export interface Placed {
  readonly worlds: readonly World[];
  readonly prefix: string;
  readonly copies: readonly EventCopy[];
}

/** Worlds with units of their own, every receipt at an instant of its own. */
export function placed(worlds: readonly World[]): Placed {
  home += 1;
  const prefix = `i${home}.`;
  const copies = worlds
    .flatMap((world, index) => copiesOf(world, `${prefix}${index}.`, prefix))
    .map((copy, index): EventCopy => {
      const event: TouchpointEvent = { ...copy.event, receivedAtUs: copy.event.receivedAtUs + index * 10 };
      return { ...copy, event };
    });
  return { worlds, prefix, copies };
}

/** The deliveries in an order of their own, each a second time with a later receipt. */
export function delivered(copies: readonly EventCopy[], keys: readonly number[]): TouchpointEvent[] {
  const again = copies.map(({ event }) => ({ ...event, receivedAtUs: event.receivedAtUs + 5 }));
  return [...copies.map(({ event }) => event), ...again]
    .map((event, index) => ({ event, key: ((keys[index % keys.length] ?? 0) * (index + 7)) % 1009 }))
    .sort((left, right) => left.key - right.key)
    .map(({ event }) => event);
}
