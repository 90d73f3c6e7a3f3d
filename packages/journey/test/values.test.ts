import {
  definitionHash,
  describeJourney,
  formatDuration,
  journeyLimits,
  lossLimits,
  segmentIndex,
  stageIndex,
  titleOf,
} from '@michinori/journey';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDuration } from '../src/duration.ts';
import { regexProblem } from '../src/regex.ts';
import { journeyOf, textOf } from './helpers.ts';

describe('durations', () => {
  test.each([
    ['30s', 30e6],
    ['15m', 900e6],
    ['12h', 43_200e6],
    ['14d', 1_209_600e6],
    ['2w', 1_209_600e6],
    ['87660h', journeyLimits.durationUsMax],
  ])('%s', (text, us) => {
    expect(parseDuration(text)).toEqual({ ok: true, us });
  });

  test.each([
    ['30', '30d'],
    ['30D', '30d'],
    ['2 weeks', '2w'],
    ['5 mintes', '5m'],
    ['3M', null],
    ['1 month', '30d'],
    ['1y', '365d'],
    ['P7D', '7d'],
    ['0d', null],
    ['1.5d', null],
    ['-1d', null],
    ['', null],
    ['soon', null],
    ['87661h', null],
    ['9999999999999d', null],
  ])('%s is none; meant: %s', (text, suggestion) => {
    expect(parseDuration(text)).toMatchObject({ ok: false, suggestion });
  });

  test.each([
    [0, '0s'],
    [1, '0.000001s'],
    [1_500_000, '1.5s'],
    [90e6, '90s'],
    [3_600e6, '1h'],
    [86_400e6 * 14, '14d'],
    [86_400e6 * 1.5, '36h'],
    [-60e6, '-1m'],
  ])('%i µs are written %s', (us, text) => {
    expect(formatDuration(us)).toBe(text);
  });

  test('are read as they are written', () => {
    const seconds = fc.integer({ min: 1, max: journeyLimits.durationUsMax / 1_000_000 });
    fc.assert(
      fc.property(seconds, (given) => {
        expect(parseDuration(formatDuration(given * 1e6))).toEqual({ ok: true, us: given * 1e6 });
      }),
    );
  });
});

describe('patterns', () => {
  const accepted = [
    '^a.*b$',
    '(?i)abc',
    'a{500}b{500}',
    '(?:x{20}){50}',
    String.raw`\d+\.\p{L}\P{Lu}`,
    String.raw`[\]]{3}(a|b)`,
    'x{2,}',
    '',
  ];
  test.each(accepted)('%s is accepted', (pattern) => expect(regexProblem(pattern)).toBeNull());

  const refused = [
    '(?=x)',
    'a(?!b)',
    '(?<=a)b',
    '(?<n>a)',
    String.raw`\1`,
    String.raw`(a)\k<x>`,
    '[]',
    '[^]',
    'a{1001}',
    'a{2,1001}',
    '(a{100}){11}',
    '((a{10}){10}){11}',
  ];
  const unsafe = [
    String.raw`\p{Greek}`,
    String.raw`\p{Script=Greek}`,
    'a**',
    '(',
    ')',
    String.raw`\y`,
    '[[:alpha:]]',
    '(?:(?i)a)',
    String.raw`\u0041`,
    String.raw`\cA`,
    'a\\',
    '(?-i:a)',
    '(?i:a)',
    'x'.repeat(513),
  ];
  test.each([...refused, ...unsafe])('%s is refused', (pattern) =>
    expect(regexProblem(pattern)).toEqual(expect.any(String)),
  );
});

describe('looking things up', () => {
  const journey = journeyOf(textOf('../../../infra/journeys/customer-success.yaml'));

  test('stages count from 1, segments from 0', () => {
    expect(['onboarding', 'renewal', 'nowhere'].map((id) => stageIndex(journey, id))).toEqual([1, 4, 0]);
    expect(['plan', 'persona', 'nothing'].map((name) => segmentIndex(journey, name))).toEqual([0, 3, -1]);
  });

  test('no lost_after is 0', () => {
    expect(lossLimits(journey)).toEqual([2_592e9, 2_592e9, 2_592e9, 0]);
  });

  test.each([
    ['ja', '道'],
    ['ja-JP', '道'],
    ['fr', 'Way'],
    ['en-GB', 'Way'],
  ])('a title in %s', (language, text) => {
    expect(titleOf({ de: 'Weg', en: 'Way', ja: '道' }, 'id', language)).toBe(text);
  });

  test('a title without English is the first one, without any the id', () => {
    expect(titleOf({ de: 'Weg', ja: '道' }, 'id', 'fr')).toBe('Weg');
    expect(titleOf({}, 'id', 'fr')).toBe('id');
    expect(titleOf({}, 'id', 'constructor')).toBe('id');
  });
});

