import type {
  JourneyHealthCustomersRow,
  JourneyHealthRow,
  JourneySignalsRow,
  JourneyTasksRow,
} from '@michinori/client';
import { describe, expect, it } from 'vitest';
import { createFormat } from '../src/app/format/format.ts';
import { readHealth } from '../src/app/pages/health/definition.ts';
import { type Evidence, factOf, readLedger, withSums } from '../src/app/pages/health/ledger.ts';
import { isStale, mostAtRisk } from '../src/app/pages/health/overview.ts';
import { joinSignals, readMoved, reasonsOf } from '../src/app/pages/health/signal-list.ts';
import { readUnit, writeUnit } from '../src/app/pages/health/unit.ts';
import { healthAmong, healthOfCustomer, namesOf } from '../src/app/pages/health/unit-health.ts';
import { readRoute } from '../src/app/state/route.ts';
import { en } from '../src/app/words/en.ts';

const format = createFormat('en', 'UTC', en);
const day = 86_400;
const nobody = { customer: null, account: null, anonymous: null };

describe('a definition', () => {
  const rule = (id: string, points: number, title: object) => ({ id, points, title, test: { kind: 'count' } });
  const definition = {
    stages: [
      { id: 'a', health: [rule('quiet', -5, { en: 'Quiet in a', ja: 'aで静か' })] },
      { id: 'b', health: [] },
    ],
    health: { churn: { below: 30 }, expansion: { above: 90 }, rules: [rule('quiet', -9, { en: 'Quiet' })] },
  };

  it('has the rules of a stage in place of those of the journey', () => {
    const health = readHealth(definition, 'en');
    expect([health?.churnBelow, health?.expansionAbove]).toEqual([30, 90]);
    expect(health?.rulesOf('a').map(({ points }) => points)).toEqual([-5]);
    expect(health?.rulesOf('b').map(({ points }) => points)).toEqual([-9]);
    expect([health?.titleOf('quiet', 'a'), health?.titleOf('quiet', 'b')]).toEqual(['Quiet in a', 'Quiet']);
    expect(health?.titleOf('gone', 'a')).toBe('gone');
    expect(readHealth(definition, 'ja')?.titleOf('quiet', 'a')).toBe('aで静か');
    expect(readHealth(definition, 'ja')?.titleOf('quiet', 'b')).toBe('Quiet');
  });

  it('has no health without rules, and the usual thresholds with rules in a stage alone', () => {
    expect(readHealth({ stages: [{ id: 'a', health: [] }], health: null }, 'en')).toBeNull();
    expect(readHealth(null, 'en')).toBeNull();
    const { health: _, ...stagesOnly } = definition;
    expect(readHealth(stagesOnly, 'en')).toMatchObject({ churnBelow: 40, expansionAbove: 85 });
    expect(readHealth({ stages: [], health: {} }, 'en')).not.toBeNull();
  });
});

