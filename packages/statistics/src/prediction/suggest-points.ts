import { type LogisticFit, type LogisticRow, logisticRegression } from './logistic.ts';

/** A customer at an evaluation: the rules that held, and whether he was lost within the horizon after it. */
export interface ScoredCustomer {
  readonly rules: readonly string[];
  readonly lost: boolean;
}

export interface PointSuggestion {
  readonly rule: string;
  /** Whole points: below 0 where losses are more frequent while the rule holds. Null where too little is known. */
  readonly points: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  /** Customers for whom the rule held, and how many of them were lost. */
  readonly held: number;
  readonly heldLost: number;
  /**
   * `clear`: the interval excludes 0. `unclear`: it doesn't. `insufficient`: held, or didn't hold, for fewer than `heldMin`.
   * `same_customers`: held for the same customers as the rule before it in `rule` order that `sameAs` names.
   */
  readonly state: 'clear' | 'unclear' | 'insufficient' | 'same_customers';
  readonly sameAs: string | null;
}

export type SuggestedPoints =
  | {
      readonly outcome: 'suggested';
      readonly customers: number;
      readonly losses: number;
      readonly rules: readonly PointSuggestion[];
    }
  /** Fewer losses, or fewer customers who stayed, than `lossesMin`. */
  | { readonly outcome: 'too_few_losses'; readonly customers: number; readonly losses: number }
  | {
      readonly outcome: Exclude<LogisticFit['outcome'], 'converged'>;
      readonly customers: number;
      readonly losses: number;
    };

export interface SuggestOptions {
  /** Points that halve the odds of being lost: the scale of the score. */
  readonly pointsToHalve?: number;
  readonly heldMin?: number;
  readonly lossesMin?: number;
  readonly level?: number;
}

const POINTS_MAX = 100;

/**
 * Points for rules from what happened after evaluations: a logistic regression of being lost on the rules that held (Firth's
 * penalty), each coefficient times −`pointsToHalve`/ln 2, rounded (the scaling of credit scorecards, Siddiqi, 2006). It is a
 * suggestion for people, never applied on its own: rules go together with what isn't measured, and people act on
 * signals. Every customer should stand for one evaluation only, else the intervals are too short.
 */
export function suggestPoints(
  customers: readonly ScoredCustomer[],
  rules: readonly string[],
  options: SuggestOptions = {},
): SuggestedPoints {
  const { pointsToHalve = 10, heldMin = 30, lossesMin = 10, level = 0.95 } = options;
  if (!(pointsToHalve > 0)) throw new RangeError(`not a number of points: ${pointsToHalve}`);
  const counts = { customers: customers.length, losses: customers.filter(({ lost }) => lost).length };
  if (counts.losses < lossesMin || counts.customers - counts.losses < lossesMin)
    return { outcome: 'too_few_losses', ...counts };
  const columns = rules.map((rule) => customers.map((customer) => customer.rules.includes(rule)));
  const texts = columns.map((column) => column.map(Number).join(''));
  const supports = columns.map((column) => {
    const held = column.filter(Boolean).length;
    return { held, heldLost: column.filter((holds, i) => holds && customers[i]?.lost).length };
  });
  const isKnown = supports.map(({ held }) => held >= heldMin && counts.customers - held >= heldMin);
  const sameAs = texts.map((text, i) => {
    const first = texts.findIndex((other, j) => j < i && isKnown[j] && other === text);
    return first < 0 ? null : (rules[first] ?? null);
  });
  const fitted = rules.map((_, i) => i).filter((i) => isKnown[i] && sameAs[i] === null);
  const fit = logisticRegression(patterns(customers, columns, fitted), { level });
  if (fit.outcome !== 'converged') return { outcome: fit.outcome, ...counts };
  const toPoints = (logOdds: number): number => {
    const points = Math.round((-logOdds * pointsToHalve) / Math.LN2);
    return Math.max(-POINTS_MAX, Math.min(POINTS_MAX, points)) + 0;
  };
  return {
    outcome: 'suggested',
    ...counts,
    rules: rules.map((rule, i) => {
      const support = { rule, ...(supports[i] ?? { held: 0, heldLost: 0 }), sameAs: sameAs[i] ?? null };
      const coefficient = fit.coefficients[fitted.indexOf(i)];
      if (coefficient === undefined)
        return { ...support, points: null, lo: null, hi: null, state: isKnown[i] ? 'same_customers' : 'insufficient' };
      const { estimate, lo, hi } = coefficient;
      const state = lo > 0 || hi < 0 ? 'clear' : 'unclear';
      return { ...support, points: toPoints(estimate), lo: toPoints(hi), hi: toPoints(lo), state };
    }),
  };
}

/** Customers with the same rules as one row. */
function patterns(
  customers: readonly ScoredCustomer[],
  columns: readonly (readonly boolean[])[],
  fitted: readonly number[],
): LogisticRow[] {
  const rows = new Map<string, { x: number[]; k: number; n: number }>();
  for (const [index, { lost }] of customers.entries()) {
    const x = fitted.map((column) => Number(columns[column]?.[index] ?? false));
    const key = x.join('');
    const row = rows.get(key) ?? { x, k: 0, n: 0 };
    rows.set(key, row);
    row.n += 1;
    if (lost) row.k += 1;
  }
  return [...rows.values()];
}
