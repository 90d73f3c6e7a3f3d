import {
  type CohortQuestion,
  type EventCopy,
  referenceStages,
  referenceTouchpoints,
  referenceTransitions,
  story,
  storyEvent,
  storyHour,
  storyJourney,
  storyStage,
} from '@michinori/testing';
import { describe, expect, it } from 'vitest';

const hourUs = 3600e6;
const journey = storyJourney({
  segments: ['plan', 'region'],
  stages: [
    storyStage('a', ['A'], { horizonUs: 2 * hourUs, lostAfterUs: 10 * hourUs }),
    storyStage('b', ['B'], { horizonUs: 2 * hourUs }),
    storyStage('c', ['C'], { terminal: true }),
  ],
});

const during = (from: number, to: number, asOf: number, more: Partial<CohortQuestion> = {}): CohortQuestion => ({
  fromUs: storyHour(from),
  toUs: storyHour(to),
  asOfUs: storyHour(asOf),
  ...more,
});

function of(customer: string, text: string, plan = ''): EventCopy[] {
  return story(text, { customer, traits: new Map([['plan', plan]]) });
}

/** n, k and the outcomes that occur, of the first stage unless named. */
function counts(copies: readonly EventCopy[], question: CohortQuestion, stage = 'a') {
  return referenceStages(journey, copies, question)
    .filter((row) => row.stage === stage)
    .map(({ n, k, advanced, lost, silent, open, completed }) => ({ n, k, advanced, lost, silent, open, completed }));
}

describe('cohorts', () => {
  it('begin in [from, to) and end whenever they end, up to asOf', () => {
    const copies = [...of('c', 'A0 B1'), ...of('d', 'A5 B6'), ...of('e', 'A4.9 B6'), ...of('f', 'A4 X7')];
    const seen = counts(copies, during(4, 5, 6));
    expect(seen).toEqual([{ n: 2, k: 1, advanced: 1, lost: 0, silent: 0, open: 1, completed: 0 }]);
    expect(counts(copies, during(0, 9, 0))).toMatchObject([{ n: 1, open: 1 }]);
  });

  it('count a unit once, at its first visit in range, or every visit', () => {
    const copies = of('c', 'A0 X1 A2 B3 X4 A5');
    expect(counts(copies, during(0, 9, 9))).toMatchObject([{ n: 1, lost: 1 }]);
    expect(counts(copies, during(1, 9, 9))).toMatchObject([{ n: 1, advanced: 1 }]);
    expect(counts(copies, during(0, 9, 9, { count: 'visits' }))).toMatchObject([
      { n: 3, lost: 1, advanced: 1, open: 1 },
    ]);
  });

  it('know silence at asOf', () => {
    expect(counts(of('c', 'A0'), during(0, 9, 10))).toMatchObject([{ open: 1, silent: 0 }]);
    expect(counts(of('c', 'A0'), { ...during(0, 9, 10), asOfUs: storyHour(10, 1) })).toMatchObject([{ silent: 1 }]);
  });

  it('count a unit once per segment and bucket', () => {
    const copies = [...of('c', 'A0 X1', 'free'), ...of('c', 'A2 X3 A4', 'pro'), ...of('d', 'A4', 'pro')];
    const rows = (question: CohortQuestion) =>
      referenceStages(journey, copies, question)
        .filter(({ stage }) => stage === 'a')
        .map(({ segment, bucket, n }) => [segment, bucket === null ? null : (bucket - storyHour(0)) / hourUs, n]);
    expect(rows(during(0, 9, 9, { by: 'plan' }))).toEqual([
      ['free', null, 1],
      ['pro', null, 2],
    ]);
    expect(rows(during(0, 5, 9, { by: 'plan', interval: 'hour' }))).toEqual([
      ...[1, 0, 0, 0, 0].map((n, hour) => ['free', hour, n]),
      ...[0, 0, 1, 0, 2].map((n, hour) => ['pro', hour, n]),
    ]);
  });

  it('filter by segments before the first visit is taken: same name or, different names and', () => {
    const copies = [...of('c', 'A0 X1', 'free'), ...of('c', 'A2', 'pro'), ...of('d', 'A2', 'team')];
    const asked = (...entries: [string, string[]][]) =>
      counts(copies, during(0, 9, 9, { segments: new Map(entries) }))[0];
    expect(asked(['plan', ['pro']])).toMatchObject({ n: 1, open: 1 });
    expect(asked(['plan', ['pro', 'team']])).toMatchObject({ n: 2, open: 2 });
    expect(asked(['plan', ['pro', 'team']], ['region', ['jp']])).toMatchObject({ n: 0 });
    expect(asked(['plan', ['pro']], ['region', ['']])).toMatchObject({ n: 1 });
  });

  it('advance within the horizon, inclusive', () => {
    expect(counts(of('c', 'A0 B2'), during(0, 9, 9))).toMatchObject([{ k: 1, advanced: 1 }]);
    const late = [...of('c', 'A0'), storyEvent('B', 2, { occurredAtUs: storyHour(2, 1) })];
    expect(counts(late, during(0, 9, 9))).toMatchObject([{ k: 0, advanced: 1 }]);
    expect(counts(of('c', 'A0 C1'), during(0, 9, 9), 'c')).toMatchObject([{ k: 1, completed: 1, advanced: 0 }]);
  });

  it('are mature when the horizon has passed or the visit is over', () => {
    const mature = (text: string, asOfUs: number) =>
      referenceStages(journey, of('c', text), { ...during(0, 9, 9), asOfUs })[0]?.matureShare;
    expect(mature('A0', storyHour(2, -1))).toBe(0);
    expect(mature('A0', storyHour(2))).toBe(1);
    expect(mature('A0 X1', storyHour(1))).toBe(1);
    expect(mature('A0 X1', storyHour(1, -1))).toBe(0);
  });

  it('say how far they can be trusted', () => {
    const many = (size: number, text: string) =>
      Array.from({ length: size }, (_, index) => of(`c${index}`, text)).flat();
    const state = (copies: readonly EventCopy[], asOf: number) =>
      referenceStages(journey, copies, during(0, 9, asOf))[0]?.state;
    expect(state(many(29, 'A0'), 9)).toBe('insufficient');
    expect(state(many(30, 'A0'), 1)).toBe('immature');
    expect(state(many(30, 'A0'), 9)).toBe('ok');
  });

  it('compare a segment with all others together', () => {
    const crowd = (plan: string, size: number, text: string) =>
      Array.from({ length: size }, (_, index) => of(`${plan}${index}`, text, plan)).flat();
    const copies = [...crowd('x', 40, 'A0 B1'), ...crowd('y', 40, 'A0'), ...crowd('z', 40, 'A0 B1')];
    const rows = referenceStages(journey, copies, during(0, 9, 9, { by: 'plan' }));
    const p = rows.filter(({ stage }) => stage === 'a').map(({ pValue }) => pValue ?? 1);
    expect(p[1]).toBeLessThan(1e-9);
    expect(p[0]).toBeCloseTo(p[2] ?? 0, 12);
    expect(referenceStages(journey, copies, during(0, 9, 9))[0]?.pValue).toBeNull();
  });
});