describe('a ledger', () => {
  const json = JSON.stringify([
    { line: 'start', points: 60 },
    { line: 'rule', rule: 'quiet', points: -18, evidence: { kind: 'count', count: 2 } },
    { line: 'rule', rule: 'odd', points: -50, evidence: { kind: 'nobody knows' } },
    { line: 'clamp', points: 8 },
  ]);

  it('is read with its facts and adds up', () => {
    const lines = readLedger(json);
    expect(withSums(lines).map(({ rule, sum }) => [rule, sum])).toEqual([
      [null, 60],
      ['quiet', 42],
      ['odd', -8],
      [null, 0],
    ]);
    expect(lines.map(({ evidence }) => evidence?.kind ?? null)).toEqual([null, 'count', null, null]);
    expect([readLedger('not JSON'), readLedger('{}')]).toEqual([[], []]);
  });

  it.each<[Evidence, string]>([
    [{ kind: 'idle', lastUs: 0, idleUs: 16 * day * 1e6 }, 'app.opened: none for 16 days, the last on Jan 1, 1970'],
    [{ kind: 'idle', lastUs: null, idleUs: 9 * day * 1e6 }, 'app.opened: none for 9 days'],
    [{ kind: 'count', count: 4 }, 'app.opened: 4 times in the last 14 days'],
    [{ kind: 'trend', recent: 1, before: 5 }, 'app.opened: 1 in the last 14 days, 5 in the 14 days before'],
    [{ kind: 'sentiment', n: 3, mean: -0.416 }, 'Mean sentiment -0.42 of 3'],
    [{ kind: 'nps', score: 3, atUs: day * 1e6 }, 'Answered 3 on Jan 2, 1970'],
    [
      { kind: 'stalled', spentSeconds: 46 * day, beyondSeconds: 40 * day },
      '46 days in the stage; most of those who advance need at most 40 days',
    ],
  ])('says the fact behind a rule in words: %o', (evidence, text) => {
    const test = { kind: evidence.kind, touchpoint: 'app.opened', withinUs: 14 * day * 1e6 };
    const rule = { id: 'r', title: 'R', points: -1, test };
    expect(factOf({ line: 'rule', rule: 'r', points: -1, evidence }, rule, en, format)).toBe(text);
  });

  it('says what it can where the rule has changed since, and nothing without a fact', () => {
    const line = { line: 'rule', rule: 'r', points: -1 } as const;
    expect(factOf({ ...line, evidence: { kind: 'count', count: 4 } }, null, en, format)).toBe(
      'any touchpoint: 4 times',
    );
    expect(factOf({ ...line, evidence: null }, null, en, format)).toBe('');
  });
});

describe('signals', () => {
  const signal = (part: Partial<JourneySignalsRow>) =>
    ({ ...nobody, signal: 'churn', stage: 'a', score: 30, moved: '', ...part }) as JourneySignalsRow;
  const score = (part: Partial<JourneyHealthCustomersRow>) =>
    ({ ...nobody, stage: 'b', score: 12, segment: 'plan:pro', ledger: '[]', ...part }) as JourneyHealthCustomersRow;
  const task = (part: Partial<JourneyTasksRow>) =>
    ({ ...nobody, signal: 'churn', owner: 'cs', ...part }) as JourneyTasksRow;

  it('come with the score of now and the first task, each of the same kind of unit', () => {
    const [one, two] = joinSignals(
      [signal({ customer: 'x' }), signal({ anonymous: 'x' })],
      [score({ customer: 'x' })],
      [
        task({ customer: 'x', signal: 'expansion', owner: 'no' }),
        task({ customer: 'x' }),
        task({ customer: 'x', owner: 'late' }),
      ],
      false,
    );
    expect([one?.now?.score, one?.now?.stage, one?.task?.owner]).toEqual([12, 'b', 'cs']);
    expect([two?.now, two?.task]).toEqual([null, null]);
  });

  it('of other segments are left out where a segment was chosen', () => {
    const signals = [signal({ customer: 'x' }), signal({ customer: 'y' })];
    const shown = (isNarrowed: boolean) =>
      joinSignals(signals, [score({ customer: 'y' })], [], isNarrowed).map(({ unit }) => unit.id);
    expect([shown(true), shown(false)]).toEqual([['y'], ['x', 'y']]);
  });

  it('say why: what moved, or what holds where nothing had been evaluated before', () => {
    expect(readMoved('quiet −18, busy late +10')).toEqual([
      { rule: 'quiet', points: -18 },
      { rule: 'busy late', points: 10 },
    ]);
    expect(readMoved('')).toEqual([]);
    const held = [
      { line: 'start', points: 60 },
      { line: 'rule', rule: 'bad', points: -5 },
      { line: 'rule', rule: 'good', points: 8 },
      { line: 'rule', rule: 'worse', points: -20 },
    ];
    const reasons = (part: Partial<JourneySignalsRow>) => {
      const row = signal({ customer: 'x', ...part });
      const [found] = joinSignals([row], [score({ customer: 'x', ledger: JSON.stringify(held) })], [], false);
      return found === undefined ? [] : reasonsOf(found).map(({ rule }) => rule);
    };
    expect(reasons({})).toEqual(['worse', 'bad']);
    expect(reasons({ signal: 'expansion' })).toEqual(['good']);
    expect(reasons({ moved: 'quiet −18' })).toEqual(['quiet']);
  });

  it('are about a unit that an address names, as messages do', () => {
    for (const unit of [
      { kind: 'customer', id: 'a:b' },
      { kind: 'account', id: 'acme' },
      { kind: 'anonymous', id: 'x y' },
    ] as const) {
      expect(readUnit(writeUnit(unit))).toEqual(unit);
    }
    expect(readUnit('acme-1')).toEqual({ kind: 'customer', id: 'acme-1' });
    expect([readUnit(null), readUnit('')]).toEqual([null, null]);
    const link = new URL('https://board.example.com/journeys/using%20it/health?signal=churn&who=customer%3Aacme+42');
    expect(readRoute(link.pathname)).toEqual({ page: 'health', journey: 'using it' });
    expect(readUnit(link.searchParams.get('who'))).toEqual({ kind: 'customer', id: 'acme 42' });
  });
});

