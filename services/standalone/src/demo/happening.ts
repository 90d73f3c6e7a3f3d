import type { Rng } from './rng.ts';
import type { TouchpointId } from './touchpoints.ts';

/** One event before it is dressed for the wire. */
export interface Happening {
  atMs: number;
  touchpoint: TouchpointId;
  /** Instead of the touchpoint's own. */
  team?: 'marketing' | 'sales' | 'customer-success' | 'support' | 'product';
  topic?: string;
  sentiment?: number;
  nps?: number;
  amount?: { value: string; currency: string };
  properties?: Record<string, string | number | boolean>;
  /** Carries the traits of the person. */
  isIntroduction?: boolean;
}

/** What the writers of one visit's events share. `note` keeps only what lies strictly inside the visit. */
export interface Scene {
  rng: Rng;
  enteredMs: number;
  endedMs: number;
  note(happening: Happening): void;
  /** Satisfaction of this customer at an instant, −1…1, drawn anew at each call. */
  mood(atMs: number): number;
}
