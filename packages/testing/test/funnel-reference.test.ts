import { type FunnelRequest, funnelRequest } from '@michinori/queries';
import {
  bucketStart,
  bucketStarts,
  copiesOf,
  type EventCopy,
  type EventSketch,
  referenceCustomers,
  referenceFunnel,
  referenceTimeToConvert,
  requestBody,
  requests,
  worlds,
} from '@michinori/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const blank: Omit<EventSketch, 'id' | 'tick' | 'touchpoint'> = {
  customer: 'c',
  anonymous: null,
  account: null,
  offUs: 0,
  sequence: null,
  receivedTick: 1000,
  channel: null,
  team: null,
  sentiment: null,
  properties: {},
  traits: {},
};

const grid = { baseIso: '2026-01-01T00:00:00.000Z', tick: { value: 1, unit: 'hour' }, timezone: 'UTC' } as const;
const lastMoment = Date.parse('2027-01-01T00:00:00Z') * 1000;

/** `A0 B1.5 B2` = touchpoint A at hour 0, …; ids follow the order of the text. */
function story(text: string, fields: Partial<EventSketch> = {}): EventCopy[] {
  const copies = text.split(' ').map((word, index) => {
    const hours = Number(word.replace(/^[A-Z]+/, ''));
    const touchpoint = word.replace(/[0-9.]+$/, '');
    return {
      ...blank,
      ...fields,
      id: `${fields.customer ?? 'c'}${String(index).padStart(2, '0')}`,
      tick: hours,
      touchpoint,
    };
  });
  return copiesOf({ grid, copies }, '');
}

function ask(steps: readonly unknown[], more: Record<string, unknown> = {}): FunnelRequest {
  return funnelRequest.parse({
    steps: steps.map((step) => (typeof step === 'string' || Array.isArray(step) ? { touchpoint: step } : step)),
    window: { value: 1, unit: 'day' },
    from: '2026-01-01T00:00:00.000Z',
    to: '2026-06-01T00:00:00.000Z',
    ...more,
  });
}

/** customers/dropped/open per step, e.g. `1/0/0 1/1/0`. */
function shape(copies: readonly EventCopy[], request: FunnelRequest, asOfUs = lastMoment): string {
  return referenceFunnel(copies, request, asOfUs)
    .rows.map(({ customers, dropped, open }) => `${customers}/${dropped}/${open}`)
    .join(' ');
}

const hours = (value: number) => ({ value, unit: 'hour' });
const hourUs = 3600e6;
const start = Date.parse(grid.baseIso) * 1000;

