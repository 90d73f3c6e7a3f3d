import { dayMs } from './clock.ts';
import type { Scene } from './happening.ts';
import type { Visit } from './path.ts';
import { hazardsOf, neutralRatePerDay } from './stages.ts';

/**
 * Two touchpoints whose effect on advancing is known. Both come as a Poisson process in real time, in stages without
 * loss by silence and on the plain clock, so that the rate ratio of person-time is the hazard ratio itself.
 */
export function actProbes(scene: Scene, visit: Visit): void {
  if (visit.stage === 'value') repeat(scene, visit.enteredMs, neutralRatePerDay, 'newsletter.opened');
  if (visit.stage !== 'adoption' || visit.exposedMs === null) return;
  noteError(scene, visit.exposedMs);
  repeat(scene, visit.exposedMs, hazardsOf('adoption', 'pro', 'japan', 'usual').exposure, 'app.error_shown');
}

function repeat(scene: Scene, fromMs: number, ratePerDay: number, touchpoint: 'newsletter.opened' | 'app.error_shown') {
  let atMs = fromMs;
  for (;;) {
    atMs += 1 + Math.floor((scene.rng.exponential() / ratePerDay) * dayMs);
    if (atMs >= scene.endedMs) return;
    if (touchpoint === 'app.error_shown') noteError(scene, atMs);
    else scene.note({ atMs, touchpoint });
  }
}

function noteError(scene: Scene, atMs: number): void {
  scene.note({
    atMs,
    touchpoint: 'app.error_shown',
    properties: { code: scene.rng.pick(['E-SYNC', 'E-TIMEOUT', 'E-PERMISSION']) },
  });
}
