import type { Area, Plan } from './segments.ts';

/** `renewed` is the rest between two cycles: no stage of a journey, only a wait for the next adoption. */
export type StageId = 'awareness' | 'interest' | 'consideration' | 'onboarding' | 'adoption' | 'value' | 'renewed';

export const stageOrder: readonly StageId[] = [
  'awareness',
  'interest',
  'consideration',
  'onboarding',
  'adoption',
  'value',
  'renewed',
];

/** What held for a visit: fixed when it began. */
export type Condition = 'usual' | 'release' | 'incident';

/** True hazards of one visit, per day of the stage's clock, constant from its beginning to its end. */
export interface Hazards {
  /** Entering the next stage. */
  advance: number;
  /** Leaving by an explicit event (contract.cancelled, opportunity.lost, mail.unsubscribed). */
  cancel: number;
  /** Last sign of life; the visit is lost by silence `lostAfterDays` of real time later. */
  disengage: number;
  /** First app.error_shown of the visit. */
  exposure: number;
  /** Factor on `advance` after that. */
  exposedRatio: number;
}

/** Silence that means lost, in every stage of both journeys. */
export const lostAfterDays = 30;
/** Ages of a visit at which its true outcome is recorded. */
export const horizonsDays = [30, 60, 90] as const;

export const releaseHazardRatio = 1.7;
export const incidentAdvanceRatio = 0.3;
export const incidentLossRatio = 2.5;
/** While in `value`, newsletter.opened comes at this rate per day whatever will become of the customer. */
export const neutralRatePerDay = 0.04;

interface StageModel {
  id: StageId;
  next: StageId;
  clock: 'office' | 'plain';
  base: Hazards;
  advanceFactor: Record<Plan, number>;
  lossFactor: Record<Plan, number>;
  abroadAdvanceFactor: number;
}

const same = { starter: 1, pro: 1, enterprise: 1 };
const loyal = { starter: 1.4, pro: 1, enterprise: 0.6 };
const hazards = (advance: number, cancel: number, disengage: number): Hazards => ({
  advance,
  cancel,
  disengage,
  exposure: 0,
  exposedRatio: 1,
});

const models: Record<StageId, StageModel> = {
  // Anonymous visitors have no plan yet, so awareness knows no segments.
  awareness: {
    id: 'awareness',
    next: 'interest',
    clock: 'office',
    base: hazards(0.06, 0, 0.03),
    advanceFactor: same,
    lossFactor: same,
    abroadAdvanceFactor: 1,
  },
  interest: {
    id: 'interest',
    next: 'consideration',
    clock: 'office',
    base: hazards(0.045, 0.004, 0.016),
    advanceFactor: { starter: 1.1, pro: 1, enterprise: 0.9 },
    lossFactor: same,
    abroadAdvanceFactor: 1,
  },
  consideration: {
    id: 'consideration',
    next: 'onboarding',
    clock: 'office',
    base: hazards(0.042, 0.01, 0.01),
    advanceFactor: { starter: 1.3, pro: 1, enterprise: 0.7 },
    lossFactor: same,
    abroadAdvanceFactor: 1,
  },
  onboarding: {
    id: 'onboarding',
    next: 'adoption',
    clock: 'office',
    base: hazards(0.04, 0.003, 0.01),
    advanceFactor: { starter: 1.1, pro: 1, enterprise: 0.75 },
    lossFactor: loyal,
    abroadAdvanceFactor: 0.7,
  },
  adoption: {
    id: 'adoption',
    next: 'value',
    clock: 'plain',
    base: { ...hazards(0.045, 0.006, 0), exposure: 0.025, exposedRatio: 0.55 },
    advanceFactor: { starter: 0.9, pro: 1, enterprise: 1.1 },
    lossFactor: loyal,
    abroadAdvanceFactor: 1,
  },
  value: {
    id: 'value',
    next: 'renewed',
    clock: 'plain',
    base: hazards(0.014, 0.005, 0),
    advanceFactor: { starter: 0.9, pro: 1, enterprise: 1.2 },
    lossFactor: loyal,
    abroadAdvanceFactor: 1,
  },
  renewed: {
    id: 'renewed',
    next: 'adoption',
    clock: 'office',
    base: hazards(0.05, 0, 0),
    advanceFactor: same,
    lossFactor: same,
    abroadAdvanceFactor: 1,
  },
};

export function stageModel(stage: StageId): StageModel {
  return models[stage];
}

/** The true hazards of a visit: base × plan × area × what happened to the company when it began. */
export function hazardsOf(stage: StageId, plan: Plan, area: Area, condition: Condition): Hazards {
  const { base, advanceFactor, lossFactor, abroadAdvanceFactor } = models[stage];
  const advanceRatio = { usual: 1, release: releaseHazardRatio, incident: incidentAdvanceRatio }[condition];
  const loss = lossFactor[plan] * (condition === 'incident' ? incidentLossRatio : 1);
  return {
    ...base,
    advance: base.advance * advanceFactor[plan] * (area === 'abroad' ? abroadAdvanceFactor : 1) * advanceRatio,
    cancel: base.cancel * loss,
    disengage: base.disengage * loss,
  };
}
