import type { TouchpointEvent } from '@michinori/events';
import type { Journey } from '@michinori/journey';
import {
  type EventCopy,
  referenceCustomerRows,
  referenceUnitJourneys,
  story,
  storyEvent,
  storyHour,
  storyJourney,
  storyStage,
} from '@michinori/testing';
import { describe, expect, it } from 'vitest';

function rowOf(journey: Journey, copies: readonly EventCopy[], unit = 'c') {
  return referenceUnitJourneys(journey, copies).find((row) => row.unit === unit);
}

const traits = (values: Record<string, string>): Partial<TouchpointEvent> => ({
  traits: new Map(Object.entries(values)),
});

describe('segments of a visit', () => {
  const segments = (journey: Partial<Journey>, copies: readonly EventCopy[], unit?: string) =>
    rowOf(storyJourney(journey), copies, unit)?.visits.map((visit) => visit.segments);

  it('are the values set up to and including the entry, in the order of the definition', () => {
    const copies = [
      storyEvent('z', 0, traits({ plan: 'free', region: 'jp' })),
      storyEvent('A', 1, traits({ plan: 'pro' })),
      storyEvent('z', 2, traits({ plan: 'team' })),
      storyEvent('B', 3),
    ];
    expect(segments({ segments: ['region', 'plan', 'size'] }, copies)).toEqual([
      ['jp', 'pro', ''],
      ['jp', 'team', ''],
    ]);
  });

  it('of an account are set by any of its customers, by events that belong to it', () => {
    const copies = [
      storyEvent('z', 0, { customer: 'd', ...traits({ plan: 'before joining' }) }),
      storyEvent('z', 1, { customer: 'd', account: 'acme', ...traits({ plan: 'pro' }) }),
      storyEvent('z', 1, { customer: 'd', account: 'other', ...traits({ plan: 'other' }) }),
      storyEvent('A', 2, { account: 'acme' }),
    ];
    expect(segments({ unit: 'account', segments: ['plan'] }, copies, 'acme')).toEqual([['pro']]);
  });

  it('name the persona by the values of the unit, not of the customer', () => {
    const where = [{ trait: 'role', op: 'eq' as const, value: 'ops' }];
    const journey = {
      unit: 'account' as const,
      segments: ['persona'],
      personas: [{ id: 'ops', title: {}, where, goal: null }],
    };
    const copies = [
      storyEvent('z', 0, { customer: 'd', account: 'acme', ...traits({ role: 'ops' }) }),
      storyEvent('A', 1, { account: 'acme' }),
    ];
    expect(segments(journey, copies, 'acme')).toEqual([['ops']]);
  });

  it('name the first persona whose conditions hold', () => {
    const persona = (id: string, ...values: string[]) => ({
      id,
      title: {},
      where: [{ trait: 'role', op: 'in' as const, value: values }],
      goal: null,
    });
    const journey = {
      segments: ['persona'],
      personas: [persona('ops', 'ops', 'admin'), persona('all', 'admin', 'sales', '')],
    };
    const of = (role: string) => segments(journey, [storyEvent('A', 0, traits({ role }))]);
    expect(of('admin')).toEqual([['ops']]);
    expect(of('sales')).toEqual([['all']]);
    expect(of('other')).toEqual([['']]);
    expect(segments(journey, story('A0'))).toEqual([['all']]);
  });
});

describe('touches and path', () => {
  const touches = (journey: Journey, copies: readonly EventCopy[]) =>
    rowOf(journey, copies)?.touches.map(({ visit, touchpoint, firstUs, lastUs, count, isLast }) => {
      const hour = (us: number) => (us - storyHour(0)) / 3600e6;
      return `${visit} ${touchpoint} ${hour(firstUs)}–${hour(lastUs)} ×${count}${isLast ? ' last' : ''}`;
    });

  it('belong to a visit from its entry to before the next entry', () => {
    expect(touches(storyJourney(), story('z0 A1 y2 z3 y4 B5'))).toEqual([
      '1 A 1–1 ×1',
      '1 y 2–4 ×2 last',
      '1 z 3–3 ×1',
      '2 B 5–5 ×1 last',
    ]);
  });

  it('leave out the exit, what follows silence, and what is outside of visits', () => {
    expect(touches(storyJourney(), story('A0 y1 X2 z3'))).toEqual(['1 A 0–0 ×1', '1 y 1–1 ×1 last']);
    const stages = [storyStage('a', ['A'], { lostAfterUs: 3600e6 })];
    expect(touches(storyJourney({ stages }), story('A0 y1 z5'))).toEqual(['1 A 0–0 ×1', '1 y 1–1 ×1 last']);
    expect(rowOf(storyJourney(), story('z0 A1 X2 z3'))?.path).toEqual([
      { atUs: storyHour(1), visit: 1, touchpoint: 'A' },
    ]);
  });

  it('of a completed visit are its entry', () => {
    const stages = [storyStage('a', ['A']), storyStage('c', ['C'], { terminal: true })];
    expect(touches(storyJourney({ stages }), story('A0 C1 z2'))).toEqual(['1 A 0–0 ×1 last', '2 C 1–1 ×1 last']);
  });

  it('are last by canonical order', () => {
    const ties = [...story('A0'), storyEvent('y', 1, { id: 'p' }), storyEvent('z', 1, { id: 'o' })];
    expect(touches(storyJourney(), ties)).toEqual(['1 A 0–0 ×1', '1 z 1–1 ×1', '1 y 1–1 ×1 last']);
  });
});

