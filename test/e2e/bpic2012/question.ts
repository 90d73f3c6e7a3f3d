/** The question that every computation of the test answers, and the shape of an answer that can be compared. */
export const steps = ['A_SUBMITTED', 'A_PREACCEPTED', 'A_ACCEPTED', 'A_FINALIZED', 'A_APPROVED'] as const;
export const bands = [5_000, 10_000, 15_000, 25_000] as const;
export const labels = ['<5000', '5000–10000', '10000–15000', '15000–25000', '≥25000'] as const;

export interface Question {
  from: string;
  to: string;
  asOf: string;
  windowDays: number;
}

export const outcomes = ['converted', 'dropped', 'open'] as const;
export type Outcome = (typeof outcomes)[number];

/** One customer of the funnel: his band, how far he came, whether he may still come further, and when. Times in µs. */
export interface Traveller {
  customer: string;
  segment: string;
  furthest: number;
  isOpen: boolean;
  stepsAtUs: (number | null)[];
}

/** Whether a traveller is one of the customers behind a number. */
export function isBehind({ furthest, isOpen }: Traveller, step: number, outcome: Outcome): boolean {
  if (outcome === 'converted') return furthest >= step;
  return furthest === step && step < steps.length && isOpen === (outcome === 'open');
}

export function requestOf({ from, to, asOf, windowDays }: Question) {
  return {
    steps: steps.map((touchpoint) => ({ touchpoint })),
    window: { value: windowDays, unit: 'day' },
    from,
    to,
    asOf,
    breakdown: { by: 'property:amount', attribution: 'first', bands: [...bands] },
  };
}

/** A canonical text per traveller, in order, so that two lists are compared as a whole. */
export function describeTravellers(travellers: readonly Traveller[]): string[] {
  return travellers
    .map(({ customer, segment, furthest, isOpen, stepsAtUs }) =>
      [customer, segment, furthest, isOpen, ...stepsAtUs].join(' '),
    )
    .sort();
}
