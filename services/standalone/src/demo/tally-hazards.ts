import { dayMs } from './clock.ts';
import { hazardsAtAge, outcomeShares, outcomeSharesFrom } from './outcomes.ts';
import { stageClock, type Visit } from './path.ts';
import type { Account, Area, Plan } from './segments.ts';
import {
  type Condition,
  hazardsOf,
  horizonsDays,
  lostAfterDays,
  type StageId,
  stageModel,
  stageOrder,
} from './stages.ts';
import type { HazardTruth } from './truth.ts';

/** Whether a visit had been advanced, or lost by the product's rules, so many days after it began. */
export function fateBy(visit: Visit, days: number): 'advanced' | 'lost' | 'open' {
  const byMs = visit.enteredMs + days * dayMs;
  if (visit.outcome === 'advanced') return visit.endedMs <= byMs ? 'advanced' : 'open';
  if (visit.outcome === 'cancelled') return visit.endedMs <= byMs ? 'lost' : 'open';
  if (visit.outcome === 'silent') return visit.endedMs + lostAfterDays * dayMs <= byMs ? 'lost' : 'open';
  return 'open';
}

/** Collects visits into the table of hazards. */
export function createHazardTally(endMs: number) {
  const rows = new Map<string, HazardTruth>();
  return {
    add(visit: Visit, account: Account): void {
      const { stage, condition } = visit;
      const hasSegments = stage !== 'awareness' && stage !== 'renewed';
      const plan = hasSegments ? account.plan : null;
      const area = hasSegments ? account.area : null;
      const key = `${stageOrder.indexOf(stage)} ${condition} ${plan} ${area}`;
      const row = rows.get(key) ?? emptyRow(stage, plan, area, condition);
      rows.set(key, row);
      row.entered += 1;
      for (const { days, mature } of row.horizons) {
        if (visit.enteredMs + days * dayMs > endMs) continue;
        const shares = outcomeSharesFrom(row.hazards, stageClock(stage, account), visit.enteredMs, days);
        const fate = fateBy(visit, days);
        mature.visits += 1;
        mature.expectedAdvanced += shares.advanced;
        mature.expectedLost += shares.lost;
        mature.advanced += fate === 'advanced' ? 1 : 0;
        mature.lost += fate === 'lost' ? 1 : 0;
      }
    },
    rows: () => [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row),
  };
}

function emptyRow(stage: StageId, plan: Plan | null, area: Area | null, condition: Condition): HazardTruth {
  const hazards = hazardsOf(stage, plan ?? 'pro', area ?? 'japan', condition);
  return {
    stage,
    plan,
    area,
    condition,
    clock: stageModel(stage).clock,
    hazards,
    entered: 0,
    horizons: horizonsDays.map((days) => ({
      days,
      nominal: outcomeShares(hazards, days, days - lostAfterDays),
      hazardAtAge: hazardsAtAge(hazards, days),
      mature: { visits: 0, expectedAdvanced: 0, expectedLost: 0, advanced: 0, lost: 0 },
    })),
  };
}
