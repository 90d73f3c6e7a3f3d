import {
  type AlertContext,
  type AlertLocale,
  type AlertRule,
  alertKinds,
  describeAlert,
  evaluateRule,
  noState,
  retireRule,
  type SeriesKey,
  type Transition,
} from '@michinori/alerts';
import { describe, expect, test } from 'vitest';
import { dayUs, keyOf, ruleOf, textOf, weeklyReading } from './helpers.ts';

const journey: NonNullable<AlertContext['journey']> = {
  id: 'customer-success',
  title: { en: 'Customer success', ja: 'カスタマーサクセス' },
  timezone: 'Asia/Tokyo',
  stages: [
    {
      ...{
        id: 'onboarding',
        title: { en: 'Onboarding', ja: 'オンボーディング' },
        enter: [],
        touchpoints: [],
        goals: [],
      },
      ...{ expectedUs: null, lostAfterUs: null, horizonUs: 30 * dayUs, terminal: false, effort: 3 },
    },
  ],
};
const rule = ruleOf({
  ...{
    id: 'onboarding-drop-off',
    journey: 'customer-success',
    title: { en: 'Onboarding loses more', ja: 'オンボーディングの離脱増加' },
  },
  ...{ runbook: 'https://wiki.example.com/onboarding', minLift: 1.2 },
});
const links = { board: 'https://m.example.com/board', customers: 'https://m.example.com/customers' };
const past = [38, 42, 40, 37, 43, 41].map((k) => ({ k, n: 200 }));

/** What two unusual evaluations and two usual ones give. */
function transitionsOf(by: AlertRule, key: SeriesKey): Transition[] {
  let state = noState(by.id);
  const all: Transition[] = [];
  for (const [day, k] of [84, 86, 40, 41].entries()) {
    const now = by.kind === 'volume' ? { k: 0, n: k > 60 ? 31 : 201 } : { k, n: 200 };
    const advanced = evaluateRule(by, state, [weeklyReading(key, now, past)], (20_030 + day) * dayUs);
    state = advanced.state;
    all.push(...advanced.transitions);
  }
  return all;
}

const text = (transition: Transition | undefined, context: AlertContext, locale: AlertLocale) =>
  transition === undefined ? '' : describeAlert(transition, context, locale).text;

describe('messages in plain words', () => {
  test.each(['en', 'ja'] as const)('%s', (locale) => {
    const parts = alertKinds.flatMap((kind) => {
      const by = { ...rule, kind };
      const key = {
        ...keyOf('onboarding', 'plan:pro'),
        touchpoint: kind === 'touchpoint-drop-off' ? 'training.attended' : null,
      };
      const transitions = transitionsOf(by, key);
      expect(transitions.map((each) => each.kind)).toEqual(['started', 'fired', 'resolved']);
      return transitions.map((each) => text(each, { rule: by, journey, links }, locale));
    });
    expect(`${parts.join('\n\n')}\n`).toBe(textOf(`golden/messages.${locale}.txt`));
  });

  test('without titles, links and figures it says what it knows', () => {
    const bare = ruleOf({ id: 'bare', journey: 'j' });
    const [, fired] = transitionsOf(bare, keyOf('s', 'region:'));
    expect(text(fired, { rule: bare }, 'en').split('\n')[0]).toBe('Drop-off is unusually high: j › s › no region');
    expect(text(fired, { rule: bare }, 'ja').split('\n')[0]).toBe(
      '【警告】j › s › region:なし:離脱率が異常に高くなっています',
    );
    const everybody = transitionsOf(bare, keyOf('s'))[1];
    expect(text(everybody, { rule: bare }, 'en')).toMatch(/j › s › everybody\n[\s\S]+a week are expected of it\.$/);
  });

  test('an end has its reason, and a message its parts', () => {
    const [started] = transitionsOf(rule, keyOf('onboarding'));
    const { state } = evaluateRule(
      rule,
      noState(rule.id),
      [weeklyReading(keyOf('onboarding'), { k: 84, n: 200 }, past)],
      dayUs,
    );
    const [dropped] = retireRule(state, 2 * dayUs).transitions;
    if (started === undefined || dropped === undefined) throw new Error('no transition');
    const message = describeAlert(dropped, { rule, journey, links }, 'en');
    expect(message.title).toBe('Not confirmed: Drop-off in Customer success › Onboarding › everybody');
    expect(message.lines).toContain('The rule or the series is no longer watched.');
    expect(message.links.map(({ label }) => label)).toEqual(['Board', 'Customers behind it', 'Runbook']);
    expect(message.text.split('\n')).toHaveLength(1 + message.lines.length + 3);
    expect(describeAlert({ ...started, kind: 'resolved', reason: 'insufficient' }, { rule }, 'ja').lines).toContain(
      '対象が少なく、判定を続けられません。',
    );
  });
});
