import { actContacts } from './contacts.ts';
import type { Happening, Scene } from './happening.ts';
import { drawPath, officeClockOf, type Path } from './path.ts';
import { actProbes } from './probes.ts';
import { at, createRng } from './rng.ts';
import { drawMood, drawTemperament, sentimentOf } from './satisfaction.ts';
import { drawPerson, type Person } from './segments.ts';
import { actSessions, openTicket } from './sessions.ts';
import { touchpointOf } from './touchpoints.ts';
import { actOnboarding, entryOf, farewellOf } from './transitions.ts';
import type { World } from './world.ts';

/** One person's whole story: the true path, and every happening in order of time with the visit it fell into. */
export interface Story {
  person: Person;
  path: Path;
  happenings: readonly (Happening & { visitIndex: number })[];
}

/**
 * The story of one traveller: a pure function of world and index. The path has a random stream of its own, so nothing
 * that decorates it can move it.
 */
export function tellStory(world: World, index: number): Story {
  const whoRng = createRng(world.seed, 2, index);
  // The first persons found the companies, the others join them, the low numbers more often (u^1.5).
  const u = whoRng.uniform();
  const { accounts } = world;
  const account = at(accounts, index < accounts.length ? index : Math.floor(accounts.length * u * Math.sqrt(u)));
  const person = drawPerson(whoRng, index, account);
  const path = drawPath(world, createRng(world.seed, 3, index), account);
  const rng = createRng(world.seed, 4, index);
  const temperament = drawTemperament(rng);
  const clock = officeClockOf(account);
  const happenings: (Happening & { visitIndex: number })[] = [];

  path.visits.forEach((visit, visitIndex) => {
    const mood = (atMs: number) => drawMood(rng, visit, temperament, atMs);
    const keep = (happening: Happening) => {
      const { sentimentOffset } = touchpointOf(happening.touchpoint);
      const isSaid = sentimentOffset !== null && (happening.nps !== undefined || rng.chance(0.7));
      const sentiment = isSaid ? { sentiment: sentimentOf(mood(happening.atMs), sentimentOffset) } : {};
      happenings.push({ ...happening, ...sentiment, visitIndex });
    };
    const { enteredMs, endedMs } = visit;
    const scene: Scene = {
      rng,
      enteredMs,
      endedMs,
      mood,
      note: (happening) => {
        if (happening.atMs > enteredMs && happening.atMs < endedMs) keep(happening);
      },
    };
    const previous = path.visits[visitIndex - 1] ?? null;
    const entry = entryOf(createRng(world.seed, 5, index, visitIndex), visit, previous, path, account);
    keep(entry);
    const next = path.visits[visitIndex + 1];
    if (visit.stage === 'onboarding') {
      const nextEntry = next
        ? entryOf(createRng(world.seed, 5, index, visitIndex + 1), next, visit, path, account)
        : null;
      actOnboarding(scene, visit, clock, nextEntry);
    }
    if (visit.condition === 'incident' && rng.chance(0.5))
      openTicket(scene, clock, enteredMs + 600_000, 'enquiry.sent', 'trial-access');
    actSessions(scene, visit, clock);
    actProbes(scene, visit);
    actContacts(scene, visit, clock);
    const farewell = farewellOf(rng, visit);
    if (farewell) keep(farewell);
  });
  happenings.sort((a, b) => a.atMs - b.atMs || a.visitIndex - b.visitIndex);
  return { person, path, happenings };
}
