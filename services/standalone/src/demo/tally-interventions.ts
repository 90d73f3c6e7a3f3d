import { dayMs } from './clock.ts';
import { outcomeSharesFrom, restrictedMeanDays } from './outcomes.ts';
import { stageClock, type Visit } from './path.ts';
import { incidentSatisfactionShift, releaseSatisfactionShift } from './satisfaction.ts';
import type { Account, Plan } from './segments.ts';
import { hazardsOf, incidentAdvanceRatio, incidentLossRatio, releaseHazardRatio } from './stages.ts';
import { fateBy } from './tally-hazards.ts';
import type { CohortTruth, IncidentTruth, ReleaseTruth, RmstTruth } from './truth.ts';
import type { World } from './world.ts';

/** Age at which both interventions are judged. */
const horizonDays = 30;
const baselineDays = 56;

/** Collects the cohorts around the release of the guided set-up. */
export function createReleaseTally(world: World) {
  const sums = new Map<Plan | 'all', { before: RmstTruth; after: RmstTruth; afterWithoutDays: number }>(
    (['all', 'starter', 'pro', 'enterprise'] as const).map((plan) => [
      plan,
      {
        before: { visits: 0, rmstDays: 0, advancedShare: 0 },
        after: { visits: 0, rmstDays: 0, advancedShare: 0 },
        afterWithoutDays: 0,
      },
    ]),
  );
  return {
    add(visit: Visit, account: Account): void {
      if (visit.stage !== 'onboarding' || visit.enteredMs + horizonDays * dayMs > world.endMs) return;
      const clock = stageClock('onboarding', account);
      const usual = hazardsOf('onboarding', account.plan, account.area, 'usual');
      const actual = hazardsOf('onboarding', account.plan, account.area, visit.condition);
      const rmstDays = restrictedMeanDays(actual, clock, visit.enteredMs, horizonDays);
      const { advanced } = outcomeSharesFrom(actual, clock, visit.enteredMs, horizonDays);
      for (const plan of ['all', account.plan] as const) {
        const sum = sums.get(plan);
        if (!sum) continue;
        const cohort = visit.condition === 'release' ? sum.after : sum.before;
        cohort.visits += 1;
        cohort.rmstDays += rmstDays;
        cohort.advancedShare += advanced;
        if (visit.condition === 'release')
          sum.afterWithoutDays += restrictedMeanDays(usual, clock, visit.enteredMs, horizonDays);
      }
    },
    truth: (): ReleaseTruth => ({
      id: 'guided-setup',
      stage: 'onboarding',
      at: new Date(world.releaseMs).toISOString(),
      hazardRatio: releaseHazardRatio,
      satisfactionShift: releaseSatisfactionShift,
      horizonDays,
      effects: [...sums].map(([plan, sum]) => {
        const before = mean(sum.before);
        const after = mean(sum.after);
        return {
          plan,
          before,
          after,
          differenceDays: after.rmstDays - before.rmstDays,
          causalDifferenceDays: after.rmstDays - sum.afterWithoutDays / Math.max(1, after.visits),
        };
      }),
    }),
  };
}

function mean({ visits, rmstDays, advancedShare }: RmstTruth): RmstTruth {
  const n = Math.max(1, visits);
  return { visits, rmstDays: rmstDays / n, advancedShare: advancedShare / n };
}

/** Collects the cohorts before, during and after the five days of the broken trial. */
export function createIncidentTally(world: World) {
  const empty = (): CohortTruth => ({ visits: 0, expectedDropOff: 0, dropOff: 0 });
  const cohorts = { before: empty(), during: empty(), after: empty() };
  const { fromMs, toMs } = world.incident;
  return {
    add(visit: Visit, account: Account): void {
      const { stage, enteredMs, condition } = visit;
      if (stage !== 'consideration' || enteredMs < fromMs - baselineDays * dayMs) return;
      if (enteredMs + horizonDays * dayMs > world.endMs) return;
      const cohort = enteredMs < fromMs ? cohorts.before : enteredMs < toMs ? cohorts.during : cohorts.after;
      const hazards = hazardsOf(stage, account.plan, account.area, condition);
      cohort.visits += 1;
      cohort.expectedDropOff +=
        1 - outcomeSharesFrom(hazards, stageClock(stage, account), enteredMs, horizonDays).advanced;
      cohort.dropOff += fateBy(visit, horizonDays) === 'advanced' ? 0 : 1;
    },
    truth: (): IncidentTruth => ({
      id: 'broken-trial',
      stage: 'consideration',
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      advanceHazardRatio: incidentAdvanceRatio,
      lossHazardRatio: incidentLossRatio,
      satisfactionShift: incidentSatisfactionShift,
      horizonDays,
      before: shares(cohorts.before),
      during: shares(cohorts.during),
      after: shares(cohorts.after),
    }),
  };
}

function shares({ visits, expectedDropOff, dropOff }: CohortTruth): CohortTruth {
  const n = Math.max(1, visits);
  return { visits, expectedDropOff: expectedDropOff / n, dropOff: dropOff / n };
}
