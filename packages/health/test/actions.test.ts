import { advanceSignals, judgeScores, leadSeconds, planActions, type SignalChange } from '@michinori/health';
import { type HealthAction, healthDefault, type Journey } from '@michinori/journey';
import { storyJourney } from '@michinori/testing';
import { describe, expect, it } from 'vitest';
import { asOfUs, dayUs, ruleOf, scoreOf } from './helpers.ts';

const task: HealthAction['task'] = {
  owner: 'cs',
  dueUs: 2 * dayUs,
  text: { en: '{customer} in {stage} of {journey}: {score} by {rules} {unknown}', ja: '{stage}: {rules}' },
};
const count = { kind: 'count', touchpoint: '*', where: [], withinUs: null, atLeast: 1, atMost: null } as const;
const quiet = ruleOf(count, { id: 'quiet', title: { en: 'No use', ja: '利用なし' } });

function journeyWith(actions: readonly HealthAction[]): Journey {
  const [first, ...others] = storyJourney().stages;
  if (first === undefined) throw new Error('no stage');
  const stages = [{ ...first, id: 's', title: { en: 'Start', ja: '開始' }, health: [quiet] }, ...others];
  return storyJourney({ stages, health: { ...healthDefault, rules: [{ ...quiet, title: { en: 'Other' } }], actions } });
}

function changesOf(points: Readonly<Record<string, number>>, customer = 'c'): readonly SignalChange[] {
  return advanceSignals(new Map(), [scoreOf(points, { customer })], healthDefault, asOfUs).changes;
}

describe('actions', () => {
  it('are those of the signal that was raised, with texts in their languages', () => {
    const journey = journeyWith([
      { signal: 'expansion', webhook: 'sales', task: null },
      { signal: 'churn', webhook: 'crm', task },
      { signal: 'churn', webhook: 'chat', task: null },
    ]);
    const changes = changesOf({ quiet: -18, tickets: -12 }, '\0visitor');
    const planned = planActions(changes, journey);
    expect(planned.map(({ webhook, change }) => [webhook, change.signal])).toEqual([
      ['crm', 'churn'],
      ['chat', 'churn'],
    ]);
    expect(planned[0]?.task).toEqual({
      owner: 'cs',
      dueUs: asOfUs + 2 * dayUs,
      text: {
        en: 'visitor in Start of Story: 30 by No use −18, tickets −12 {unknown}',
        ja: '開始: 利用なし −18, tickets −12',
      },
    });
    expect(planned[1]?.task).toBeNull();
    expect(planActions(changesOf({ good: 50 }), journey).map(({ webhook }) => webhook)).toEqual(['sales']);
  });

  it('name at most five rules, and none where none moved', () => {
    const journey = journeyWith([{ signal: 'churn', webhook: null, task: { ...task, text: { en: '{rules}' } } }]);
    const many = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`r${i}`, -10 - i]));
    const textOf = (changes: readonly SignalChange[]) => planActions(changes, journey)[0]?.task?.text.en;
    expect(textOf(changesOf(many))).toBe('r6 −16, r5 −15, r4 −14, r3 −13, r2 −12');
    const [change] = changesOf(many);
    expect(
      textOf(change === undefined ? [] : [{ ...change, moved: change.moved.filter(({ rule }) => rule === null) }]),
    ).toBe('–');
  });

  it('follow no signal that is cleared, and none where nothing is scored', () => {
    const journey = journeyWith([{ signal: 'churn', webhook: 'crm', task: null }]);
    const [raised] = changesOf({ quiet: -50 });
    if (raised === undefined) throw new Error('no change');
    expect(planActions([{ ...raised, change: 'cleared' }], journey)).toEqual([]);
    expect(planActions([raised], storyJourney())).toEqual([]);
  });
});

describe('what came of scores and signals', () => {
  it('is a loss after the evaluation, up to the end of the horizon', () => {
    const scores = ['a', 'b', 'd', 'e'].map((customer) => scoreOf({}, { customer }));
    const losses = [
      { customer: 'a', atUs: asOfUs },
      { customer: 'b', atUs: asOfUs + 1 },
      { customer: 'd', atUs: asOfUs + 30 * dayUs },
      { customer: 'e', atUs: asOfUs + 30 * dayUs + 1 },
      { customer: 'e', atUs: asOfUs - dayUs },
    ];
    expect(judgeScores(scores, losses, 30 * dayUs)).toEqual(
      [false, true, true, false].map((lost) => ({ score: 60, lost })),
    );
  });

  it('is a lead from the signal that stood at the loss', () => {
    const [raised] = changesOf({ quiet: -50 });
    if (raised === undefined) throw new Error('no change');
    const at = (day: number, change: 'raised' | 'cleared', raisedDay = day): SignalChange => ({
      ...raised,
      change,
      atUs: day * dayUs,
      raisedUs: raisedDay * dayUs,
    });
    const changes = [at(10, 'raised'), at(5, 'cleared', 1), at(1, 'raised')];
    const loss = (day: number, customer = 'c') => ({ customer, atUs: day * dayUs });
    const days = leadSeconds(
      [loss(0.5), loss(1), loss(4), loss(5), loss(9), loss(12), loss(12, 'other')],
      [...changes, { ...raised, signal: 'expansion', atUs: 6 * dayUs, raisedUs: 6 * dayUs }],
    );
    expect(days).toEqual([null, 0, 3 * 86_400, null, null, 2 * 86_400, null]);
  });
});