describe('the reference funnel', () => {
  it('counts a plain funnel', () => {
    expect(shape(story('A0 Z1 B2'), ask(['A', 'B', 'C']))).toBe('1/0/0 1/1/0 0/0/0');
    expect(shape(story('B0 A1'), ask(['A', 'B']))).toBe('1/1/0 0/0/0');
  });

  it('includes the end of the window and nothing later', () => {
    expect(shape(story('A0 B24'), ask(['A', 'B']))).toBe('1/0/0 1/0/0');
    expect(shape(story('A0 B24.001'), ask(['A', 'B']))).toBe('1/1/0 0/0/0');
  });

  it('includes from, excludes to, and follows entries after to', () => {
    const request = ask(['A', 'B'], { from: '2026-01-01T01:00:00.000Z', to: '2026-01-01T02:00:00.000Z' });
    expect(shape(story('A1 B5'), request)).toBe('1/0/0 1/0/0');
    expect(shape(story('A2 B5'), request)).toBe('0/0/0 0/0/0');
    expect(shape(story('A0.9 B5'), request)).toBe('0/0/0 0/0/0');
  });

  it('never fills two steps with one event, also among ties', () => {
    expect(shape(story('A0'), ask(['A', 'A']))).toBe('1/1/0 0/0/0');
    expect(shape(story('A0 A0'), ask(['A', 'A']))).toBe('1/0/0 1/0/0');
    expect(shape(story('B0 A0'), ask(['A', 'B']))).toBe('1/0/0 1/0/0');
    expect(shape(story('A0 A1 B1'), ask(['A', ['A', 'B'], 'A']))).toBe('1/0/0 1/0/0 1/0/0');
  });

  it('orders one instant by sequence', () => {
    const copies = [...story('A0', { sequence: 2, customer: 'c' }), ...story('B0', { sequence: 1, customer: 'c' })];
    const own = copies.map((copy, index) => ({ ...copy, event: { ...copy.event, id: String(index) } }));
    expect(shape(own, ask(['A', 'B']))).toBe('1/1/0 0/0/0');
    expect(shape(own, ask(['B', 'A']))).toBe('1/0/0 1/0/0');
  });

  it('takes a later second step when only that one leads on', () => {
    const steps = ['A', 'B', { touchpoint: 'C', within: hours(1) }];
    expect(shape(story('A0 B1 B5 C5.5'), ask(steps))).toBe('1/0/0 1/0/0 1/0/0');
    const atLeast = ['A', { touchpoint: 'B', atLeast: hours(2) }];
    expect(shape(story('A0 B1'), ask(atLeast))).toBe('1/1/0 0/0/0');
    expect(shape(story('A0 B1 B2'), ask(atLeast))).toBe('1/0/0 1/0/0');
  });

  it('skips optional steps but never required ones', () => {
    const steps = ['A', { touchpoint: 'B', optional: true }, 'C'];
    expect(shape(story('A0 C1'), ask(steps))).toBe('1/0/0 0/0/0 1/0/0');
    expect(shape(story('A0 B1 C2'), ask(steps))).toBe('1/0/0 1/0/0 1/0/0');
    expect(shape(story('A0 C1 B2'), ask(steps))).toBe('1/0/0 0/0/0 1/0/0');
    expect(shape(story('A0 B1'), ask(steps))).toBe('1/0/0 1/1/0 0/0/0');
    expect(shape(story('A0 C1'), ask(['A', 'B', { touchpoint: 'C', optional: true }]))).toBe('1/1/0 0/0/0 0/0/0');
  });

  it('prefers the deepest attempt, then the earliest', () => {
    const [row1, row2] = referenceFunnel(story('A0 A1 B2'), ask(['A', 'B']), lastMoment).rows;
    expect(row1?.customers).toBe(1);
    expect(row2?.secondsMean).toBe(7200);
    expect(referenceFunnel(story('A0 A20 B30'), ask(['A', 'B']), lastMoment).rows[1]?.secondsMean).toBe(36_000);
  });

  it('strict: other events strictly between first and last disturb, ties with the ends do not', () => {
    const strict = { order: 'strict' };
    expect(shape(story('A0 Z1 B2'), ask(['A', 'B'], strict))).toBe('1/1/0 0/0/0');
    expect(shape(story('A0 Z0 B2'), ask(['A', 'B'], strict))).toBe('1/0/0 1/0/0');
    expect(shape(story('A0 B1 Z1 C2'), ask(['A', 'B', 'C'], strict))).toBe('1/0/0 1/1/0 0/0/0');
    expect(shape(story('A0 A1 B2'), ask(['A', 'B'], strict))).toBe('1/0/0 1/0/0');
  });

  it('any order: counts what distinct events can fill', () => {
    const any = { order: 'any' };
    expect(shape(story('C0 A1 B2'), ask(['A', 'B', 'C'], any))).toBe('1/0/0 1/0/0 1/0/0');
    expect(shape(story('A0'), ask(['A', 'A'], any))).toBe('1/1/0 0/0/0');
    expect(shape(story('A0 B1 A2'), ask(['A', ['A', 'B'], 'C'], any))).toBe('1/0/0 1/1/0 0/0/0');
    const rows = referenceFunnel(story('A0 A5 B7'), ask(['A', 'B'], any), lastMoment).rows;
    expect(rows[1]?.secondsMean).toBe(7 * 3600);
  });

  it('holds values constant', () => {
    const copies = [...story('A0', { properties: { p: 'u' } }), ...story('Y0 B1', { properties: { p: 'v' } }).slice(1)];
    expect(shape(copies, ask(['A', 'B']))).toBe('1/0/0 1/0/0');
    expect(shape(copies, ask(['A', 'B'], { hold: ['property:p'] }))).toBe('1/1/0 0/0/0');
  });

  it('removes a spoiled customer altogether, unless another attempt is clean', () => {
    const exclude = { exclude: [{ touchpoint: 'X' }] };
    expect(shape(story('A0 X1 B2'), ask(['A', 'B'], exclude))).toBe('0/0/0 0/0/0');
    expect(shape(story('A0 X0 B2'), ask(['A', 'B'], exclude))).toBe('1/0/0 1/0/0');
    expect(shape(story('A0 X2 B2'), ask(['A', 'B'], exclude))).toBe('1/0/0 1/0/0');
    expect(shape(story('A0 X1 B2 A3 B4'), ask(['A', 'B'], exclude))).toBe('1/0/0 1/0/0');
    expect(shape(story('A0 X24'), ask(['A', 'B'], exclude))).toBe('0/0/0 0/0/0');
    expect(shape(story('A0 X24.01'), ask(['A', 'B'], exclude))).toBe('1/1/0 0/0/0');
    const later = { exclude: [{ touchpoint: 'X', after: 2, before: 3 }] };
    expect(shape(story('A0 X1 B2 C3'), ask(['A', 'B', 'C'], later))).toBe('1/0/0 1/0/0 1/0/0');
    expect(shape(story('A0 B1 X2 C3'), ask(['A', 'B', 'C'], later))).toBe('0/0/0 0/0/0 0/0/0');
    expect(shape(story('A0 X1'), ask(['A', 'B', 'C'], later))).toBe('1/1/0 0/0/0 0/0/0');
  });

  it('calls a customer open while an attempt can still go on', () => {
    const request = ask(['A', 'B']);
    expect(shape(story('A0'), request, start + 24 * hourUs)).toBe('1/0/1 0/0/0');
    expect(shape(story('A0'), request, start + 24 * hourUs + 1)).toBe('1/1/0 0/0/0');
    const within = ask(['A', 'B', { touchpoint: 'C', within: hours(2) }]);
    expect(shape(story('A0 B1'), within, start + 3 * hourUs)).toBe('1/0/0 1/0/1 0/0/0');
    expect(shape(story('A0 B1'), within, start + 4 * hourUs)).toBe('1/0/0 1/0/1 0/0/0');
    const firm = ask(['A', { touchpoint: 'B', within: hours(2) }]);
    expect(shape(story('A0'), firm, start + 2 * hourUs)).toBe('1/0/1 0/0/0');
    expect(shape(story('A0'), firm, start + 2 * hourUs + 1)).toBe('1/1/0 0/0/0');
  });

  it('counts an event once, by its earliest receipt', () => {
    const [a, b] = story('A0 B1');
    if (a === undefined || b === undefined) throw new Error('two events expected');
    const late = { ...b, event: { ...b.event, touchpoint: 'Z', receivedAtUs: b.event.receivedAtUs - 1 } };
    expect(shape([a, b, b, a], ask(['A', 'A']))).toBe('1/1/0 0/0/0');
    expect(shape([a, b, late], ask(['A', 'B']))).toBe('1/1/0 0/0/0');
    expect(shape([late, b, a], ask(['A', 'Z']))).toBe('1/0/0 1/0/0');
  });

  it('follows accounts across customers and carries a joined account forward', () => {
    const copies = [
      ...story('Y0 A1', { customer: 'c' }).map((copy, index) => ({
        ...copy,
        event: { ...copy.event, account: index === 0 ? 'acme' : null },
      })),
      ...story('B2', { customer: 'd', account: 'acme' }),
      ...story('B3', { customer: 'e' }),
    ];
    expect(shape(copies, ask(['A', 'B'], { unit: 'account' }))).toBe('1/0/0 1/0/0');
    expect(shape(copies, ask(['A', 'B']))).toBe('1/1/0 0/0/0');
    expect(
      referenceCustomers(copies, ask(['A', 'B'], { unit: 'account' }), { step: 2, outcome: 'converted' }, lastMoment),
    ).toEqual([
      {
        unit: 'acme',
        furthest: 2,
        open: false,
        enteredAtUs: start + hourUs,
        stepsAtUs: [start + hourUs, start + 2 * hourUs],
      },
    ]);
  });

  it('breaks down by attribution', () => {
    const copies = ['', 'u', 'v', ''].flatMap((p, index) => {
      const [copy] = story(`${'ABCC'.charAt(index)}${index}`, { properties: p === '' ? {} : { p } });
      return copy === undefined ? [] : [{ ...copy, event: { ...copy.event, id: `i${index}` } }];
    });
    const segments = (attribution: string) =>
      referenceFunnel(
        copies,
        ask(['A', 'B', 'C'], { breakdown: { by: 'property:p', attribution } }),
        lastMoment,
      ).rows.map(({ segment, customers }) => `${segment}:${customers}`);
    expect(segments('first')).toEqual(['u:1', 'u:1', 'u:1']);
    expect(segments('last')).toEqual(['v:1', 'v:1', 'v:1']);
    expect(segments('entry')).toEqual([':1', ':1', ':1']);
    expect(segments('step:2')).toEqual(['u:1', 'u:1', 'u:1']);
    expect(segments('all')).toEqual([':1', ':0', ':0']);
  });

  it('gives the time to convert with its histogram', () => {
    const copies = [1, 2, 3, 9].flatMap((hour, index) => story(`A0 B${hour}`, { customer: `c${index}` }));
    const answer = referenceTimeToConvert(copies, ask(['A', 'B']), { fromStep: 1, toStep: 2, bins: 2 }, lastMoment);
    expect(answer.rows).toEqual([
      { fromSeconds: 3600, toSeconds: 18_000, customers: 3 },
      { fromSeconds: 18_000, toSeconds: 32_400, customers: 1 },
    ]);
    expect(answer).toMatchObject({ customers: 4, mean: 13_500, median: 9000, p90: expect.closeTo(25_920, 6) });
  });

  it('does not depend on the order or the number of deliveries', () => {
    fc.assert(
      fc.property(worlds, requests, fc.integer(), (world, sketch, seed) => {
        const request = funnelRequest.parse(requestBody(sketch, world.grid, 'w'));
        const copies = copiesOf(world, 'w');
        const [shuffled] = fc.sample(fc.shuffledSubarray([...copies, ...copies], { minLength: 2 * copies.length }), {
          numRuns: 1,
          seed,
        });
        const answer = referenceFunnel(copies, request, lastMoment);
        const again = referenceFunnel(shuffled ?? [], request, lastMoment);
        expect(again).toEqual(answer);
        for (const row of answer.rows) {
          expect(row.customers).toBeLessThanOrEqual(row.n);
          expect(row.dropped + row.open).toBeLessThanOrEqual(row.customers);
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});

describe('trend buckets of the reference', () => {
  const us = (iso: string) => Date.parse(iso) * 1000;

  it.each([
    ['2025-03-30T00:30:00Z', 'day', 'Europe/Berlin', '2025-03-29T23:00:00Z'],
    ['2025-03-30T22:30:00Z', 'day', 'Europe/Berlin', '2025-03-30T22:00:00Z'],
    ['2025-10-26T01:30:00Z', 'hour', 'Europe/Berlin', '2025-10-26T01:00:00Z'],
    ['2025-10-26T00:30:00Z', 'hour', 'Europe/Berlin', '2025-10-26T00:00:00Z'],
    ['2025-11-02T23:00:00Z', 'week', 'America/New_York', '2025-10-27T04:00:00Z'],
    ['2025-11-03T05:00:00Z', 'week', 'America/New_York', '2025-11-03T05:00:00Z'],
    ['2017-10-15T12:00:00Z', 'day', 'America/Sao_Paulo', '2017-10-15T03:00:00Z'],
    ['2025-01-10T00:00:00Z', 'hour', 'Asia/Kathmandu', '2025-01-09T23:15:00Z'],
    ['2024-12-31T18:15:00Z', 'month', 'Asia/Kathmandu', '2024-12-31T18:15:00Z'],
    ['2024-12-31T18:14:59.999Z', 'month', 'Asia/Kathmandu', '2024-11-30T18:15:00Z'],
  ] as const)('%s belongs to the %s in %s that starts at %s', (instant, interval, timezone, expected) => {
    expect(bucketStart(us(instant), interval, timezone)).toBe(us(expected));
  });

  it('lists every bucket once, without gaps', () => {
    const days = bucketStarts(us('2025-03-29T12:00:00Z'), us('2025-04-01T00:00:00Z'), 'day', 'Europe/Berlin');
    expect(days.map((day) => new Date(day / 1000).toISOString().slice(0, 13))).toEqual([
      '2025-03-28T23',
      '2025-03-29T23',
      '2025-03-30T22',
      '2025-03-31T22',
    ]);
  });
});
