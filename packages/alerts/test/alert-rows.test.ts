import { alertRows, evaluateRule, noState, type SeriesReading } from '@michinori/alerts';
import { expect, test } from 'vitest';
import { dayUs, keyOf, ruleOf, weeklyReading } from './helpers.ts';

const rule = ruleOf({ consecutive: 1, severity: 'critical' });
const past = [38, 42, 40].map((k) => ({ k, n: 200 }));
const at = 20_030 * dayUs;

test('a row for every series, with its episode and figures, also while it can not be judged', () => {
  const others: SeriesReading[] = [
    weeklyReading(keyOf('calm', 'plan:pro'), { k: 41, n: 200 }, past),
    { status: 'query-failed', key: keyOf('failed') },
  ];
  const first = evaluateRule(
    rule,
    noState('r'),
    [weeklyReading(keyOf('trial'), { k: 90, n: 200 }, past), ...others],
    at,
  );
  const rows = alertRows(rule, first.state, first.evaluation);
  expect(rows.map(({ stage, segment, state, firing }) => [stage, segment, state, firing])).toEqual([
    ['calm', 'plan:pro', 'ok', false],
    ['failed', '', 'query-failed', false],
    ['trial', '', 'firing', true],
  ]);
  expect(rows[1]).toMatchObject({ rate: null, p: null, q: null, episode: null, windowFromUs: null, evaluatedUs: at });
  expect(rows[2]).toMatchObject({
    ...{ alert: 'r', journey: 'j', kind: 'stage-drop-off', severity: 'critical', touchpoint: null },
    ...{ k: 90, n: 200, rate: 0.45, startedUs: at, firedUs: at, windowToUs: 20_000 * dayUs },
    episode: first.transitions[0]?.episode.id,
  });
  const late: SeriesReading = { status: 'late-data', key: keyOf('trial') };
  const second = evaluateRule(rule, first.state, [late, ...others], at + dayUs);
  const [row] = alertRows(rule, second.state, second.evaluation).slice(-1);
  expect(row).toMatchObject({ state: 'late-data', firing: true, firedUs: at, evaluatedUs: at + dayUs, rate: null });
});