describe('responses', () => {
  it('are all opinions and questions, with the visit they stand in and what came before', () => {
    const copies = [
      storyEvent('z', 0, { sentiment: 0 }),
      storyEvent('A', 1, { sentiment: -1 }),
      storyEvent('nps.asked', 2),
      storyEvent('nps.answered', 3, { nps: 0 }),
      storyEvent('y', 4),
      storyEvent('X', 5, { nps: 10, sentiment: 1 }),
      storyEvent('nps.answered', 6, { nps: 7 }),
    ];
    const rows = rowOf(storyJourney(), copies)?.responses.map(
      ({ atUs, visit, customer, touchpoint, after, nps, sentiment, asked }) => [
        (atUs - storyHour(0)) / 3600e6,
        visit,
        customer,
        touchpoint,
        after,
        nps,
        sentiment,
        asked,
      ],
    );
    expect(rows).toEqual([
      [0, 0, 'c', 'z', '', -1, 0, 0],
      [1, 1, 'c', 'A', 'z', -1, -1, 0],
      [2, 1, 'c', 'nps.asked', 'A', -1, 2, 1],
      [3, 1, 'c', 'nps.answered', 'A', 0, 2, 0],
      [5, 1, 'c', 'X', 'y', 10, 1, 0],
      [6, 0, 'c', 'nps.answered', 'X', 7, 2, 0],
    ]);
  });

  it('stand in the visit that the event enters', () => {
    const copies = [storyEvent('A', 0), storyEvent('B', 1, { nps: 9 })];
    expect(rowOf(storyJourney(), copies)?.responses).toMatchObject([{ visit: 2, after: 'A' }]);
  });

  it('of an account name the customer', () => {
    const copies = [
      storyEvent('A', 0, { account: 'acme' }),
      storyEvent('nps.answered', 1, { customer: null, anonymous: 'n', account: 'acme', nps: 3 }),
    ];
    expect(rowOf(storyJourney({ unit: 'account' }), copies, 'acme')?.responses).toMatchObject([
      { customer: '\0n', after: 'A' },
    ]);
  });
});

describe('rows', () => {
  const copyAt = (receivedAtUs: number, fields: Partial<TouchpointEvent> = {}) =>
    storyEvent('A', 0, { id: 'one', receivedAtUs, ...fields });
  const worth = (...receipts: number[]) =>
    receipts.reduce((sum, receivedAtUs) => sum + 2n ** 52n - BigInt(receivedAtUs), 0n) * 2n ** 32n;

  it('rank by distinct contents, their earliest receipt, and how many lost', () => {
    const rank = (...copies: EventCopy[]) => rowOf(storyJourney(), copies)?.rank;
    expect(rank(copyAt(9), copyAt(5), copyAt(7))).toBe(worth(5));
    expect(rank(copyAt(5), copyAt(7, { touchpoint: 'B' }))).toBe(worth(5, 7) + 1n);
    expect(rank(copyAt(5), storyEvent('B', 1, { receivedAtUs: 7 }))).toBe(worth(5, 7));
  });

  it('exist for whoever only a copy that lost names', () => {
    const copies = [copyAt(5), copyAt(7, { customer: 'd', account: 'acme' })];
    expect(rowOf(storyJourney(), copies, 'd')).toMatchObject({ rank: worth(7) + 1n, visits: [] });
    expect(rowOf(storyJourney({ unit: 'account' }), copies, 'acme')).toMatchObject({ rank: worth(7) + 1n, visits: [] });
    expect(rowOf(storyJourney(), copies)?.rank).toBe(worth(5));
  });

  it('of an account rank over all events of all who ever carried it', () => {
    const copies = [
      storyEvent('z', 0, { receivedAtUs: 1 }),
      storyEvent('z', 1, { receivedAtUs: 2, account: 'acme' }),
      storyEvent('z', 2, { receivedAtUs: 4, account: 'other' }),
      storyEvent('z', 3, { receivedAtUs: 8, customer: 'd', account: 'other' }),
    ];
    expect(rowOf(storyJourney({ unit: 'account' }), copies, 'acme')?.rank).toBe(worth(1, 2, 4));
    expect(rowOf(storyJourney({ unit: 'account' }), copies, 'other')?.rank).toBe(worth(1, 2, 4, 8));
  });

  it('name anonymous units apart from customers of the same text', () => {
    const copies = [...story('A0'), storyEvent('B', 1, { customer: null, anonymous: 'c' })];
    const rows = referenceUnitJourneys(storyJourney(), copies);
    expect(rows.map(({ unit, anonymous, visits }) => [unit, anonymous, visits[0]?.stage])).toEqual([
      ['', 'c', 2],
      ['c', '', 1],
    ]);
  });
});

describe('customers', () => {
  it('have first and last traits, bounds, a count without copies, and the last account', () => {
    const first = storyEvent('z', 1, { account: 'acme', ...traits({ plan: 'free', city: 'Kyoto' }) });
    const copies = [
      storyEvent('z', 3, traits({ plan: 'pro', size: '' })),
      first,
      { ...first, logOffset: 9 },
      storyEvent('z', 2, { id: 'lost', receivedAtUs: 9, ...traits({ plan: 'lost' }) }),
      storyEvent('z', 2, { id: 'lost', receivedAtUs: 8, account: 'last' }),
      storyEvent('z', 1, { customer: null, anonymous: 'n' }),
    ];
    expect(referenceCustomerRows(copies)).toMatchObject([
      { customer: '', anonymous: 'n', account: '', events: 1 },
      {
        customer: 'c',
        anonymous: '',
        account: 'last',
        events: 3,
        firstUs: storyHour(1),
        lastUs: storyHour(3),
        firstTraits: new Map(Object.entries({ plan: 'free', city: 'Kyoto', size: '' })),
        lastTraits: new Map(Object.entries({ plan: 'pro', city: 'Kyoto', size: '' })),
      },
    ]);
  });
});
