import type { PeopleAsOf } from '../identity/person-map.ts';
import { durationUs } from './duration.ts';
import { type Filter, filterSubject, parseSubject, type Subject } from './filter.ts';
import type { RequestShape } from './request-shape.ts';
import { areContiguous, areDisjoint, type Matcher, stepClasses } from './step-relations.ts';
import { isoMicroseconds } from './time.ts';

export interface PlannedStep extends Matcher {
  readonly optional: boolean;
  readonly withinUs: number | null;
  readonly atLeastUs: number;
}

export interface PlannedExclusion extends Matcher {
  readonly after: number;
  readonly before: number;
}

export interface PlannedBreakdown {
  readonly subject: Subject;
  readonly attribution: 'first' | 'last' | 'entry' | 'all' | 'step';
  /** Step of attribution `step`, from 1; 0 otherwise. */
  readonly step: number;
  readonly limit: number;
  readonly bands: readonly number[] | null;
}

/**
 * How attempts are found. `fill`: runs of "next event" arrays, linear, exact without ties between overlapping steps.
 * `frontier`: all useful states per entry, exact always. `either`: per unit, fill unless it has ties.
 * `any-fill`, `any-fold`: the same two for any order.
 */
export type Engine = 'fill' | 'frontier' | 'either' | 'any-fill' | 'any-fold';

/** A request, decided: everything that shapes the SQL, and the values that are bound to it. */
export interface Plan {
  readonly unit: 'customer' | 'account';
  readonly order: 'sequential' | 'strict' | 'any';
  readonly engine: Engine;
  /** Events are carried as bare times; nothing depends on which of several simultaneous events was taken. */
  readonly narrow: boolean;
  readonly steps: readonly PlannedStep[];
  /** See {@link stepClasses}. */
  readonly classes: readonly number[] | null;
  /** The last step that isn't optional, from 1. */
  readonly lastRequired: number;
  readonly exclusions: readonly PlannedExclusion[];
  readonly filters: readonly Filter[];
  readonly hold: readonly Subject[];
  readonly breakdown: PlannedBreakdown | null;
  readonly interval: 'hour' | 'day' | 'week' | 'month' | null;
  readonly timezone: string;
  readonly fromUs: number;
  readonly toUs: number;
  readonly asOfUs: number;
  readonly windowUs: number;
  /** Traits and the account: subjects whose value at an event comes from earlier events too. */
  readonly asOf: readonly Subject[];
  /** Who is who; null when every key is a customer of its own. */
  readonly people: PeopleAsOf | null;
}

/**
 * The fill engine carries an array per pair of steps, and ClickHouse analyses a query in time that grows with the square of that:
 * 0.1 s for 3 steps, 1 s for 10.
 */
const fillStepsMax = 7;

/** Decides a request that has passed its schema. `nowUs` stands in for `asOf: null`; who is who has to be read (`withPeople`). */
export function planFunnel(request: RequestShape, nowUs: number): Plan {
  const steps = request.steps.map((step) => ({
    ...matcher(step),
    optional: step.optional,
    withinUs: step.within === undefined ? null : durationUs(step.within),
    atLeastUs: step.atLeast === undefined ? 0 : durationUs(step.atLeast),
  }));
  const exclusions = request.exclude.map((exclusion) => ({
    ...matcher(exclusion),
    after: exclusion.after ?? 1,
    before: exclusion.before ?? steps.length,
  }));
  const classes = stepClasses(steps);
  const hold = request.hold.map(parseSubject);
  const breakdown = planBreakdown(request.breakdown);
  const plain = hold.length === 0 && breakdown === null && exclusions.length === 0;
  const engine = chooseEngine(request.order, steps, exclusions, classes, plain);
  return {
    unit: request.unit,
    order: request.order,
    engine,
    narrow: plain && request.order !== 'strict' && (engine === 'fill' || engine === 'any-fill'),
    steps,
    classes,
    lastRequired: request.order === 'any' ? steps.length : steps.findLastIndex((step) => !step.optional) + 1,
    exclusions,
    filters: request.filter,
    hold,
    breakdown,
    interval: request.trend?.interval ?? null,
    timezone: request.timezone,
    fromUs: isoMicroseconds(request.from) ?? 0,
    toUs: isoMicroseconds(request.to) ?? 0,
    asOfUs: (request.asOf === null ? null : isoMicroseconds(request.asOf)) ?? nowUs,
    windowUs: durationUs(request.window),
    asOf: subjectsAsOf(request, hold, breakdown),
    people: null,
  };
}

function matcher({ touchpoint, where }: { touchpoint: string | string[]; where: Filter[] }): Matcher {
  return { patterns: [...new Set(Array.isArray(touchpoint) ? touchpoint : [touchpoint])], where };
}

function planBreakdown(breakdown: RequestShape['breakdown']): PlannedBreakdown | null {
  if (breakdown === null) return null;
  const [kind = 'first', step = '0'] = breakdown.attribution.split(':');
  return {
    subject: parseSubject(breakdown.by),
    attribution: kind === 'last' || kind === 'entry' || kind === 'all' || kind === 'step' ? kind : 'first',
    step: Number(step),
    limit: breakdown.limit,
    bands: breakdown.bands ?? null,
  };
}

function chooseEngine(
  order: Plan['order'],
  steps: readonly PlannedStep[],
  exclusions: readonly PlannedExclusion[],
  classes: readonly number[] | null,
  plain: boolean,
): Engine {
  if (order === 'any') return plain && classes !== null ? 'any-fill' : 'any-fold';
  if (steps.length > fillStepsMax || steps.some((step) => step.optional || step.atLeastUs > 0)) return 'frontier';
  if (!exclusions.every((exclusion) => steps.every((step) => areDisjoint(exclusion, step)))) return 'frontier';
  return order === 'sequential' && classes !== null && areContiguous(classes) ? 'fill' : 'either';
}

function subjectsAsOf(
  request: RequestShape,
  hold: readonly Subject[],
  breakdown: PlannedBreakdown | null,
): readonly Subject[] {
  const filters = [request.filter, ...[...request.steps, ...request.exclude].map(({ where }) => where)].flat();
  const subjects = [...filters.map(filterSubject), ...hold, ...(breakdown === null ? [] : [breakdown.subject])];
  if (request.unit === 'account') subjects.push({ kind: 'account' });
  const found = new Map<string, Subject>();
  for (const subject of subjects) {
    if (subject.kind === 'trait' || subject.kind === 'account') found.set(JSON.stringify(subject), subject);
  }
  return [...found.values()];
}
