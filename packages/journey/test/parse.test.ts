import { parseJourneys } from '@michinori/journey';
import { describe, expect, test } from 'vitest';
import { briefly, journeyOf, problemsOf, textOf, withRules } from './helpers.ts';

const dayUs = 86_400_000_000;
const conditionOf = (text: string) =>
  journeyOf(withRules(`{ touchpoint: a, where: ${text} }`)).stages[0]?.enter[0]?.where;

describe('a definition', () => {
  test('has everything that its text says', () => {
    const text = [
      'journey: customer-success',
      'version: 3',
      'title: { ja: カスタマーサクセス, en: Customer success }',
      'unit: account',
      'timezone: Asia/Tokyo',
      'progress: free',
      'activity: inbound',
      'personas: [{ id: ops-lead, title: Ops, where: { trait: role, in: [ops, admin] }, goal: "30 % less" }]',
      'segments: [plan, persona]',
      'stages:',
      '  - id: onboarding',
      '    title: Onboarding',
      '    enter: [{ touchpoint: contract.signed }]',
      '    touchpoints: [training.*, app.first_login]',
      '    expected: 14d',
      '    lost_after: 4w',
      '    horizon: 36h',
      '    goal: { metric: advanced_rate, at_least: 0.7 }',
      '    effort: 5',
      '  - id: adoption',
      '    enter: { touchpoint: feature.*, where: { property: kind, neq: trial }, count: 3, within: 7d }',
      '    goal: [{ metric: nps, at_most: -20.5 }, { metric: median_seconds, at_least: 1, at_most: 2 }]',
      '  - { id: renewal, enter: { touchpoint: contract.renewed, count: 2 }, terminal: true }',
      'exit:',
      '  - { touchpoint: contract.cancelled, reason: { property: reason } }',
      '  - { touchpoint: left, reason: left us }',
      '  - { touchpoint: gone }',
    ].join('\n');
    expect(journeyOf(text)).toEqual({
      id: 'customer-success',
      version: 3,
      title: { en: 'Customer success', ja: 'カスタマーサクセス' },
      unit: 'account',
      timezone: 'Asia/Tokyo',
      progress: 'free',
      activity: 'inbound',
      personas: [
        {
          id: 'ops-lead',
          title: { en: 'Ops' },
          where: [{ trait: 'role', op: 'in', value: ['ops', 'admin'] }],
          goal: '30 % less',
        },
      ],
      segments: ['plan', 'persona'],
      stages: [
        {
          id: 'onboarding',
          title: { en: 'Onboarding' },
          enter: [{ touchpoint: 'contract.signed', where: [], count: null }],
          touchpoints: ['training.*', 'app.first_login'],
          expectedUs: 14 * dayUs,
          lostAfterUs: 28 * dayUs,
          horizonUs: 1.5 * dayUs,
          goals: [{ metric: 'advanced_rate', atLeast: 0.7, atMost: null }],
          terminal: false,
          effort: 5,
        },
        {
          id: 'adoption',
          title: {},
          enter: [
            {
              touchpoint: 'feature.*',
              where: [{ property: 'kind', op: 'neq', value: 'trial' }],
              count: { times: 3, withinUs: 7 * dayUs },
            },
          ],
          touchpoints: [],
          expectedUs: null,
          lostAfterUs: null,
          horizonUs: 30 * dayUs,
          goals: [
            { metric: 'nps', atLeast: null, atMost: -20.5 },
            { metric: 'median_seconds', atLeast: 1, atMost: 2 },
          ],
          terminal: false,
          effort: 3,
        },
        {
          id: 'renewal',
          title: {},
          enter: [{ touchpoint: 'contract.renewed', where: [], count: { times: 2, withinUs: null } }],
          touchpoints: [],
          expectedUs: null,
          lostAfterUs: null,
          horizonUs: 30 * dayUs,
          goals: [],
          terminal: true,
          effort: 3,
        },
      ],
      exit: [
        { touchpoint: 'contract.cancelled', where: [], count: null, reason: { property: 'reason' } },
        { touchpoint: 'left', where: [], count: null, reason: { text: 'left us' } },
        { touchpoint: 'gone', where: [], count: null, reason: null },
      ],
    });
  });

  test('may leave out all but its id, version and stages', () => {
    const { stages, ...rest } = journeyOf('journey: a\nversion: 1\nstages: [{ id: s, enter: { touchpoint: "*" } }]');
    expect(rest).toEqual({
      id: 'a',
      version: 1,
      title: {},
      unit: 'customer',
      timezone: 'UTC',
      progress: 'forward',
      activity: 'any',
      personas: [],
      segments: [],
      exit: [],
    });
    expect(stages[0]?.enter[0]?.touchpoint).toBe('*');
  });

  test('a count of one is no count', () => {
    expect(journeyOf(withRules('{ touchpoint: a, count: 1 }')).stages[0]?.enter[0]?.count).toBeNull();
  });
});

