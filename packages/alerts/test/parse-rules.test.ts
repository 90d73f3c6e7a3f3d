import { alertRule, parseAlertRules, ruleLimits, ruleProblemCodes } from '@michinori/alerts';
import { parseJourneys, problemText } from '@michinori/journey';
import { describe, expect, test } from 'vitest';
import { ruleOf, textOf } from './helpers.ts';

const parsedJourneys = parseJourneys(
  `journey: buying
version: 1
segments: [plan, region]
stages:
  - { id: trial, enter: { touchpoint: a } }
  - { id: offer, enter: { touchpoint: b } }
  - { id: won, enter: { touchpoint: c }, terminal: true }
`,
  { file: 'journeys.yaml' },
);
const journeys = parsedJourneys.outcome === 'ok' ? parsedJourneys.journeys.map(({ journey }) => journey) : [];

function problemsOf(text: string): string[] {
  const parsed = parseAlertRules(text, { file: 'r', journeys });
  return parsed.outcome === 'ok' ? [] : parsed.problems.map((each) => `[${each.code}] ${problemText(each)}`);
}

const golden: Record<string, [text: string, problems: string[]]> = {
  keys: [
    'alert: a\njourny: buying\nmin_lft: 2\nzzzzzzzz: 1\ntitle: { en: A, jp: B }\nby: [plan]\nby: [region]\n',
    [
      '[missing_key] r:1:1: journey: "journey" is missing.',
      '[unknown_key] r:2:1: journy: there is no key "journy" here, only alert, title, journey, kind, stages, by, horizon, beyond, window, baseline, schedule, false_alarms_per_week, min_n, min_lift, for, severity, channels, runbook. Did you mean journey?',
      '[unknown_key] r:3:1: min_lft: there is no key "min_lft" here, only alert, title, journey, kind, stages, by, horizon, beyond, window, baseline, schedule, false_alarms_per_week, min_n, min_lift, for, severity, channels, runbook. Did you mean min_lift?',
      '[unknown_key] r:4:1: zzzzzzzz: there is no key "zzzzzzzz" here, only alert, title, journey, kind, stages, by, horizon, beyond, window, baseline, schedule, false_alarms_per_week, min_n, min_lift, for, severity, channels, runbook.',
      '[unknown_key] r:5:17: title.jp: there is no key "jp" here, only en, ja. Did you mean ja?',
      '[duplicate_key] r:7:1: by: "by" stands twice in one map.',
    ],
  ],
  values: [
    `alert: My Alert
journey: buying
kind: drop-off
stages: []
by: [plan, plan]
horizon: 30
window: 36h
baseline: 1month
schedule: 0 6 * *
false_alarms_per_week: 0
min_n: 2.5
min_lift: "2"
for:
severity: hot
channels: slack
runbook: wiki/alerts
`,
    [
      '[invalid_id] r:1:8: alert: "My Alert" is no id: small letters, digits, - and _, with a letter or digit first. Did you mean my-alert?',
      '[unknown_value] r:3:7: kind: must be one of stage-drop-off, touchpoint-drop-off, stalled-share, volume.',
      '[empty_list] r:4:9: stages: is empty; leave the key out.',
      '[duplicate_value] r:5:12: by[1]: "plan" stands twice in one list.',
      '[wrong_type] r:6:10: horizon: is a number, but takes a text.',
      '[not_whole_days] r:7:9: window: takes whole days, at most 90. Did you mean 2d?',
      '[invalid_duration] r:8:11: baseline: "1month" is no duration: a whole number with one of the units s, m, h, d, w, such as 14d; months and years differ in length, so they are no units. Did you mean 30d?',
      '[invalid_schedule] r:9:11: schedule: "0 6 * *" has 4 fields, but takes five: minute, hour, day, month, weekday, such as 0 6 * * *.',
      '[number_out_of_range] r:10:24: false_alarms_per_week: must be at least 0.001.',
      '[number_out_of_range] r:11:8: min_n: must be a whole number.',
      '[wrong_type] r:12:11: min_lift: is a text, but takes a number.',
      '[missing_value] r:13:1: for: has no value; leave the key out to get the default.',
      '[unknown_value] r:14:11: severity: must be one of info, warning, critical.',
      '[wrong_type] r:15:11: channels: is a text, but takes a list.',
      '[invalid_url] r:16:10: runbook: "wiki/alerts" is no address that begins with http:// or https://.',
    ],
  ],
  together: [
    'alert: a\njourney: buying\nwindow: 28d\nbaseline: 84d\n---\nalert: b\njourney: bying\n---\nalert: b\njourney: buying\nstages: [trail, won]\nby: [country]\n',
    [
      '[baseline_too_short] r:4:11: baseline: must be at least 4 windows of 28d long. Did you mean 112d?',
      '[unknown_journey] r:7:10: journey: there is no journey bying. Did you mean buying?',
      '[duplicate_id] r:9:8: alert: there is another rule with the id b.',
      '[unknown_stage] r:11:10: stages[0]: the journey buying has no stage trail. Did you mean trial?',
      '[terminal_stage] r:11:17: stages[1]: nobody drops off in won: entering it completes the journey.',
      '[unknown_segment] r:12:6: by[0]: the journey buying is not split by "country".',
    ],
  ],
  texts: [
    `alert: ${'a'.repeat(65)}\njourney: buying\ntitle: ""\nchannels: [${Array.from({ length: 21 }, (_, i) => `c${i}`)}]\nmin_lift: .inf\nmin_n: .nan\n`,
    [
      '[text_too_long] r:1:8: alert: has more than 64 characters.',
      '[empty_text] r:3:8: title: is empty; leave the key out.',
      '[too_many] r:4:11: channels: has more than 20 elements.',
      '[number_out_of_range] r:5:11: min_lift: must be a finite number.',
      '[number_out_of_range] r:6:8: min_n: must be a finite number.',
    ],
  ],
  yaml: [
    'alert: &x a\njourney: *x\nby: !!set [plan]\n---\nalert: [\n---\nalert:\n\ta\n',
    expect.arrayContaining([
      expect.stringMatching(/^\[yaml_alias\] r:1:\d+: alert: anchors are not allowed/),
      expect.stringMatching(/^\[yaml_alias\] r:2:10: journey: aliases are not allowed/),
      expect.stringMatching(/^\[yaml_tag\] r:3/),
      expect.stringMatching(/^\[yaml_syntax\] r:\d/),
      expect.stringMatching(/^\[yaml_tab\] r:8/),
    ]),
  ],
  beyond: [
    'alert: a\njourney: j\nbeyond: p90\n---\nalert: b\njourney: j\nkind: stalled-share\nhorizon: 7d\nbeyond: expected\n---\nalert: c\njourney: j\nkind: stalled-share\nbeyond: 90\n---\nalert: d\njourney: j\nkind: stalled-share\nbeyond: p100\n',
    [
      '[key_without_meaning] r:3:9: beyond: is for stalled-share only.',
      '[key_without_meaning] r:9:9: beyond: has no meaning beside horizon.',
      '[wrong_type] r:14:9: beyond: is a number, but takes a text.',
      '[unknown_value] r:19:9: beyond: "p100" is neither expected nor a share such as p90. Did you mean p90?',
    ],
  ],
  nothing: ['# later\n', ['[no_rule] r:1:1: the text holds no rule.']],
  'a list': ['- alert: a\n', ['[wrong_type] r:1:1: is a list, but takes a map.']],
  large: [`#${'x'.repeat(262_144)}`, [expect.stringContaining('[source_too_large]')]],
  deep: [`alert: ${'['.repeat(30)}${']'.repeat(30)}`, [expect.stringContaining('[yaml_too_deep]')]],
};

