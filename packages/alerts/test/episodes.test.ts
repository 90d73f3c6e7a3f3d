import {
  advanceEpisodes,
  type Evaluation,
  type Finding,
  noState,
  openEpisodes,
  type RuleState,
  retireRule,
  seriesId,
  type Transition,
} from '@michinori/alerts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayUs, keyOf, ruleOf } from './helpers.ts';

const rule = ruleOf({ consecutive: 2 });
const startUs = 20_000 * dayUs;

const evaluationAt = (day: number, findings: Readonly<Record<string, Finding>>): Evaluation => ({
  rule: rule.id,
  evaluationUs: startUs + day * dayUs,
  level: 0.1,
  family: 1,
  verdicts: Object.entries(findings).map(([stage, finding]) => ({
    key: keyOf(stage),
    finding,
    figures: null,
    q: null,
  })),
});

const letters: Readonly<Record<string, Finding>> = {
  ...{ A: 'alarming', r: 'raised', c: 'calm', i: 'insufficient', n: 'no-data', l: 'late-data', f: 'query-failed' },
};

/** Takes one evaluation a day: the letters stand for findings, `-` for a day on which the series isn't listed. */
function play(
  days: string,
  by = rule,
): { states: string[]; transitions: string[]; all: Transition[]; last: RuleState } {
  let last = noState(by.id);
  const states: string[] = [];
  const all: Transition[] = [];
  for (const [day, letter] of [...days].entries()) {
    const finding = letters[letter];
    const { state, transitions } = advanceEpisodes(
      by,
      last,
      evaluationAt(day, finding === undefined ? {} : { s: finding }),
    );
    last = state;
    all.push(...transitions);
    states.push(state.series[0]?.state ?? 'none');
  }
  const dayOf = (instantUs: number) => (instantUs - startUs) / dayUs;
  return {
    states,
    all,
    last,
    transitions: all.map(({ kind, atUs, reason }) => [kind, dayOf(atUs), reason ?? ''].join(' ').trim()),
  };
}

describe('one episode is one alarm', () => {
  test.each([
    ['cc', ['ok', 'ok'], []],
    ['cAAAcc', ['ok', 'pending', 'firing', 'firing', 'firing', 'ok'], ['started 1', 'fired 2', 'resolved 5 calm']],
    ['AcA', ['pending', 'ok', 'pending'], ['started 0', 'dropped 1 calm', 'started 2']],
    ['ArA', ['pending', 'ok', 'pending'], ['started 0', 'dropped 1 calm', 'started 2']],
    [
      'AAcrcAcc',
      ['pending', 'firing', 'firing', 'firing', 'firing', 'firing', 'firing', 'ok'],
      ['started 0', 'fired 1', 'resolved 7 calm'],
    ],
    ['AnlfA', ['pending', 'no-data', 'late-data', 'query-failed', 'firing'], ['started 0', 'fired 4']],
    [
      'AAnlfnlfcc',
      [
        'pending',
        'firing',
        'no-data',
        'late-data',
        'query-failed',
        'no-data',
        'late-data',
        'query-failed',
        'firing',
        'ok',
      ],
      ['started 0', 'fired 1', 'resolved 9 calm'],
    ],
    ['AAcnc', ['pending', 'firing', 'firing', 'no-data', 'ok'], ['started 0', 'fired 1', 'resolved 4 calm']],
    ['Ai', ['pending', 'insufficient'], ['started 0', 'dropped 1 insufficient']],
    [
      'AAiiiiiii',
      ['pending', 'firing', ...Array(6).fill('insufficient'), 'insufficient'],
      ['started 0', 'fired 1', 'resolved 8 insufficient'],
    ],
    ['AAiiiiiiA', ['pending', 'firing', ...Array(6).fill('insufficient'), 'firing'], ['started 0', 'fired 1']],
    ['c-A', ['ok', 'none', 'pending'], ['started 2']],
    [
      'AA--cc',
      ['pending', 'firing', 'no-data', 'no-data', 'firing', 'ok'],
      ['started 0', 'fired 1', 'resolved 5 calm'],
    ],
  ])('%s', (days, states, transitions) => {
    const played = play(days);
    expect(played.states).toEqual(states);
    expect(played.transitions).toEqual(transitions);
  });

  test('for: 1 starts and fires at once, and is resolved at once', () => {
    expect(play('Ac', ruleOf({ consecutive: 1 })).transitions).toEqual(['started 0', 'fired 0', 'resolved 1 calm']);
  });

  test('ids come of rule, series and start', () => {
    const [started, fired, resolved] = play('cAAcc').all;
    expect(started?.episode.id).toMatch(/^[0-9a-f]{16}$/);
    expect([started?.id, fired?.id, resolved?.id]).toEqual(
      ['started', 'fired', 'resolved'].map((kind) => `${started?.episode.id}:${kind}`),
    );
    expect(play('cAAcc').all).toEqual(play('cAAcc').all);
    expect(play('AAcc').all[0]?.episode.id).not.toBe(started?.episode.id);
    expect(play('cAA', ruleOf({ id: 'other' })).all[0]?.episode.id).not.toBe(started?.episode.id);
  });

  test('the state survives JSON', () => {
    const { last } = play('cAAr');
    expect(JSON.parse(JSON.stringify(last))).toEqual(last);
    expect([...openEpisodes(last)]).toMatchObject([
      [seriesId(keyOf('s')), { startedUs: startUs + dayUs, firedUs: startUs + 2 * dayUs }],
    ]);
    expect(openEpisodes(play('AAcc').last).size).toBe(0);
  });

  test('a rule that goes away ends its episodes', () => {
    const { state, transitions } = retireRule(play('AA').last, startUs + 9 * dayUs);
    expect(transitions).toMatchObject([
      { kind: 'resolved', reason: 'retired', atUs: startUs + 9 * dayUs, verdict: null },
    ]);
    expect(state.series).toEqual([]);
    expect(retireRule(play('A').last, startUs).transitions).toMatchObject([{ kind: 'dropped' }]);
    expect(advanceEpisodes(rule, state, evaluationAt(9, { s: 'alarming' })).transitions).toEqual([]);
  });
});

