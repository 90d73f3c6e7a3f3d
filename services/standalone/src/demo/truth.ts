import type { Area, Plan } from './segments.ts';
import type { Condition, Hazards, StageId } from './stages.ts';

export type JourneyStage = 'awareness' | 'interest' | 'consideration' | 'purchase' | 'repeat' | SuccessStage;
export type SuccessStage = 'onboarding' | 'adoption' | 'value' | 'renewal';

/** Visits or customers by what has become of them at the end of the data, by the product's own rules. */
export interface Standing {
  entered: number;
  advanced: number;
  /** Ended by an exit event. */
  lostByExit: number;
  /** Silent for more than `lostAfterDays`. */
  lostBySilence: number;
  open: number;
}

/** One stage × plan × area × condition: what was put in, what must follow, what the dice made of it. */
export interface HazardTruth {
  stage: StageId;
  /** Null for awareness: visitors have no segments yet. */
  plan: Plan | null;
  area: Area | null;
  condition: Condition;
  clock: 'office' | 'plain';
  /** Per day of the clock. */
  hazards: Hazards;
  entered: number;
  horizons: {
    days: number;
    /** Closed form with the clock running evenly. */
    nominal: { advanced: number; lost: number; open: number };
    /** Hazards at that age among the visits still under way, the silent ones included, per day. */
    hazardAtAge: { advancePerDay: number; lossPerDay: number };
    /** Visits that began at least `days` before the end: the sums of their exact probabilities, and what happened. */
    mature: { visits: number; expectedAdvanced: number; expectedLost: number; advanced: number; lost: number };
  }[];
}

/** Sum over mature visits of one cohort, at the horizon. Shares 0…1. */
export interface CohortTruth {
  visits: number;
  expectedDropOff: number;
  dropOff: number;
}

export interface ReleaseTruth {
  id: string;
  stage: 'onboarding';
  at: string;
  hazardRatio: number;
  satisfactionShift: number;
  horizonDays: number;
  /** Rows per plan, and `all` for the mixture. RMST = mean days until advancing, cut at the horizon, loss competing. */
  effects: {
    plan: Plan | 'all';
    before: RmstTruth;
    after: RmstTruth;
    /** after − before: what a comparison of the cohorts estimates. */
    differenceDays: number;
    /** The same visits after the release with and without it: the effect free of any change of the mixture. */
    causalDifferenceDays: number;
  }[];
}

export interface RmstTruth {
  visits: number;
  rmstDays: number;
  advancedShare: number;
}

export interface IncidentTruth {
  id: string;
  stage: 'consideration';
  from: string;
  to: string;
  advanceHazardRatio: number;
  lossHazardRatio: number;
  satisfactionShift: number;
  horizonDays: number;
  /** Cohorts by entry: the eight weeks before, the five days, and from then to the last mature entry. */
  before: CohortTruth;
  during: CohortTruth;
  after: CohortTruth;
}

/** A touchpoint with a known effect on advancing: exposure from the first touch of the visit to its end. */
export interface TouchTruth {
  touchpoint: 'newsletter.opened' | 'app.error_shown';
  stage: 'value' | 'adoption';
  /** First touches per day of an untouched visit. */
  ratePerDay: number;
  /** Hazard of advancing, touched against untouched. */
  rateRatio: number;
  visits: number;
  touched: number;
  advancesBefore: number;
  advancesAfter: number;
  daysBefore: number;
  daysAfter: number;
}

/** What is known about the demo data because it was put in: the content of `truth.json`. Described in docs/demo-data.md. */
export interface DemoTruth {
  version: 1;
  seed: number;
  start: string;
  end: string;
  lostAfterDays: number;
  units: {
    travellers: number;
    customers: number;
    /** Visitors who were lost, or are still under way, before they left a name. */
    anonymousOnly: number;
    accounts: number;
  };
  events: {
    unique: number;
    deliveries: number;
    copies: number;
    late: number;
    /** Unique events received after a later one of the same traveller. */
    outOfOrder: number;
    /** Unique events with an anonymous id and no customer; of these, of visitors who are known by the end. */
    anonymous: number;
    anonymousJoined: number;
    /** Unique events that carry both ids. */
    linking: number;
  };
  touchpoints: Record<string, { unique: number; deliveries: number }>;
  hazards: HazardTruth[];
  release: ReleaseTruth;
  incident: IncidentTruth;
  neutral: TouchTruth;
  harmful: TouchTruth;
  doubleContacts: { withinDays: number; contacts: number; customers: number };
  support: { enquiries: number; replied: number; meanReplySeconds: number };
  nps: { asked: number; answered: number };
  /** Latent means, and the mean of the sentiments sent (with each touchpoint's own offset) during the stage. */
  satisfaction: { stage: StageId; latentMean: number; sentimentMean: number; sentiments: number }[];
  /** All visits, every cycle. */
  visits: Record<'buying' | 'customer-success', Partial<Record<JourneyStage, Standing>>>;
  /** Every unit once, at its last visit to a stage of the journey. */
  lastVisits: Record<'buying' | 'customer-success', Partial<Record<JourneyStage, Standing>>>;
}
