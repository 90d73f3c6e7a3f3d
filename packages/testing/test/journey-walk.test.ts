import type { Journey } from '@michinori/journey';
import {
  type EventCopy,
  referenceUnitJourneys,
  story,
  storyEvent,
  storyExit,
  storyHour,
  storyJourney,
  storyRule,
  storyStage,
  type UnitJourney,
} from '@michinori/testing';
import { describe, expect, it } from 'vitest';

const hourUs = 3600e6;
const hoursOf = (us: number) => (us === 0 ? '-' : String((us - storyHour(0)) / hourUs));

function rowOf(journey: Journey, copies: readonly EventCopy[], unit = 'c'): UnitJourney {
  const row = referenceUnitJourneys(journey, copies).find((one) => one.unit === unit);
  if (row === undefined) throw new Error(`no row of ${unit}`);
  return row;
}

/** `cycle.stage entered–ended outcome>next` of every visit, hours; `-` for no end. */
function visits(journey: Journey, copies: readonly EventCopy[], unit = 'c'): string[] {
  return rowOf(journey, copies, unit).visits.map(({ cycle, stage, enteredUs, endedUs, outcome, next }) => {
    const following = next === 0 ? '' : `>${next}`;
    return `${cycle}.${stage} ${hoursOf(enteredUs)}–${hoursOf(endedUs)} ${outcome}${following}`;
  });
}

const patient = (hours: number, fields: Partial<Journey> = {}) =>
  storyJourney({
    stages: ['a', 'b', 'c'].map((id) => storyStage(id, [id.toUpperCase()], { lostAfterUs: hours * hourUs })),
    ...fields,
  });

