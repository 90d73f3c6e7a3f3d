import { type FunnelRequest, funnelRequest } from '@michinori/queries';
import {
  copiesOf,
  describeWorld,
  type EventCopy,
  identityWorlds,
  microsecondsOf,
  type RequestSketch,
  requestBody,
  requests,
  type World,
  worlds,
} from '@michinori/testing';
import fc from 'fast-check';

/** A request and the worlds that it is asked about, all on the grid of the first one. */
export interface FunnelCase {
  readonly worlds: readonly World[];
  readonly sketch: RequestSketch;
}

export const cases: fc.Arbitrary<FunnelCase> = fc
  .record({
    homes: fc.array(fc.oneof(worlds, identityWorlds), { minLength: 1, maxLength: 12, size: 'max' }),
    sketch: requests,
  })
  .map(({ homes, sketch }) => {
    const [first] = homes;
    return { worlds: first ? homes.map(({ copies }) => ({ grid: first.grid, copies })) : [], sketch };
  });

/** A case that has been given its place in a table: its deliveries, its request, and the moment it is asked at. */
export interface PlacedCase {
  readonly case: FunnelCase;
  readonly copies: readonly EventCopy[];
  readonly request: FunnelRequest;
  readonly asOfUs: number;
}

export function place(given: FunnelCase, realm: string): PlacedCase {
  const [first] = given.worlds;
  if (first === undefined) throw new Error('a case has at least one world');
  const body = requestBody(given.sketch, first.grid, `${realm}0.`, realm);
  const request = funnelRequest.parse(body);
  return {
    case: given,
    copies: given.worlds.flatMap((world, index) => copiesOf(world, `${realm}${index}.`, realm)),
    request,
    asOfUs: microsecondsOf(request.asOf ?? ''),
  };
}

export function describeCase({ case: { worlds: homes }, request }: PlacedCase): string {
  return [JSON.stringify(request, null, 1), ...homes.map(describeWorld)].join('\n');
}

/** The deliveries, shuffled, each delivered twice more (and received later then), in three batches. */
export function messily(copies: readonly EventCopy[], seed: number): EventCopy[][] {
  let state = seed;
  const redelivered = (copy: EventCopy, times: number): EventCopy => ({
    ...copy,
    event: { ...copy.event, receivedAtUs: copy.event.receivedAtUs + times * 1e6 },
    logOffset: copy.logOffset + times * copies.length,
  });
  const draws = [0, 1, 2].flatMap((times) =>
    copies.map((copy) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return { copy: redelivered(copy, times), draw: state };
    }),
  );
  const shuffled = draws.sort((a, b) => a.draw - b.draw).map(({ copy }) => copy);
  return [0, 1, 2].map((batch) => shuffled.filter((_, index) => index % 3 === batch));
}

function sameNumber(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-3);
}

/** The first place where two answers differ, or null. Numbers may differ by rounding. */
export function difference(actual: unknown, expected: unknown, path = ''): string | null {
  if (typeof actual === 'number' && typeof expected === 'number' && sameNumber(actual, expected)) return null;
  if (typeof actual !== 'object' || typeof expected !== 'object' || actual === null || expected === null) {
    return Object.is(actual, expected)
      ? null
      : `${path || 'answer'}: SQL ${JSON.stringify(actual)}, reference ${JSON.stringify(expected)}`;
  }
  const keys = new Set([...Object.keys(actual), ...Object.keys(expected)]);
  for (const key of keys) {
    const found = difference(Reflect.get(actual, key), Reflect.get(expected, key), `${path}/${key}`);
    if (found !== null) return found;
  }
  return null;
}
