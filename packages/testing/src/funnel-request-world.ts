import type { Scalar } from '@michinori/events';
import fc from 'fast-check';
import type { WrittenFilter } from './funnel-filter.ts';
import type { Operator } from './funnel-match.ts';
import { atTick, type Grid, propertyValues, traitValues } from './funnel-world.ts';

/** A request before its times are placed on the grid of a world. Durations and instants are counted in ticks. */
export interface RequestSketch {
  readonly fromTick: number;
  readonly ticks: number;
  readonly asOfTick: number;
  /** Microseconds off the grid of from, to and asOf. */
  readonly offUs: readonly [number, number, number];
  readonly windowTicks: number;
  readonly order: 'sequential' | 'strict' | 'any';
  readonly unit: 'customer' | 'account';
  readonly steps: readonly StepSketch[];
  readonly exclude: readonly ExclusionSketch[];
  readonly hold: readonly string[];
  readonly breakdown: BreakdownSketch | null;
  readonly trend: boolean;
  readonly filter: readonly FilterSketch[];
}

interface StepSketch {
  readonly touchpoint: string | readonly string[];
  readonly where: readonly FilterSketch[];
  readonly optional: boolean;
  readonly withinTicks: number | null;
  readonly atLeastTicks: number | null;
}

interface ExclusionSketch {
  readonly touchpoint: string;
  readonly where: readonly FilterSketch[];
  readonly after: number;
  readonly before: number;
}

interface BreakdownSketch {
  readonly by: string;
  readonly attribution: string;
  readonly limit: number;
  readonly bands: readonly number[] | null;
}

type FilterSketch = WrittenFilter;

const often = <T>(value: fc.Arbitrary<T>, none: T, noneWeight: number) =>
  fc.oneof({ weight: noneWeight, arbitrary: fc.constant(none) }, { weight: 1, arbitrary: value });

/** Something that a filter can look at, and values worth asking it for. */
export interface FilterSubject {
  readonly subject: Omit<WrittenFilter, 'op' | 'value'>;
  readonly values: readonly Scalar[];
}

export const plainSubjects: fc.Arbitrary<FilterSubject> = fc.oneof(
  fc.constantFrom('p', 'q').map((property) => ({ subject: { property }, values: propertyValues })),
  fc.constantFrom('t', 's').map((trait) => ({ subject: { trait }, values: traitValues })),
  fc.constant<FilterSubject>({ subject: { channel: true }, values: ['web', 'app', ''] }),
  fc.constant<FilterSubject>({ subject: { team: true }, values: ['ops', ''] }),
);

// In the values of account filters `@` stands for the world's prefix.
const subjects = fc.oneof(
  { weight: 4, arbitrary: plainSubjects },
  { weight: 1, arbitrary: fc.constant<FilterSubject>({ subject: { account: true }, values: ['@x', '@y', ''] }) },
);

/** A random filter, any operator, on one of the subjects. */
export function filterOn(subjects: fc.Arbitrary<FilterSubject>): fc.Arbitrary<FilterSketch> {
  return subjects.chain(({ subject, values }) => {
    const value = fc.constantFrom(...values);
    return fc
      .oneof(
        fc.record({ op: fc.constantFrom<Operator[]>('eq', 'neq'), value }),
        fc.record({
          op: fc.constantFrom<Operator[]>('in', 'not_in'),
          value: fc.array(value, { minLength: 1, maxLength: 2 }),
        }),
        fc.record({
          op: fc.constantFrom<Operator[]>('contains', 'not_contains'),
          value: fc.constantFrom('o', 'u', '1', '.', '%', '_', '\\ '),
        }),
        fc.record({
          op: fc.constantFrom<Operator[]>('gt', 'gte', 'lt', 'lte'),
          value: fc.constantFrom<Scalar[]>(1, 2.5, '10', 4.35, 0),
        }),
        fc.record({ op: fc.constantFrom<Operator[]>('set', 'not_set') }),
        fc.record({
          op: fc.constant<Operator>('regex'),
          value: fc.constantFrom('^g', 'o|u', '^$', '[0-9]+$', '.', '^.$'),
        }),
      )
      .map((condition) => ({ ...subject, ...condition }));
  });
}

const filter = filterOn(subjects);

const filters = (noneWeight: number) => often(fc.array(filter, { minLength: 1, maxLength: 2 }), [], noneWeight);

const touchpoint = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom<(string | string[])[]>('A', 'B', 'C') },
  {
    weight: 3,
    arbitrary: fc.constantFrom<(string | string[])[]>('A*', '*', ['A', 'B'], ['B', 'C'], ['C', 'A*'], 'A*b', 'Z'),
  },
);

const gap = often(fc.integer({ min: 1, max: 4 }), null, 4);

const step: fc.Arbitrary<StepSketch> = fc.record({
  touchpoint,
  where: filters(14),
  optional: fc.boolean(),
  withinTicks: gap,
  atLeastTicks: often(fc.integer({ min: 0, max: 2 }), null, 3),
});

const offUs = fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(-1, 1) });

const bySubject = fc.constantFrom('property:p', 'property:q', 'trait:t', 'channel', 'team', 'account');

const breakdown = (steps: number): fc.Arbitrary<BreakdownSketch> =>
  fc.record({
    by: bySubject,
    attribution: fc.oneof(
      fc.constantFrom('first', 'last', 'entry', 'all', 'all'),
      fc.integer({ min: 1, max: steps }).map((number) => `step:${number}`),
    ),
    limit: fc.constantFrom(25, 25, 1, 2),
    bands: often(fc.constantFrom<(readonly number[])[]>([2.5], [1, 10], [-1, 2.5, 3]), null, 4),
  });