describe('the walk through a journey', () => {
  it('advances and leaves the last visit open', () => {
    expect(visits(storyJourney(), story('z0 A1 B2 z3'))).toEqual(['1.1 1–2 advanced>2', '1.2 2–- open']);
  });

  it('may begin at any stage and skip some', () => {
    expect(visits(storyJourney(), story('B1'))).toEqual(['1.2 1–- open']);
    expect(visits(storyJourney(), story('A1 C2'))).toEqual(['1.1 1–2 advanced>3', '1.3 2–- open']);
  });

  it('gives a unit that never travels an empty row', () => {
    expect(rowOf(storyJourney(), story('z0'))).toMatchObject({ visits: [], touches: [], path: [], responses: [] });
  });

  describe('exits (a)', () => {
    it('lose the visit for a reason', () => {
      const why = { properties: new Map([['why', 'price']]) };
      const asked = (exit: Journey['exit'][number]) =>
        rowOf(storyJourney({ exit: [exit] }), [storyEvent('A', 0), storyEvent('X', 1, why)]).visits[0];
      expect(asked(storyExit('X', { reason: { property: 'why' } }))).toMatchObject({
        outcome: 'lost',
        reason: 'price',
      });
      expect(asked(storyExit('X', { reason: { property: 'other' } }))).toMatchObject({ outcome: 'lost', reason: '' });
      expect(asked(storyExit('X', { reason: { text: 'gone' } }))).toMatchObject({ outcome: 'lost', reason: 'gone' });
      expect(asked(storyExit('X'))).toMatchObject({ outcome: 'lost', reason: '', endedUs: storyHour(1) });
    });

    it('take the first rule that matches', () => {
      const exit = [
        storyExit('Y'),
        storyExit('X*', { reason: { text: 'first' } }),
        storyExit('X', { reason: { text: 'second' } }),
      ];
      expect(rowOf(storyJourney({ exit }), story('A0 X1')).visits[0]?.reason).toBe('first');
    });

    it('enter nothing, also when they match a stage', () => {
      const journey = storyJourney({ exit: [storyExit('B')] });
      expect(visits(journey, story('A0 B1 C2'))).toEqual(['1.1 0–1 lost', '2.3 2–- open']);
    });

    it('do nothing without a visit, also when they match a stage', () => {
      const journey = storyJourney({ exit: [storyExit('B')] });
      expect(visits(journey, story('B0 A1'))).toEqual(['1.1 1–- open']);
      expect(visits(storyJourney(), story('X0 A1 X2 X3'))).toEqual(['1.1 1–2 lost']);
    });
  });

  describe('silence (b)', () => {
    it('ends a visit when more than lost_after has passed, at last activity + lost_after', () => {
      expect(visits(patient(2), story('A0 z1 z3'))).toEqual(['1.1 0–- open']);
      const later = [...story('A0 z1'), storyEvent('z', 3, { occurredAtUs: storyHour(3, 1) })];
      expect(visits(patient(2), later)).toEqual(['1.1 0–3 silent']);
    });

    it('comes before what the event does', () => {
      expect(visits(patient(2), story('B0 A5'))).toEqual(['1.2 0–2 silent', '2.1 5–- open']);
      expect(visits(patient(2), story('A0 X5'))).toEqual(['1.1 0–2 silent']);
      expect(visits(patient(2), story('A0 B5'))).toEqual(['1.1 0–2 silent', '2.2 5–- open']);
    });

    it('is never where the stage has no lost_after, whatever others have', () => {
      const journey = storyJourney({
        stages: [storyStage('a', ['A'], { lostAfterUs: hourUs }), storyStage('b', ['B'])],
      });
      expect(visits(journey, story('A0 B1 z500'))).toEqual(['1.1 0–1 advanced>2', '1.2 1–- open']);
    });

    it('is not assumed at the end of the timeline', () => {
      expect(visits(patient(2), story('A0'))).toEqual(['1.1 0–- open']);
    });
  });

  describe('activity (c)', () => {
    const outbound = (text: string) => story(text, { direction: 'outbound' });
    const inbound = patient(2, { activity: 'inbound' });

    it('is every event, or every one that is not outbound', () => {
      const copies = [...story('A0'), ...outbound('z1 z2'), ...story('z3', { direction: 'inbound' })];
      expect(visits(patient(2), copies)).toEqual(['1.1 0–- open']);
      expect(visits(inbound, copies)).toEqual(['1.1 0–2 silent']);
      expect(visits(inbound, [...story('A0 z1'), ...outbound('z2'), ...story('z3')])).toEqual(['1.1 0–- open']);
    });

    it('is checked at outbound events too', () => {
      expect(visits(inbound, [...story('A0'), ...outbound('z2.5')])).toEqual(['1.1 0–2 silent']);
    });

    it('does not keep outbound events from moving, and begins at the entry', () => {
      expect(visits(inbound, [...outbound('A0 B1'), ...story('z3')])).toEqual(['1.1 0–1 advanced>2', '1.2 1–- open']);
      expect(visits(inbound, [...story('A0'), ...outbound('X1')])).toEqual(['1.1 0–1 lost']);
      expect(rowOf(inbound, outbound('A0 z1')).visits[0]?.activeUs).toBe(storyHour(0));
    });

    it('of a match that does not move counts like any other', () => {
      expect(visits(inbound, [...story('B0'), ...outbound('A1 B1.5'), ...story('z2.5')])).toEqual(['1.2 0–2 silent']);
    });
  });

  describe('terminal stages (d)', () => {
    const journey = patient(2, {
      stages: [storyStage('a', ['A']), storyStage('b', ['B']), storyStage('c', ['C'], { terminal: true })],
    });

    it('complete at once and leave no visit', () => {
      expect(visits(journey, story('A0 C1 z2 X3'))).toEqual(['1.1 0–1 advanced>3', '1.3 1–1 completed']);
    });

    it('make a cycle of their own when no visit is open', () => {
      expect(visits(journey, story('C0 C1 A2'))).toEqual(['1.3 0–0 completed', '2.3 1–1 completed', '3.1 2–- open']);
    });

    it('are entered by outbound events as well', () => {
      const row = rowOf({ ...journey, activity: 'inbound' }, story('C1', { direction: 'outbound' }));
      expect(row.visits).toMatchObject([{ outcome: 'completed', activeUs: storyHour(1), endedUs: storyHour(1) }]);
    });
  });

  it('counts cycles (e)', () => {
    expect(visits(storyJourney(), story('A0 X1 z2 A3 B4 X5 B6'))).toEqual([
      '1.1 0–1 lost',
      '2.1 3–4 advanced>2',
      '2.2 4–5 lost',
      '3.2 6–- open',
    ]);
  });

  describe('progress (f)', () => {
    it('forward: an equal or earlier stage is activity only', () => {
      expect(visits(storyJourney(), story('B0 B1 A2 C3'))).toEqual(['1.2 0–3 advanced>3', '1.3 3–- open']);
      expect(visits(patient(2), story('B0 A2 z4'))).toEqual(['1.2 0–- open']);
    });

    it('free: an earlier stage is a return, an equal one activity', () => {
      expect(visits(storyJourney({ progress: 'free' }), story('B0 B1 A2 C3'))).toEqual([
        '1.2 0–2 returned>1',
        '1.1 2–3 advanced>3',
        '1.3 3–- open',
      ]);
    });

    it('takes the latest of several stages', () => {
      const stages = [storyStage('a', ['A', 'D']), storyStage('b', ['D*']), storyStage('c', ['C'])];
      expect(visits(storyJourney({ stages }), story('A0 D1'))).toEqual(['1.1 0–1 advanced>2', '1.2 1–- open']);
      expect(visits(storyJourney({ stages, progress: 'free' }), story('C0 D1'))[0]).toBe('1.3 0–1 returned>2');
    });
  });

  it('keeps the last activity (h): the exit is one, the next entry is not, silence ends with it', () => {
    const active = (journey: Journey, text: string) =>
      rowOf(journey, story(text)).visits.map(({ activeUs }) => hoursOf(activeUs));
    expect(active(storyJourney(), 'A0 z1')).toEqual(['1']);
    expect(active(storyJourney(), 'A0 z1 B3')).toEqual(['1', '3']);
    expect(active(storyJourney(), 'A0 z1 X3')).toEqual(['3']);
    expect(active(patient(2), 'A0 z1 z9')).toEqual(['1']);
  });

  describe('rules with a count', () => {
    const journey = (times: number, hours: number | null) =>
      storyJourney({
        stages: [
          storyStage('a', [storyRule('A', { count: { times, withinUs: hours === null ? null : hours * hourUs } })]),
        ],
      });

    it('match from the event that completes the count, both bounds included', () => {
      expect(visits(journey(3, 2), story('A0 A1 A2'))).toEqual(['1.1 2–- open']);
      const early = [storyEvent('A', 0, { occurredAtUs: storyHour(0, -1) }), ...story('A1 A2')];
      expect(visits(journey(3, 2), early)).toEqual([]);
      expect(visits(journey(3, null), story('A0 A1 A900'))).toEqual(['1.1 900–- open']);
    });

    it('count ties before them in canonical order only', () => {
      const ties = ['k', 'l'].map((id) => storyEvent('A', 1, { id, sequence: id === 'k' ? 1 : 0 }));
      const row = rowOf(journey(2, 1), ties);
      expect(row.visits).toHaveLength(1);
      expect(row.path).toHaveLength(1);
    });

    it('count over exits and other visits, and only what fits their conditions', () => {
      const asked = journey(2, null);
      expect(visits(asked, story('A0 X1 A2'))).toEqual(['1.1 2–- open']);
      const only = storyJourney({
        stages: [
          storyStage('a', [
            storyRule('A', { count: { times: 2, withinUs: null }, where: [{ channel: true, op: 'eq', value: 'web' }] }),
          ]),
        ],
      });
      expect(visits(only, [...story('A0'), ...story('A1 A2', { channel: 'web' })])).toEqual(['1.1 2–- open']);
    });

    it('count over all customers of an account', () => {
      const copies = [storyEvent('A', 0, { account: 'acme' }), storyEvent('A', 1, { customer: 'd', account: 'acme' })];
      expect(visits({ ...journey(2, 3), unit: 'account' }, copies, 'acme')).toEqual(['1.1 1–- open']);
      expect(visits(journey(2, 3), copies)).toEqual([]);
    });
  });

  it('takes ties in the order of sequence, then id', () => {
    const copies = [
      storyEvent('B', 1, { id: 'a', sequence: 1 }),
      storyEvent('A', 1, { id: 'z' }),
      storyEvent('C', 1, { id: 'b', sequence: 1 }),
    ];
    expect(visits(storyJourney(), copies)).toEqual(['1.1 1–1 advanced>2', '1.2 1–1 advanced>3', '1.3 1–- open']);
  });

  it('follows accounts over their customers, who join and leave', () => {
    const journey = storyJourney({ unit: 'account' });
    const copies = [
      ...story('A0'),
      storyEvent('A', 1, { account: 'acme' }),
      ...story('B2'),
      storyEvent('z', 3, { account: 'other' }),
      ...story('C4'),
      storyEvent('C', 5, { customer: 'd', account: 'acme' }),
    ];
    expect(visits(journey, copies, 'acme')).toEqual(['1.1 1–2 advanced>2', '1.2 2–5 advanced>3', '1.3 5–- open']);
    expect(visits(journey, copies, 'other')).toEqual(['1.3 4–- open']);
  });

  it('looks at traits of the customer for conditions', () => {
    const journey = storyJourney({
      unit: 'account',
      stages: [storyStage('a', [storyRule('A', { where: [{ trait: 'role', op: 'eq', value: 'admin' }] })])],
    });
    const admin = { account: 'acme', traits: new Map([['role', 'admin']]) };
    const other = { customer: 'd', account: 'acme' };
    expect(visits(journey, [...story('z0', admin), ...story('A1', other)], 'acme')).toEqual([]);
    expect(visits(journey, [...story('z0', admin), ...story('A1')], 'acme')).toEqual(['1.1 1–- open']);
  });
});
