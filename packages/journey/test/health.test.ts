import {
  canonicalDefinition,
  definitionHash,
  derivationHash,
  describeJourney,
  healthDefault,
  healthOf,
  healthRulesOf,
} from '@michinori/journey';
import { describe, expect, test } from 'vitest';
import { briefly, journeyOf, problemsOf, textOf } from './helpers.ts';

const source = textOf('golden/health.yaml');
const journey = journeyOf(source);
const plain =
  'journey: j\nversion: 1\nstages: [{ id: a, enter: { touchpoint: a } }, { id: b, enter: { touchpoint: b } }]\n';
const withRule = (rule: string): string => `${plain}health: { rules: ${rule} }\n`;
const dayUs = 86_400_000_000;

describe('health of a journey', () => {
  test('is read with every kind of rule', () => {
    const { rules = [], goldenTime, actions, start, churn, expansion } = journey.health ?? {};
    expect({ start, churn, expansion }).toEqual({
      start: 60,
      churn: { below: 40, margin: 5 },
      expansion: { above: 85, margin: 5 },
    });
    expect(rules.map(({ id, points, test }) => [id, points, test])).toEqual([
      ['quiet', -18, { kind: 'idle', touchpoint: 'feature.core_used', where: [], forUs: 7 * dayUs }],
      [
        'logins',
        10,
        { kind: 'count', touchpoint: 'app.opened', where: [], withinUs: 7 * dayUs, atLeast: 3, atMost: null },
      ],
      [
        'tickets',
        -12,
        {
          kind: 'count',
          touchpoint: 'ticket.opened',
          where: [{ property: 'severity', op: 'eq', value: 'high' }],
          withinUs: 14 * dayUs,
          atLeast: 3,
          atMost: null,
        },
      ],
      [
        'never-trained',
        -4,
        { kind: 'count', touchpoint: 'training.attended', where: [], withinUs: 30 * dayUs, atLeast: null, atMost: 0 },
      ],
      [
        'falling',
        -10,
        {
          kind: 'trend',
          touchpoint: 'feature.*',
          where: [],
          withinUs: 14 * dayUs,
          atLeast: null,
          atMost: 0.5,
          minimum: 3,
        },
      ],
      [
        'angry',
        -12,
        {
          kind: 'sentiment',
          touchpoint: '*',
          where: [],
          withinUs: 14 * dayUs,
          atLeast: null,
          atMost: -0.2,
          minimum: 2,
        },
      ],
      ['detractor', -20, { kind: 'nps', class: 'detractor', withinUs: 90 * dayUs }],
    ]);
    expect(rules[0]?.title).toEqual({ en: 'No use', ja: '利用なし' });
    expect(goldenTime).toEqual({ milestones: ['value.milestone'], withinUs: 14 * dayUs });
    expect(actions).toEqual([
      {
        signal: 'churn',
        webhook: 'crm',
        task: {
          owner: 'customer-success',
          dueUs: 2 * dayUs,
          text: { en: 'Call {customer} ({score}): {rules}', ja: '{customer} に連絡: {rules}' },
        },
      },
      { signal: 'expansion', webhook: 'crm', task: null },
    ]);
  });

  test('has defaults', () => {
    expect(journeyOf(`${plain}health: {}\n`).health).toEqual(healthDefault);
    expect(healthOf(journeyOf(plain))).toBeNull();
    const ofStage = plain.replace('{ id: a,', '{ id: a, health: { id: n, nps: passive, points: 1 },');
    expect(healthOf(journeyOf(ofStage))).toEqual(healthDefault);
    expect(journeyOf(withRule('{ id: c, count: a, points: 5 }')).health?.rules[0]?.test).toEqual({
      kind: 'count',
      touchpoint: 'a',
      where: [],
      withinUs: null,
      atLeast: 1,
      atMost: null,
    });
  });

  test('a rule of a stage stands in the place of the common one with its id', () => {
    const named = (stage: string) =>
      healthRulesOf(journey, stage).map(({ id, points, scope }) => `${id} ${points} ${scope}`);
    expect(named('onboarding').slice(0, 2)).toEqual(['quiet -8 stage', 'logins 10 journey']);
    expect(named('onboarding').at(-1)).toBe('stuck -10 stage');
    expect(named('onboarding')).toHaveLength(8);
    expect(named('adoption')[0]).toBe('quiet -18 journey');
    expect(named('adoption')).toHaveLength(7);
    expect(healthRulesOf(journey, 'nowhere')).toEqual([]);
  });

  test.each(['en', 'ja'])('is described in %s', (language) => {
    expect(describeJourney(journey, language)).toBe(textOf(`golden/health.${language}.txt`));
  });

  test('the limits are exact', () => {
    const rules = (count: number): string =>
      `[${Array.from({ length: count }, (_, i) => `{ id: r${i}, count: a, points: 1 }`)}]`;
    expect(problemsOf(withRule(rules(50)))).toEqual([]);
    expect(briefly(withRule(rules(51)))).toEqual(['too_many health.rules']);
    const actions = (count: number): string =>
      `${plain}health: { actions: [${Array.from({ length: count }, () => '{ signal: churn, webhook: w }')}] }\n`;
    expect(problemsOf(actions(20))).toEqual([]);
    expect(briefly(actions(21))).toEqual(['too_many health.actions']);
    expect(problemsOf(withRule('{ id: a, count: a, points: -100 }'))).toEqual([]);
    expect(
      problemsOf(
        `${plain}health: { start: 40, churn: { below: 40, margin: 0 }, expansion: { above: 41, margin: 0 } }\n`,
      ),
    ).toEqual([]);
    expect(
      briefly(`${plain}health: { start: 40, churn: { below: 40, margin: 0 }, expansion: { above: 40, margin: 0 } }\n`),
    ).toEqual(['thresholds_overlap health.expansion']);
  });
});