describe('a condition', () => {
  test.each([
    ['{ property: plan, eq: pro }', { property: 'plan', op: 'eq', value: 'pro' }],
    ['{ trait: role, not_in: [ops, 7, true] }', { trait: 'role', op: 'not_in', value: ['ops', 7, true] }],
    ['{ channel: mail }', { channel: true, op: 'eq', value: 'mail' }],
    ['{ channel: [mail, chat] }', { channel: true, op: 'in', value: ['mail', 'chat'] }],
    ['{ team: sales }', { team: true, op: 'eq', value: 'sales' }],
    ['{ account: true, contains: acme }', { account: true, op: 'contains', value: 'acme' }],
    ['{ team: true, not_contains: x }', { team: true, op: 'not_contains', value: 'x' }],
    ['{ property: x, set: true }', { property: 'x', op: 'set' }],
    ['{ property: x, set: false }', { property: 'x', op: 'not_set' }],
    ['{ property: x, not_set: true }', { property: 'x', op: 'not_set' }],
    ['{ property: x, not_set: false }', { property: 'x', op: 'set' }],
    ['{ property: x, gt: 1.5 }', { property: 'x', op: 'gt', value: 1.5 }],
    ['{ property: x, gte: "1e3" }', { property: 'x', op: 'gte', value: '1e3' }],
    ['{ property: x, lt: -3 }', { property: 'x', op: 'lt', value: -3 }],
    ['{ property: x, lte: 0 }', { property: 'x', op: 'lte', value: 0 }],
    ['{ property: x, regex: "^a+$" }', { property: 'x', op: 'regex', value: '^a+$' }],
    ['{ property: x, eq: "" }', { property: 'x', op: 'eq', value: '' }],
    ['{ property: x, eq: "no" }', { property: 'x', op: 'eq', value: 'no' }],
    ["{ property: x, eq: '007' }", { property: 'x', op: 'eq', value: '007' }],
    ['{ property: x, eq: false }', { property: 'x', op: 'eq', value: false }],
    ['{ property: x, eq: 2024-01-01 }', { property: 'x', op: 'eq', value: '2024-01-01' }],
    ['{ property: x, eq: 12:30 }', { property: 'x', op: 'eq', value: '12:30' }],
    ['{ property: constructor, eq: __proto__ }', { property: 'constructor', op: 'eq', value: '__proto__' }],
  ])('%s', (text, condition) => {
    expect(conditionOf(text)).toEqual([condition]);
  });

  test.each([
    'on',
    'Off',
    'YES',
    'n',
    '010',
    '0o17',
    '0x1F',
    '1.10',
    '1.',
    '.5',
    '+1',
    '1e3',
    '.inf',
    '.nan',
    '9007199254740993',
    '-0',
  ])('the plain value %s is refused because it is not what it seems', (value) => {
    expect(problemsOf(withRules(`{ touchpoint: a, where: { property: x, eq: ${value} } }`))).toMatchObject([
      { code: 'ambiguous_value', suggestion: JSON.stringify(value), key: 'stages[0].enter.where.eq' },
    ]);
  });

  test('a list of conditions has the index in its keys', () => {
    expect(briefly(withRules('[{ touchpoint: a, where: [{ team: a }, { team: true, gt: x }] }]'))).toEqual([
      'condition_value stages[0].enter[0].where[1].gt',
    ]);
  });
});

describe('a source', () => {
  const two =
    '# before\n---\n# first\njourney: a\nversion: 1\nstages: [{ id: s, enter: { touchpoint: x } }]\n---\njourney: b\nversion: 2\nstages: [{ id: s, enter: { touchpoint: x } }]\n...\n';

  test('may hold several journeys; the text of each stands alone', () => {
    const parsed = parseJourneys(two, { file: 'two.yaml' });
    const found = parsed.outcome === 'ok' ? parsed.journeys : [];
    expect(found.map(({ journey }) => journey.id)).toEqual(['a', 'b']);
    expect(found[1]?.source).toBe('journey: b\nversion: 2\nstages: [{ id: s, enter: { touchpoint: x } }]\n');
    expect(found[0]?.source).toContain('# first');
    for (const { journey, source } of found) expect(journeyOf(source)).toEqual(journey);
  });

  test.each([
    ['a byte-order mark', (text: string) => `\uFEFF${text}`],
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['empty documents', (text: string) => `---\n---\n${text}---\n`],
    ['a directive', (text: string) => `%YAML 1.2\n---\n${text}`],
    ['no newline at its end', (text: string) => text.trimEnd()],
  ])('may have %s', (_what, change) => {
    const plain = withRules('{ touchpoint: a }');
    const parsed = parseJourneys(change(plain), { file: 'a.yaml' });
    const [found, ...further] = parsed.outcome === 'ok' ? parsed.journeys : [];
    expect(further).toEqual([]);
    expect(found?.journey).toEqual(journeyOf(plain));
    expect(journeyOf(found?.source ?? '')).toEqual(journeyOf(plain));
  });

  test('problems of all documents come back, in the order of the text', () => {
    const text = `${withRules('{ touchpoint: a, counts: 1 }')}---\njourney: [\n---\n`;
    expect(problemsOf(text).map(({ code, line }) => [code, line])).toEqual([
      ['unknown_key', 3],
      ['yaml_syntax', 7],
    ]);
  });

  test('time zones are spelt as in the IANA database', () => {
    const zone = (name: string) =>
      problemsOf(`${withRules('{ touchpoint: a }')}timezone: ${name}`).map(({ suggestion }) => suggestion);
    expect(zone('Asia/Kolkata')).toEqual([]);
    expect(zone('UTC')).toEqual([]);
    expect(zone('America/Port_of_Spain')).toEqual([]);
    expect(zone('asia/tokyo')).toEqual(['Asia/Tokyo']);
    expect(zone('Tokyo')).toEqual(['Asia/Tokyo']);
    expect(zone('Europe/Brelin')).toEqual(['Europe/Berlin']);
    expect(zone('"+09:00"')).toEqual([null]);
  });
});

test('the example of docs/journeys.md is valid', () => {
  const blocks = [...textOf('../docs/journeys.md').matchAll(/```yaml\n(journey:.*?)```/gs)].map(
    (match) => match[1] ?? '',
  );
  expect(blocks.length).toBeGreaterThan(0);
  for (const block of blocks) expect(problemsOf(block)).toEqual([]);
});