describe('transitions', () => {
  it('count how visits end, with the time it took', () => {
    const copies = [...of('c', 'A0 B1 X4'), ...of('d', 'A0 B3 C5'), ...of('e', 'A0 C1'), ...of('f', 'A0')];
    const rows = referenceTransitions(journey, copies, during(0, 9, 9)).map(
      ({ stage, outcome, next, n, secondsMean }) => `${stage} ${outcome} ${next || '-'} ×${n} ${secondsMean}`,
    );
    expect(rows).toEqual([
      'a advanced b ×2 7200',
      'a advanced c ×1 3600',
      'a open - ×1 null',
      'b advanced c ×1 7200',
      'b lost - ×1 10800',
      'c completed - ×2 0',
    ]);
  });
});

describe('touchpoints', () => {
  const copies = [...of('c', 'A0 y1 z2 B4'), ...of('d', 'A0 z1 y2 X3'), ...of('e', 'A0 y1'), ...of('f', 'A0 y1 y2 B3')];
  const row = (touchpoint: string, asOf: number) =>
    referenceTouchpoints(journey, copies, during(0, 9, asOf)).find(
      (one) => one.stage === 'a' && one.touchpoint === touchpoint,
    );

  it('count the visits they touched by what became of them', () => {
    expect(row('y', 9)).toMatchObject({ n: 4, touches: 5, advanced: 2, lost: 1, open: 1, secondsToAdvanceP50: 9000 });
    expect(row('z', 9)).toMatchObject({ n: 2, touches: 2, advanced: 1, lost: 1, open: 0, lastBeforeLoss: 0 });
    expect(row('y', 9)).toMatchObject({ lastBeforeLoss: 1, lossShare: 1 });
    expect(row('X', 9)).toBeUndefined();
  });

  it('know nothing of what follows asOf', () => {
    expect(row('z', 1)).toMatchObject({ n: 1, touches: 1, open: 1, advanced: 0 });
    expect(row('y', 0)).toBeUndefined();
  });

  it('know who fell silent', () => {
    expect(row('y', 12)).toMatchObject({ lost: 1, silent: 1, open: 0, lastBeforeLoss: 2, lossShare: 1 });
  });
});