describe('hashes', () => {
  const hash = definitionHash(journey);
  const derived = derivationHash(journey);
  const changed = (from: string | RegExp, to: string) => {
    const text = source.replace(from, to);
    expect(text).not.toBe(source);
    return journeyOf(text);
  };

  test.each<[string | RegExp, string]>([
    ['start: 60', 'start: 61'],
    ['below: 40', 'below: 41'],
    ['{ above: 85, margin: 5 }', '{ above: 85, margin: 4 }'],
    ['points: -18', 'points: -17'],
    ['id: logins', 'id: login'],
    ['en: No use', 'en: Unused'],
    ['for: 7d', 'for: 8d'],
    ['idle: feature.core_used', 'idle: feature.used'],
    ['eq: high', 'eq: low'],
    ['at_least: 3, within: 7d', 'at_least: 4, within: 7d'],
    ['at_least: 3, within: 7d', 'at_most: 3, within: 7d'],
    ['at_least: 3, within: 7d', 'at_least: 3'],
    ['at_most: 0.5', 'at_most: 0.4'],
    ['at_most: 0.5', 'at_most: 0.5, minimum: 4'],
    ['minimum: 2', 'minimum: 3'],
    ['nps: detractor', 'nps: passive'],
    ['within: 90d', 'within: 91d'],
    ['stalled: p90', 'stalled: p75'],
    ['for: 3d', 'for: 4d'],
    ['milestones: [value.milestone]', 'milestones: [value.other]'],
    [/golden_time.*\n/, '\n'],
    [/webhook: crm,?\s/, 'webhook: crm2,\n        '],
    ['due: 2d', 'due: 3d'],
    ['owner: customer-success', 'owner: sales'],
    ['en: "Call ', 'en: "Ring '],
    ['signal: expansion', 'signal: golden_time'],
    [/health:\n {2}start[\s\S]*$/, ''],
  ])('%s → %s: another definition, the same derivation', (from, to) => {
    const other = changed(from, to);
    expect(definitionHash(other)).not.toBe(hash);
    expect(derivationHash(other)).toBe(derived);
  });

  test('are the same for the same meaning', () => {
    for (const [from, to] of [
      ['14d', '2w'],
      ['  start: 60\n', ''],
      [', margin: 5 }', ' }'],
      [
        'points: -18 }\n    - { id: logins, count: app.opened, at_least: 3, within: 7d, points: 10 }',
        'points: -18 }\n    - { points: 10, id: logins, count: app.opened, at_least: 3, within: 7d }',
      ],
    ] as const)
      expect(definitionHash(changed(from, to))).toBe(hash);
    expect(definitionHash(journeyOf(`${plain}health: {}\n`))).not.toBe(definitionHash(journeyOf(plain)));
  });

  test('without health nothing is said of it', () => {
    expect(JSON.parse(canonicalDefinition(journeyOf(plain)))).toHaveLength(12);
    expect(JSON.parse(canonicalDefinition(journey))).toHaveLength(13);
  });

  test.each<[string | RegExp, string]>([
    ['id: onboarding', 'id: onboard'],
    ['contract.signed', 'contract.made'],
    ['{ touchpoint: app.invited }', '{ touchpoint: app.invited, count: 2, within: 7d }'],
    ['{ touchpoint: app.invited }', '{ touchpoint: app.invited, where: { team: ops } }'],
    ['{ touchpoint: app.invited }', '{ touchpoint: app.invited }\n    lost_after: 30d'],
    ['{ touchpoint: app.invited }', '{ touchpoint: app.invited }\n    terminal: true'],
    ['contract.cancelled', 'contract.ended'],
    ['contract.cancelled }', 'contract.cancelled, reason: gone }'],
    ['journey: health', 'journey: other'],
    ['version: 1', 'version: 1\nunit: account'],
    ['version: 1', 'version: 1\nprogress: free'],
    ['version: 1', 'version: 1\nactivity: inbound'],
    ['version: 1', 'version: 1\nsegments: [plan]'],
    ['version: 1', 'version: 1\nsegments: [persona]\npersonas: [{ id: p, where: { trait: role, eq: ops } }]'],
  ])('%s → %s: another derivation', (from, to) => {
    expect(derivationHash(changed(from, to))).not.toBe(derived);
  });

  test.each<[string | RegExp, string]>([
    ['version: 1', 'version: 2'],
    ['version: 1', 'version: 1\ntitle: T\ntimezone: Asia/Tokyo'],
    ['version: 1', 'version: 1\npersonas: [{ id: p, where: { trait: role, eq: ops } }]'],
    [
      '{ touchpoint: app.invited }',
      '{ touchpoint: app.invited }\n    title: T\n    expected: 3d\n    horizon: 9d\n    effort: 1\n    touchpoints: [a]\n    goal: { metric: nps, at_least: 5 }',
    ],
  ])('%s → %s: the same derivation', (from, to) => {
    expect(derivationHash(changed(from, to))).toBe(derived);
  });

  test('of the derivation is frozen: it stands in tables', () => {
    expect(derived.toString(16)).toBe('f7b467003b17a655');
  });
});