describe('whatever arrives in whatever order', () => {
  const finding = fc.constantFrom(...Object.values(letters), 'alarming' as const, 'alarming' as const, 'calm' as const);
  const stages = ['a', 'b', 'c'];
  const evaluations = fc
    .array(fc.dictionary(fc.constantFrom(...stages), finding), { minLength: 1, maxLength: 40 })
    .map((days) => days.map((findings, day) => evaluationAt(day, findings)));
  const consecutive = fc.integer({ min: 1, max: 4 });

  function run(by: typeof rule, list: readonly Evaluation[]) {
    let state = noState(by.id);
    const transitions: Transition[] = [];
    for (const evaluation of list) {
      const advanced = advanceEpisodes(by, state, evaluation);
      state = advanced.state;
      transitions.push(...advanced.transitions);
    }
    return { state, transitions };
  }

  test('repeated and out-of-order evaluations change nothing', () => {
    const withNoise = evaluations.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.array(fc.tuple(fc.nat(list.length - 1), fc.nat(list.length - 1)), { maxLength: 60 }),
      ),
    );
    fc.assert(
      fc.property(withNoise, consecutive, ([list, repeats], count) => {
        const by = ruleOf({ consecutive: count });
        const disturbed = list.flatMap((evaluation, day) => [
          evaluation,
          ...repeats.flatMap(([after, earlier]) => (after === day ? [list[Math.min(earlier, day)] ?? evaluation] : [])),
        ]);
        expect(run(by, disturbed)).toEqual(run(by, list));
      }),
    );
  });

  test('every episode starts once, ends at most once, and fires at most once in between', () => {
    fc.assert(
      fc.property(evaluations, consecutive, (list, count) => {
        const { transitions } = run(ruleOf({ consecutive: count }), list);
        expect(new Set(transitions.map(({ id }) => id)).size).toBe(transitions.length);
        const kinds = new Map<string, string>();
        for (const { episode, kind } of transitions)
          kinds.set(episode.id, `${kinds.get(episode.id) ?? ''} ${kind}`.trim());
        for (const story of kinds.values()) expect(story).toMatch(/^started( dropped| fired( resolved)?)?$/);
        for (const stage of stages) {
          const open = transitions
            .filter(({ key }) => key.stage === stage)
            .map(({ kind }) => kind)
            .join(' ');
          expect(open).toMatch(/^(started (dropped|fired resolved) ?)*(started( fired)?)?$/);
        }
      }),
    );
  });

  test('what was not judged never resolves an alarm', () => {
    fc.assert(
      fc.property(evaluations, consecutive, (list, count) => {
        const { transitions } = run(ruleOf({ consecutive: count }), list);
        for (const { kind, verdict } of transitions) {
          if (kind === 'resolved') expect(['calm', 'insufficient']).toContain(verdict?.finding);
          if (kind === 'fired' || kind === 'started') expect(verdict?.finding).toBe('alarming');
        }
      }),
    );
  });

  test('the order of series changes nothing', () => {
    fc.assert(
      fc.property(evaluations, consecutive, (list, count) => {
        const by = ruleOf({ consecutive: count });
        const turned = list.map((each) => ({ ...each, verdicts: each.verdicts.toReversed() }));
        expect(run(by, turned)).toEqual(run(by, list));
      }),
    );
  });
});
