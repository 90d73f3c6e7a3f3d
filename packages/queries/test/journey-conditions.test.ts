import { conditionOperators, conditionSubjects } from '@michinori/journey';
import { expect, test } from 'vitest';
import { filter } from '../src/funnel/filter.ts';

const values: Record<string, unknown> = { set: undefined, not_set: undefined, in: ['1'], not_in: ['1'] };

test('conditions of journeys and filters of funnels know the same operators and subjects', () => {
  expect([...conditionOperators].sort()).toEqual([...filter.shape.op.options].sort());
  const subjects = Object.keys(filter.shape).filter((name) => name !== 'op' && name !== 'value');
  expect([...conditionSubjects].sort()).toEqual(subjects.sort());
  for (const op of conditionOperators) {
    const value = op in values ? values[op] : '1';
    expect(filter.safeParse({ property: 'p', op, value }).success, op).toBe(true);
  }
});