describe('every problem names file, line, column, key and the nearest valid word', () => {
  test.each(Object.entries(golden))('%s', (_name, [text, problems]) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  test('every code occurs', () => {
    const seen = Object.values(golden).flatMap(([text]) =>
      problemsOf(text).map((line) => /^\[(\w+)\]/.exec(line)?.[1]),
    );
    expect(ruleProblemCodes.filter((code) => !seen.includes(code))).toEqual([]);
  });

  test('docs/errors.md explains exactly the codes that exist', () => {
    const explained = [...textOf('../docs/errors.md').matchAll(/^\| `(\w+)` +\|/gm)].map((match) => match[1]);
    expect(explained.toSorted()).toEqual(ruleProblemCodes.toSorted());
  });
});

describe('a rule', () => {
  test('is short: the rest has defaults', () => {
    expect(ruleOf()).toMatchObject({
      ...{ id: 'r', journey: 'j', kind: 'stage-drop-off', stages: null, by: [], horizonUs: null, title: {} },
      ...{ windowDays: 7, baselineDays: 84, schedule: '0 6 * * *', falseAlarmsPerWeek: 0.5, minN: 30, minLift: 1.2 },
      ...{ consecutive: 2, severity: 'warning', channels: [], runbook: null },
    });
  });

  test('about what stalls learns when, unless it says when', () => {
    const beyondOf = (more: string) => {
      const parsed = parseAlertRules(`alert: r\njourney: j\n${more}`, { file: 'r' });
      return parsed.outcome === 'ok' ? parsed.rules[0]?.rule.beyond : undefined;
    };
    const kind = 'kind: stalled-share\n';
    expect(
      [kind, `${kind}beyond: p75\n`, `${kind}beyond: expected\n`, `${kind}horizon: 7d\n`, ''].map(beyondOf),
    ).toEqual([...[0.9, 0.75, null, null, null]]);
  });

  test('can say everything, and is described in docs/rules.md key by key', () => {
    const example = /```yaml\n([\s\S]+?)```/.exec(textOf('../docs/rules.md'))?.[1] ?? '';
    const parsed = parseAlertRules(example, { file: 'rules.md' });
    expect(parsed).toMatchObject({
      outcome: 'ok',
      rules: [{ source: example, rule: { consecutive: 2, minLift: 1.3 } }],
    });
    const [keys = ''] = textOf('../docs/rules.md').split('Several rules');
    const described = [...keys.matchAll(/^\| `(\w+)` +\|/gm)].map((match) => match[1]);
    // It stands in place of the horizon, for one kind.
    const written = [...[...example.matchAll(/^(\w+):/gm)].map((match) => match[1]), 'beyond'];
    expect(described.toSorted()).toEqual(written.toSorted());
    const unknown = parseAlertRules('nothing: 1', { file: 'r' });
    const known =
      unknown.outcome === 'ok' ? '' : (unknown.problems.find(({ code }) => code === 'unknown_key')?.message ?? '');
    expect(
      known
        .replace(/^.* only /, '')
        .split(', ')
        .toSorted(),
    ).toEqual(written.toSorted());
  });

  test('comes from plain data, too', () => {
    expect(alertRule.parse({ alert: 'r', journey: 'j' })).toEqual(ruleOf());
    expect(alertRule.safeParse({ alert: 'r', journey: 'j', extra: 1 }).success).toBe(false);
  });

  test('keeps the bounds', () => {
    const at = (key: string, value: unknown) => alertRule.safeParse({ alert: 'r', journey: 'j', [key]: value }).success;
    expect(at('for', ruleLimits.consecutiveMax)).toBe(true);
    expect(at('for', ruleLimits.consecutiveMax + 1)).toBe(false);
    expect(at('for', 0)).toBe(false);
    expect(at('min_lift', 1)).toBe(true);
    expect(at('min_lift', 0.99)).toBe(false);
    expect(at('baseline', '28d')).toBe(true);
    expect(at('baseline', '27d')).toBe(false);
    expect(at('baseline', '801d')).toBe(false);
    expect(at('false_alarms_per_week', 0.001)).toBe(true);
    expect(at('false_alarms_per_week', 100.1)).toBe(false);
  });
});