describe('health of one', () => {
  const at = '2026-11-20T18:00:00Z';
  const evidence = { kind: 'count', count: 1 };

  it('is what the answer about a customer says, with the fact behind each point', () => {
    const ledger = [
      { line: 'start' as const, rule: null, points: 60, evidence: null },
      { line: 'rule' as const, rule: 'busy', points: 6, evidence },
      { line: 'rule' as const, rule: 'later', points: 1, evidence: { kind: 'unheard of' } },
    ];
    const health = { score: 67, at, stage: 'then', ledger, history: [{ at, score: 67 }] };
    const found = healthOfCustomer({ health });
    expect(found).toMatchObject({ score: 67, stage: 'then', at, history: health.history });
    expect(found?.ledger.map((line) => line.evidence)).toEqual([null, evidence, null]);
    expect(healthOfCustomer({ health: null })).toBeNull();
  });

  it('is looked for among the scores, by any name that it goes by', () => {
    const ledger = JSON.stringify([{ line: 'start', points: 6, evidence }]);
    const row = { ...nobody, account: 'acme', stage: 'then', score: 6, ledger } as JourneyHealthCustomersRow;
    const scores = { rows: [{ ...row, account: null, customer: 'x' }, row], meta: { evaluatedAt: at } };
    const names = namesOf({ kind: 'customer', id: 'y' }, { customer: 'y', account: 'acme' });
    const found = healthAmong(names, scores);
    expect(found).toMatchObject({ score: 6, stage: 'then', at, history: [] });
    expect(found?.ledger[0]?.evidence).toEqual(evidence);
    expect(healthAmong(['customer:z'], scores)).toBeNull();
    expect(healthAmong(names, null)).toBeNull();
  });
});

describe('scores by stage', () => {
  const row = (stage: string, n: number, k: number) => ({ stage, n, k, rate: k / n }) as JourneyHealthRow;

  it('name the largest share at risk, of stages with enough customers', () => {
    const rows = [row('few', 10, 9), row('some', 100, 20), row('many', 1000, 30)];
    expect(mostAtRisk(rows)?.stage).toBe('some');
    expect(mostAtRisk([row('few', 10, 9), row('none', 100, 0)])).toBeNull();
  });

  it('are old once two nights went by without an evaluation', () => {
    const asOf = '2026-11-22T18:00:00Z';
    expect(isStale('2026-11-20T18:00:01Z', asOf)).toBe(false);
    expect(isStale('2026-11-20T17:59:59Z', asOf)).toBe(true);
    expect(isStale(null, asOf)).toBe(false);
  });
});