const exclusion = (steps: number): fc.Arbitrary<ExclusionSketch> =>
  fc
    .tuple(
      fc.integer({ min: 1, max: steps - 1 }),
      fc.integer({ min: 2, max: steps }),
      fc.constantFrom('B', 'C', 'Z', 'Z', 'AB', 'A*'),
      filters(2),
    )
    .map(([after, before, name, where]) => ({
      touchpoint: name,
      where,
      after: Math.min(after, before - 1),
      before,
    }));

/** Which options the steps after the first may have; without them the simpler ways to a funnel are taken. */
interface Liberties {
  readonly optional: boolean;
  readonly gaps: boolean;
}

function legal(sketch: RequestSketch, { optional, gaps }: Liberties): RequestSketch {
  const steps = sketch.steps.map((own, index) => {
    const later = sketch.order !== 'any' && index > 0;
    const withinTicks = later ? own.withinTicks : null;
    const atLeastTicks = later && gaps ? own.atLeastTicks : null;
    return {
      ...own,
      optional: later && optional && own.optional,
      withinTicks,
      atLeastTicks: withinTicks === null || atLeastTicks === null ? atLeastTicks : Math.min(withinTicks, atLeastTicks),
    };
  });
  return { ...sketch, steps };
}

/** Random requests over the vocabulary of the random worlds: every option alone and in combination. */
export const requests: fc.Arbitrary<RequestSketch> = fc.noBias(
  fc
    .array(step, { minLength: 1, maxLength: 4, size: 'max' })
    .chain((steps) =>
      fc.record({
        fromTick: fc.integer({ min: -1, max: 2 }),
        ticks: fc.constantFrom(3, 6, 9, 11),
        asOfTick: fc.oneof(fc.integer({ min: 4, max: 13 }), fc.constant(40)),
        offUs: fc.tuple(offUs, offUs, offUs),
        windowTicks: fc.constantFrom(1, 2, 3, 4, 6, 9, 9, 12, 36),
        order: fc.constantFrom<RequestSketch['order'][]>('sequential', 'sequential', 'strict', 'any'),
        unit: fc.constantFrom<RequestSketch['unit'][]>('customer', 'customer', 'account'),
        steps: fc.constant(steps),
        exclude:
          steps.length < 2
            ? fc.constant([])
            : often(fc.array(exclusion(steps.length), { minLength: 1, maxLength: 2 }), [], 3),
        hold: often(fc.uniqueArray(bySubject, { minLength: 1, maxLength: 2 }), [], 4),
        breakdown: often(breakdown(steps.length), null, 1),
        trend: often(fc.constant(true), false, 3),
        filter: filters(9),
      }),
    )
    .chain((sketch) =>
      fc.record({ optional: fc.boolean(), gaps: fc.boolean() }).map((liberties) => legal(sketch, liberties)),
    ),
);

function placed(value: unknown, prefix: string): unknown {
  if (Array.isArray(value)) return value.map((item) => placed(item, prefix));
  return typeof value === 'string' ? value.replace(/^@/, prefix) : value;
}

function filterOf(sketch: FilterSketch, prefix: string): Readonly<Record<string, unknown>> {
  return 'value' in sketch ? { ...sketch, value: placed(sketch.value, prefix) } : { ...sketch };
}

function isoMicroseconds(us: number): string {
  const micros = ((us % 1e6) + 1e6) % 1e6;
  return `${new Date((us - micros) / 1000).toISOString().slice(0, 19)}.${String(micros).padStart(6, '0')}Z`;
}

// Fine enough that entries fall into several buckets, coarse enough that there are few.
const INTERVAL = { second: 'hour', minute: 'hour', hour: 'day', day: 'week' } as const;

/** The JSON body of a request in a world, restricted to the events of its realm. */
export function requestBody(
  sketch: RequestSketch,
  grid: Grid,
  prefix: string,
  realm = prefix,
): Record<string, unknown> {
  const duration = (ticks: number) => ({ value: ticks * grid.tick.value, unit: grid.tick.unit });
  const [fromOffUs, toOffUs, asOfOffUs] = sketch.offUs;
  const ownFilters = (list: readonly FilterSketch[]) => list.map((item) => filterOf(item, prefix));
  return {
    steps: sketch.steps.map(({ touchpoint, where, optional, withinTicks, atLeastTicks }) => ({
      touchpoint,
      where: ownFilters(where),
      ...(optional && { optional }),
      ...(withinTicks !== null && { within: duration(withinTicks) }),
      ...(atLeastTicks !== null && { atLeast: duration(atLeastTicks) }),
    })),
    unit: sketch.unit,
    order: sketch.order,
    window: duration(sketch.windowTicks),
    from: isoMicroseconds(atTick(grid, sketch.fromTick) + fromOffUs),
    to: isoMicroseconds(atTick(grid, sketch.fromTick + sketch.ticks) + toOffUs),
    asOf: isoMicroseconds(atTick(grid, sketch.asOfTick) + asOfOffUs),
    timezone: grid.timezone,
    exclude: sketch.exclude.map(({ where, after, before, touchpoint }) => ({
      touchpoint,
      where: ownFilters(where),
      ...(sketch.order !== 'any' && { after, before }),
    })),
    hold: sketch.hold,
    ...(sketch.breakdown && {
      breakdown: {
        by: sketch.breakdown.by,
        attribution: sketch.breakdown.attribution,
        limit: sketch.breakdown.limit,
        ...(sketch.breakdown.bands && { bands: sketch.breakdown.bands }),
      },
    }),
    ...(sketch.trend && { trend: { interval: grid.tick.value === 100 ? 'month' : INTERVAL[grid.tick.unit] } }),
    filter: [...ownFilters(sketch.filter), { property: 'realm', op: 'eq', value: realm }],
  };
}
