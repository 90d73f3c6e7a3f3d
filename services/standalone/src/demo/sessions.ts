import type { Clock } from './clock.ts';
import type { Scene } from './happening.ts';
import type { Visit } from './path.ts';
import type { Weighted } from './rng.ts';
import { isDeclining } from './satisfaction.ts';
import { activities, type TouchpointId } from './touchpoints.ts';

/** Seven clock days are one week of real time from any start: no living customer is silent for longer. */
const sessionGapDaysMax = 7;
const decliningGapRatio = 1.9;

const topics: readonly Weighted<string>[] = [
  ['how-to', 40],
  ['bug', 26],
  ['integration', 20],
  ['billing', 14],
];
const features = ['board', 'import', 'automation', 'forecast'] as const;

/** Sessions of a visit: a burst of events every few days, from the stage's mix. */
export function actSessions(scene: Scene, visit: Visit, clock: Clock): void {
  const { rng } = scene;
  const activity = activities[visit.stage];
  let startMs = visit.enteredMs;
  for (;;) {
    const isFading = isDeclining(visit, startMs) && activity.decliningMix !== undefined;
    const meanDays = activity.sessionGapDays * (isFading ? decliningGapRatio : 1);
    startMs = clock.plus(startMs, Math.min(sessionGapDaysMax, 0.2 + rng.exponential() * (meanDays - 0.2)));
    if (startMs >= visit.endedMs) return;
    const mix = (isDeclining(visit, startMs) && activity.decliningMix) || activity.mix;
    let atMs = startMs;
    let left = 1 + Math.floor(rng.exponential() * activity.furtherEvents + 0.5);
    for (; left > 0 && atMs < visit.endedMs; left -= 1) {
      act(scene, clock, atMs, rng.weighted(mix));
      atMs += 4_000 + Math.floor(rng.exponential() * 70_000);
    }
  }
}

function act(scene: Scene, clock: Clock, atMs: number, touchpoint: TouchpointId): void {
  const { rng } = scene;
  if (touchpoint === 'ticket.opened' || touchpoint === 'enquiry.sent') {
    openTicket(scene, clock, atMs, touchpoint, rng.weighted(topics));
  } else if (touchpoint === 'feature.core_used') {
    scene.note({ atMs, touchpoint, properties: { feature: rng.pick(features) } });
  } else {
    scene.note({ atMs, touchpoint });
  }
}

/** A question and what follows: a reply after a quarter of an office day on average, for tickets also a solution. */
export function openTicket(
  scene: Scene,
  clock: Clock,
  atMs: number,
  touchpoint: 'ticket.opened' | 'enquiry.sent',
  topic: string,
): void {
  scene.note({ atMs, touchpoint, topic });
  const repliedMs = clock.plus(atMs, scene.rng.exponential() * 0.25) + 60_000;
  scene.note({ atMs: repliedMs, touchpoint: 'support.replied', topic });
  if (touchpoint === 'enquiry.sent') return;
  const solvedMs = clock.plus(repliedMs, scene.rng.exponential() * 0.8) + 60_000;
  if (scene.rng.chance(0.86)) scene.note({ atMs: solvedMs, touchpoint: 'ticket.solved', topic });
}
