import { type Clock, dayMs } from './clock.ts';
import type { Happening, Scene } from './happening.ts';
import type { Visit } from './path.ts';
import { npsOf } from './satisfaction.ts';
import { touchpointOf } from './touchpoints.ts';

/** Two teams within so many days (inclusive) about the same topic: one too many. */
export const doubleContactDays = 7;
const salesFollowsUp = 0.3;

/** What the company sends on its own account: campaigns, calls, surveys. */
export function actContacts(scene: Scene, visit: Visit, clock: Clock): void {
  const { rng } = scene;
  const contact = (
    meanDays: number,
    touchpoint: 'email.sent' | 'call.made',
    team: Happening['team'],
    topic: string,
  ) => {
    let atMs = visit.enteredMs;
    for (;;) {
      atMs = clock.plus(atMs, 1 + rng.exponential() * (meanDays - 1));
      if (atMs >= visit.endedMs) return;
      scene.note({ atMs, touchpoint, ...(team ? { team } : {}), topic });
      if (topic === 'renewal' && rng.chance(salesFollowsUp)) {
        const followUpMs = atMs + Math.floor((1 + 5 * rng.uniform()) * dayMs);
        scene.note({ atMs: followUpMs, touchpoint: 'email.sent', team: 'sales', topic });
      }
    }
  };
  if (visit.stage === 'interest') contact(9, 'email.sent', 'marketing', 'campaign');
  if (visit.stage === 'consideration') contact(11, 'call.made', 'sales', 'proposal');
  if (visit.stage === 'onboarding') contact(12, 'email.sent', 'customer-success', 'onboarding');
  if (visit.stage === 'value') contact(45, 'call.made', 'customer-success', 'renewal');
  if (visit.stage === 'onboarding') survey(scene, clock, visit.enteredMs, 9, 1);
  if (visit.stage === 'adoption') survey(scene, clock, visit.enteredMs, 11, 1);
  if (visit.stage === 'value') survey(scene, clock, visit.enteredMs, 14, 3);
}

/** nps.asked so many clock days into the visit, then every 40; about half of them are answered within days. */
function survey(scene: Scene, clock: Clock, enteredMs: number, afterDays: number, times: number): void {
  const { rng } = scene;
  for (let round = 0; round < times; round += 1) {
    const askedMs = clock.plus(enteredMs, afterDays + 40 * round);
    if (askedMs >= scene.endedMs) return;
    scene.note({ atMs: askedMs, touchpoint: 'nps.asked', topic: 'nps' });
    if (!rng.chance(0.48)) continue;
    const atMs = clock.plus(askedMs, rng.exponential() * 1.5) + 120_000;
    scene.note({ atMs, touchpoint: 'nps.answered', nps: npsOf(rng, scene.mood(atMs)) });
  }
}

/**
 * Outbound contacts with a topic that came at most `doubleContactDays` after another team's outbound contact with the
 * same customer about the same topic; each counts once. Happenings in order of time.
 */
export function countDoubleContacts(happenings: readonly Happening[]): number {
  const contacts = happenings.filter(
    (happening) => happening.topic !== undefined && touchpointOf(happening.touchpoint).direction === 'outbound',
  );
  const teamOf = (happening: Happening) => happening.team ?? touchpointOf(happening.touchpoint).team;
  return contacts.filter((later, index) =>
    contacts
      .slice(0, index)
      .some(
        (earlier) =>
          earlier.topic === later.topic &&
          teamOf(earlier) !== teamOf(later) &&
          later.atMs - earlier.atMs <= doubleContactDays * dayMs,
      ),
  ).length;
}
