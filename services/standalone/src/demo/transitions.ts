import { type Clock, dayMs } from './clock.ts';
import type { Happening, Scene } from './happening.ts';
import { cancelReasons, opportunityReasons } from './names.ts';
import type { Path, Visit } from './path.ts';
import type { Rng } from './rng.ts';
import type { Account } from './segments.ts';
import { activities } from './touchpoints.ts';

const yearlyPrice = { starter: 240_000, pro: 960_000, enterprise: 4_800_000 } as const;
const yenPer = new Map([
  ['JPY', 1],
  ['EUR', 160],
  ['USD', 150],
]);

function price(account: Account): { value: string; currency: string } {
  const { currency, plan } = account;
  return { value: (yearlyPrice[plan] / (yenPer.get(currency) ?? 1)).toFixed(currency === 'JPY' ? 0 : 2), currency };
}

/** The event that enters a visit's stage, at the very instant of the visit's beginning. */
export function entryOf(rng: Rng, visit: Visit, previous: Visit | null, path: Path, account: Account): Happening {
  const introduced = { atMs: visit.enteredMs, isIntroduction: true };
  switch (visit.stage) {
    case 'awareness':
      if (path.origin === 'booth') return { ...introduced, touchpoint: 'event.booth_visited' };
      return { atMs: visit.enteredMs, touchpoint: rng.pick(['page.blog', 'page.home', 'ad.clicked'] as const) };
    case 'interest':
      return { ...introduced, touchpoint: rng.chance(0.6) ? 'whitepaper.downloaded' : 'webinar.attended' };
    case 'consideration':
      return { ...introduced, touchpoint: rng.chance(0.55) ? 'demo.requested' : 'trial.started' };
    case 'onboarding':
      return { ...introduced, touchpoint: 'contract.signed', amount: price(account), properties: { termMonths: 12 } };
    case 'adoption':
      if (previous?.stage === 'onboarding' && rng.chance(0.65))
        return { ...introduced, touchpoint: 'feature.core_used', properties: { feature: 'board' } };
      return { ...introduced, touchpoint: 'app.invited_colleague' };
    case 'value':
      return { ...introduced, touchpoint: 'value.milestone', properties: { hoursSaved: 10 + rng.integer(40) } };
    case 'renewed':
      return { ...introduced, touchpoint: 'contract.renewed', amount: price(account), properties: { termMonths: 12 } };
  }
}

/** The event at which a lost visit ends: an exit event, or the last sign of life. Null while it goes on or advanced. */
export function farewellOf(rng: Rng, visit: Visit): Happening | null {
  const atMs = visit.endedMs;
  if (visit.outcome === 'silent') return { atMs, touchpoint: activities[visit.stage].farewell };
  if (visit.outcome !== 'cancelled') return null;
  if (visit.stage === 'interest') return { atMs, touchpoint: 'mail.unsubscribed' };
  if (visit.stage === 'consideration')
    return { atMs, touchpoint: 'opportunity.lost', properties: { reason: rng.weighted(opportunityReasons) } };
  return { atMs, touchpoint: 'contract.cancelled', properties: { reason: rng.weighted(cancelReasons) } };
}

/**
 * First steps in the product. Adoption is entered by the third use of the core feature within seven days, so before
 * it there are exactly two uses in the last six days if `entry` is that third use, and a lone one at most eight days earlier.
 */
export function actOnboarding(scene: Scene, visit: Visit, clock: Clock, entry: Happening | null): void {
  const { rng } = scene;
  const lengthMs = visit.endedMs - visit.enteredMs;
  const loginMs = Math.min(clock.plus(visit.enteredMs, rng.exponential() * 0.5), visit.enteredMs + lengthMs * 0.1);
  if (rng.chance(visit.outcome === 'silent' ? 0.8 : 0.97))
    scene.note({ atMs: Math.floor(loginMs) + 1, touchpoint: 'app.first_login', isIntroduction: true });
  const setupMs = visit.enteredMs + Math.floor(lengthMs * (0.2 + 0.5 * rng.uniform()));
  if (rng.chance(visit.outcome === 'advanced' ? 0.85 : 0.35))
    scene.note({ atMs: setupMs, touchpoint: 'setup.completed' });
  const use = (atMs: number) =>
    scene.note({ atMs: Math.floor(atMs), touchpoint: 'feature.core_used', properties: { feature: 'board' } });
  if (lengthMs > 16 * dayMs) use(visit.enteredMs + lengthMs * 0.12);
  if (entry?.touchpoint !== 'feature.core_used') return;
  const fromMs = Math.max(visit.enteredMs + lengthMs * 0.15, visit.endedMs - 6 * dayMs);
  const rangeMs = visit.endedMs - fromMs;
  use(fromMs + rangeMs * (0.1 + 0.35 * rng.uniform()));
  use(fromMs + rangeMs * (0.5 + 0.45 * rng.uniform()));
}