describe('the hash of a definition', () => {
  const base = textOf('../../../infra/journeys/customer-success.yaml');
  const hash = definitionHash(journeyOf(base));
  const changed = (from: string | RegExp, to: string): bigint => {
    const text = base.replace(from, to);
    expect(text).not.toBe(base);
    return definitionHash(journeyOf(text));
  };

  test('is frozen: it stands in tables', () => {
    const { health: _, ...journey } = journeyOf(base);
    const stages = journey.stages.map(({ health: _, ...stage }) => stage);
    expect(definitionHash({ ...journey, stages }).toString(16)).toBe(textOf('hash.txt').trim());
    expect(hash < 2n ** 64n).toBe(true);
  });

  test('is the same for the same meaning', () => {
    expect(changed('14d', '2w')).toBe(hash);
    expect(changed('progress: forward\n', '')).toBe(hash);
    expect(changed('[ops, admin]', '[admin, ops]')).toBe(hash);
    expect(changed(/# .*\n/g, '\n')).toBe(hash);
    expect(changed('effort: 3', '')).toBe(hash);
    expect(changed('{ en: Renewal, ja: 契約更新 }', '{ ja: "契約更新", en: Renewal }')).toBe(hash);
    expect(
      changed(/ +- (\{ touchpoint: feature.*)\n +- (\{ touchpoint: app.inv.*)\n/, '      - $2\n      - $1\n'),
    ).toBe(hash);
  });

  test.each<[string | RegExp, string]>([
    ['version: 1', 'version: 2'],
    ['journey: customer-success', 'journey: other'],
    ['en: Customer success', 'en: Customers'],
    ['unit: customer', 'unit: account'],
    ['Asia/Tokyo', 'UTC'],
    ['progress: forward', 'progress: free'],
    ['progress: forward', 'progress: forward\nactivity: inbound'],
    ['id: analyst', 'id: analysts'],
    ['en: Analyst', 'en: Analysts'],
    ['eq: analyst', 'neq: analyst'],
    ['[ops, admin]', '[ops]'],
    ['30 % less', '20 % less'],
    ['[plan, industry', '[industry, plan'],
    ['id: onboarding', 'id: onboard'],
    ['en: Onboarding', 'en: On boarding'],
    ['contract.signed', 'contract.signed2'],
    ['count: 3', 'count: 4'],
    ['within: 7d', 'within: 8d'],
    [', within: 7d', ''],
    ['[training.attended, ', '['],
    ['expected: 14d', 'expected: 15d'],
    ['lost_after: 30d', 'lost_after: 31d'],
    ['horizon: 90d', 'horizon: 91d'],
    ['at_least: 0.7', 'at_least: 0.8'],
    ['at_least: 0.7', 'at_most: 0.7'],
    ['metric: advanced_rate', 'metric: drop_off_rate'],
    ['effort: 2', 'effort: 1'],
    ['terminal: true', 'terminal: false'],
    ['{ property: reason }', '{ property: why }'],
    ['{ property: reason }', 'reason'],
    ['contract.cancelled', 'contract.ended'],
    ['contract.cancelled,', 'contract.cancelled, where: { team: sales },'],
  ])('changes with %s → %s', (from, to) => {
    expect(changed(from, to)).not.toBe(hash);
  });
});

describe('the drawing of a journey', () => {
  const journey = journeyOf(textOf('../../../infra/journeys/customer-success.yaml'));
  test.each(['en', 'ja'])('in %s', (language) => {
    expect(describeJourney(journey, language)).toBe(textOf(`golden/customer-success.${language}.txt`));
  });

  test('shows conditions, moving back and inbound activity', () => {
    const text =
      'journey: j\nversion: 2\nprogress: free\nactivity: inbound\nstages:\n  - id: s\n    enter: { touchpoint: t, count: 2, where: [{ team: [a, b] }, { property: p, set: true }] }\n  - { id: u, enter: { touchpoint: u } }\nexit: { touchpoint: x, reason: gone }\n';
    expect(describeJourney(journeyOf(text), 'en')).toBe(textOf('golden/free.en.txt'));
  });
});
