import { backtest, evaluateRule, noState, type PastEvaluation, type Transition } from '@michinori/alerts';
import { expect, test } from 'vitest';
import { dayUs, ruleOf } from './helpers.ts';
import { drawWorld, readingsAt, seededRandom } from './worlds.ts';

const rule = ruleOf({ falseAlarmsPerWeek: 0.02, baselineDays: 56 });
const doubling = 84;
const drawn = { days: 140, perDay: [60, 60], rate: [0.15, 0.3], rho: () => 0.005, weekdays: 0.1 } as const;
const world = [
  ...drawWorld(seededRandom(3), { ...drawn, series: 1, change: { day: doubling, factor: 2 } }),
  ...drawWorld(seededRandom(5), { ...drawn, series: 9 }).map((each, i) => ({ ...each, name: `calm-${i}` })),
];
const evaluations: PastEvaluation[] = Array.from({ length: 140 - 63 }, (_, i) => ({
  evaluationUs: (63 + i) * dayUs,
  readings: readingsAt(rule, world, 63 + i),
}));
const dayOf = ({ kind, atUs, key }: Transition) => ({ kind, day: atUs / dayUs, stage: key.stage });

test('a change that stays gives one alarm within days, which ends when it has become usual', () => {
  const { transitions, state } = backtest(rule, evaluations);
  expect(transitions.filter(({ kind }) => kind === 'fired').map(({ key }) => key.stage)).toEqual(['s0']);
  const [started, fired, resolved, ...further] = transitions.filter(({ key }) => key.stage === 's0').map(dayOf);
  expect([started?.kind, fired?.kind, resolved?.kind, further]).toEqual(['started', 'fired', 'resolved', []]);
  expect(fired?.day).toBeGreaterThan(doubling);
  expect(fired?.day).toBeLessThan(doubling + 8);
  expect(resolved?.day).toBeGreaterThan(doubling + rule.baselineDays / 2);
  expect(resolved?.day).toBeLessThan(doubling + rule.baselineDays);
  expect(state.series.map((each) => each.state)).toEqual(Array(10).fill('ok'));
});

test('is what the evaluations give one by one, also after a restart from JSON and with repetitions', () => {
  const whole = backtest(rule, evaluations);
  let state = noState(rule.id);
  const transitions: Transition[] = [];
  for (const { evaluationUs, readings } of evaluations.flatMap((each, i) => (i % 5 === 0 ? [each, each] : [each]))) {
    const advanced = evaluateRule(rule, JSON.parse(JSON.stringify(state)), readings, evaluationUs);
    state = advanced.state;
    transitions.push(...advanced.transitions);
  }
  expect({ state, transitions }).toEqual(whole);
});
