import type { Duration, FunnelExclusion, FunnelQueryBody, FunnelStep } from '@michinori/client';
import { instantsOf } from '../../state/range.ts';
import { breakdownOf, filtersOf } from '../../state/segments.ts';
import type { View } from '../../state/view.ts';
import { type FilterDraft, filtersFrom, type Subject, subjectText } from './filter-draft.ts';

export const orders = ['sequential', 'strict', 'any'] as const;
export const windowUnits = ['minute', 'hour', 'day', 'week'] as const;
export const units = ['customer', 'account'] as const;
export const trendIntervals = ['hour', 'day', 'week', 'month'] as const;

export interface Span {
  value: number;
  unit: (typeof windowUnits)[number];
}

/** A step as it is typed: `trial.started`, `page.*`, `purchase|upgrade`. What is missing is not asked for. */
export interface StepDraft {
  text: string;
  isOptional: boolean;
  where?: readonly FilterDraft[] | undefined;
  /** At most, and at least, so long after the step before. */
  within?: Span | undefined;
  atLeast?: Span | undefined;
}

/** What must not happen between two steps, counted from 1. */
export interface ExclusionDraft {
  text: string;
  where?: readonly FilterDraft[] | undefined;
  after: number;
  before: number;
}

/** The funnel that an address describes. */
export interface FunnelState {
  steps: readonly StepDraft[];
  order: (typeof orders)[number];
  window: Span;
  unit: (typeof units)[number];
  exclude?: readonly ExclusionDraft[] | undefined;
  /** Must have the same value on all steps. */
  hold?: readonly Subject[] | undefined;
  /** Hold for the events of all steps, besides the segments of the page. */
  filter?: readonly FilterDraft[] | undefined;
  trend?: (typeof trendIntervals)[number] | undefined;
  /** The two steps between which time is measured. */
  times?: { from: number; to: number } | undefined;
}

/**
 * The question about the bars, or null while fewer than two steps have a name. What the API refuses isn't asked: a first step to skip, gaps and skipped steps in
 * any order, an exclusion that ends before it begins.
 */
export function bodyOf(state: FunnelState, view: View, nowMs: number): FunnelQueryBody | null {
  const named = state.steps.filter(isNamed);
  if (named.length < 2) return null;
  const by = breakdownOf(view.by);
  const filter = [...filtersOf(view.segments), ...filtersFrom(state.filter)];
  const isAny = state.order === 'any';
  const steps = named.map(({ text, isOptional, where, within, atLeast }, index): FunnelStep => {
    const filters = filtersFrom(where);
    return {
      touchpoint: touchpointOf(text),
      ...(filters.length === 0 ? {} : { where: filters }),
      ...(isOptional && index > 0 && !isAny ? { optional: true } : {}),
      ...(within !== undefined && index > 0 && !isAny ? { within } : {}),
      ...(atLeast !== undefined && index > 0 && !isAny ? { atLeast } : {}),
    };
  });
  const exclude = (state.exclude ?? []).flatMap((one) => exclusionOf(one, state) ?? []);
  const hold = (state.hold ?? []).flatMap((subject) => subjectText(subject) ?? []);
  return {
    steps,
    ...(state.unit === 'customer' ? {} : { unit: state.unit }),
    ...(state.order === 'sequential' ? {} : { order: state.order }),
    window: state.window satisfies Duration,
    ...instantsOf(view.range, view.timezone, nowMs),
    timezone: view.timezone,
    ...(exclude.length === 0 ? {} : { exclude }),
    ...(hold.length === 0 ? {} : { hold }),
    ...(by === null ? {} : { breakdown: { by, limit: 6 } }),
    ...(filter.length === 0 ? {} : { filter }),
  };
}

/** The number of a step among those that have a name; 0 for one that has none. */
export function namedStep(steps: readonly StepDraft[], number: number): number {
  const step = steps[number - 1];
  return step === undefined || !isNamed(step) ? 0 : steps.slice(0, number).filter(isNamed).length;
}

/** The two steps between which time is measured: those of the address if they are in order, else the first and the last. */
export function timesOf(times: FunnelState['times'], steps: number): { fromStep: number; toStep: number } {
  const isFitting = times !== undefined && times.from >= 1 && times.from < times.to && times.to <= steps;
  return isFitting ? { fromStep: times.from, toStep: times.to } : { fromStep: 1, toStep: steps };
}

/** The same question for a terminal. Quotes inside a name are kept from the shell. */
export function curlOf(body: FunnelQueryBody, origin: string): string {
  const json = JSON.stringify(body, null, 2).replaceAll("'", "'\\''");
  return `curl -s ${origin}/v1/funnels/query -H 'content-type: application/json' -d '${json}'`;
}

function exclusionOf(draft: ExclusionDraft, { steps, order }: FunnelState): FunnelExclusion | null {
  const where = filtersFrom(draft.where);
  if (namesOf(draft.text).length === 0) return null;
  const what = { touchpoint: touchpointOf(draft.text), ...(where.length === 0 ? {} : { where }) };
  if (order === 'any') return what;
  const [after, before] = [namedStep(steps, draft.after), namedStep(steps, draft.before)];
  return after === 0 || before <= after ? null : { ...what, after, before };
}

const isNamed = ({ text }: StepDraft): boolean => namesOf(text).length > 0;

function touchpointOf(text: string): string | string[] {
  const names = namesOf(text);
  const [only] = names;
  return names.length === 1 && only !== undefined ? only : names;
}

function namesOf(text: string): string[] {
  return text
    .split('|')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
