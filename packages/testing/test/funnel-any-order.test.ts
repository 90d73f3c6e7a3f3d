import { type FunnelRequest, funnelRequest } from '@michinori/queries';
import { copiesOf, type EventSketch, referenceFunnel } from '@michinori/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';

interface Visit {
  readonly touchpoint: string;
  readonly hour: number;
}

/** The greatest number of steps that distinct visits can fill, by trying everything. */
function fillable(steps: readonly (readonly string[])[], visits: readonly Visit[]): number {
  const [step, ...others] = steps;
  if (step === undefined) return 0;
  const filled = visits
    .filter(({ touchpoint }) => step.includes(touchpoint))
    .map(
      (visit) =>
        1 +
        fillable(
          others,
          visits.filter((other) => other !== visit),
        ),
    );
  return Math.max(fillable(others, visits), ...filled);
}

/** Hours from the start until 1, 2, … steps could be filled, for the deepest and then earliest start. */
function completionHours(steps: readonly (readonly string[])[], visits: readonly Visit[], window: number): number[] {
  const attempts = visits
    .filter(({ touchpoint }) => steps.some((step) => step.includes(touchpoint)))
    .map(({ hour: start }) => {
      const inWindow = visits.filter(({ hour }) => hour >= start && hour <= start + window);
      const depth = fillable(steps, inWindow);
      const hours = inWindow.map(({ hour }) => hour).sort((a, b) => a - b);
      const times = Array.from({ length: depth }, (_, done) =>
        hours.find(
          (end) =>
            fillable(
              steps,
              inWindow.filter(({ hour }) => hour <= end),
            ) > done,
        ),
      );
      return { start, times: times.map((time) => (time ?? Number.NaN) - start) };
    });
  attempts.sort((a, b) => b.times.length - a.times.length || a.start - b.start);
  return attempts[0]?.times ?? [];
}

function request(steps: readonly (readonly string[])[], windowHours: number): FunnelRequest {
  return funnelRequest.parse({
    steps: steps.map((touchpoint) => ({ touchpoint })),
    order: 'any',
    window: { value: windowHours, unit: 'hour' },
    from: '2025-12-01T00:00:00Z',
    to: '2026-12-01T00:00:00Z',
  });
}

it('any order: a step counts from the earliest instant at which so many steps could be filled', () => {
  const stepsArbitrary = fc.array(fc.uniqueArray(fc.constantFrom('A', 'B', 'C'), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 4,
  });
  const visitsArbitrary = fc.array(fc.record({ touchpoint: fc.constantFrom('A', 'B', 'C', 'Z'), hour: fc.nat(8) }), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(stepsArbitrary, visitsArbitrary, fc.integer({ min: 1, max: 6 }), (steps, visits, window) => {
      const grid = { baseIso: '2026-01-01T00:00:00.000Z', tick: { value: 1, unit: 'hour' }, timezone: 'UTC' } as const;
      const copies = visits.map(
        ({ touchpoint, hour }, index): EventSketch => ({
          id: `e${index}`,
          customer: 'c',
          anonymous: null,
          account: null,
          touchpoint,
          tick: hour,
          offUs: 0,
          sequence: null,
          receivedTick: 99,
          channel: null,
          team: null,
          sentiment: null,
          properties: {},
          traits: {},
        }),
      );
      const { rows } = referenceFunnel(
        copiesOf({ grid, copies }, ''),
        request(steps, window),
        Date.UTC(2027, 0) * 1000,
      );
      const expected = completionHours(steps, visits, window);
      expect(rows.reduce((sum, row) => sum + row.customers, 0)).toBe(expected.length);
      let elapsed = 0;
      for (const [index, row] of rows.slice(0, expected.length).entries()) {
        elapsed += row.secondsMean ?? 0;
        expect(elapsed).toBe((expected[index] ?? Number.NaN) * 3600);
      }
    }),
    { numRuns: 300, seed: 11 },
  );
});
