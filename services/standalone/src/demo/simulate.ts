import { deliver } from './delivery.ts';
import { tellStory } from './person.ts';
import { lostAfterDays } from './stages.ts';
import { type DemoEvent, streamEvents } from './stream.ts';
import { createEventTally, createTouchTally } from './tally-events.ts';
import { createHazardTally } from './tally-hazards.ts';
import { createIncidentTally, createReleaseTally } from './tally-interventions.ts';
import { createStageTally } from './tally-stages.ts';
import type { DemoTruth } from './truth.ts';
import { createWorld, type SimulateOptions, type World } from './world.ts';

export interface Simulation {
  truth: DemoTruth;
  /** In order of receipt; can be iterated again, every time from the beginning. */
  events: Iterable<DemoEvent>;
}

/**
 * Eighteen months of an invented B2B SaaS company with known truth. Pure and deterministic: the same options give the
 * same bytes on every Node. The stories are told twice, once for the truth and once for the stream, so that nothing
 * but the people under way is held in memory. Throws RangeError for options out of range.
 */
export function simulate(options: SimulateOptions): Simulation {
  const world = createWorld(options);
  const steps = observe(world);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return toSimulation(world, step.value);
  }
}

/** The same as `simulate`, with a pause after every story, in which others may work. */
export async function simulateInSteps(options: SimulateOptions, pause: () => Promise<void>): Promise<Simulation> {
  const world = createWorld(options);
  const steps = observe(world);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return toSimulation(world, step.value);
    await pause();
  }
}

interface Observation {
  truth: DemoTruth;
  arrivalsMs: Float64Array;
}

function toSimulation(world: World, { truth, arrivalsMs }: Observation): Simulation {
  return { truth, events: { [Symbol.iterator]: () => streamEvents(world, arrivalsMs) } };
}

/** Yields after every story. */
function* observe(world: World): Generator<void, Observation> {
  const arrivalsMs = new Float64Array(world.travellers);
  const accounts = new Set<string>();
  const hazards = createHazardTally(world.endMs);
  const release = createReleaseTally(world);
  const incident = createIncidentTally(world);
  const stages = createStageTally(world.endMs);
  const events = createEventTally();
  const neutral = createTouchTally('newsletter.opened');
  const harmful = createTouchTally('app.error_shown');
  let customers = 0;
  for (let index = 0; index < world.travellers; index += 1) {
    const story = tellStory(world, index);
    const { person, path, happenings } = story;
    arrivalsMs[index] = path.visits[0]?.enteredMs ?? world.startMs;
    if (path.identifiedMs < Number.POSITIVE_INFINITY) {
      customers += 1;
      accounts.add(person.account.id);
    }
    path.visits.forEach((visit, visitIndex) => {
      for (const tally of [hazards, release, incident]) tally.add(visit, person.account);
      for (const tally of [neutral, harmful]) tally.add(visit, visitIndex, happenings);
    });
    stages.add(path);
    events.add(story, deliver(world, index, happenings));
    yield;
  }
  const truth: DemoTruth = {
    version: 1,
    seed: world.seed,
    start: new Date(world.startMs).toISOString(),
    end: new Date(world.endMs).toISOString(),
    lostAfterDays,
    units: {
      travellers: world.travellers,
      customers,
      anonymousOnly: world.travellers - customers,
      accounts: accounts.size,
    },
    ...events.truth(),
    hazards: hazards.rows(),
    release: release.truth(),
    incident: incident.truth(),
    neutral: neutral.truth(),
    harmful: harmful.truth(),
    ...stages.truth(),
  };
  return { truth, arrivalsMs };
}
