import {
  type Condition,
  definitionHash,
  describeJourney,
  type ExitRule,
  type Journey,
  parseJourneys,
  type Rule,
  type Stage,
} from '@michinori/journey';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { journeyOf } from './helpers.ts';

const runs = Number(process.env.MICHINORI_TEST_RUNS ?? 60);
const units = [
  ['s', 1_000_000],
  ['m', 60_000_000],
  ['h', 3_600_000_000],
  ['d', 86_400_000_000],
  ['w', 604_800_000_000],
] as const;

const id = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,12}$/);
const storable = (text: string): boolean => !/[\0\p{Surrogate}]/u.test(text);
const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter(storable);
const value = fc.oneof(
  words,
  fc.constantFrom(
    '',
    'on',
    'no',
    '010',
    '1.10',
    'true',
    'null',
    '~',
    '*a',
    '&b',
    '!c',
    '- d',
    '# e',
    ': f',
    '007',
    '1e3',
  ),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(0.5, -2.25),
);
const duration = fc.tuple(fc.integer({ min: 1, max: 500 }), fc.constantFrom(...units));
const title = fc.oneof(
  fc.constant(undefined),
  words,
  fc.dictionary(fc.constantFrom('en', 'ja', 'de', 'zh-Hant'), words, { minKeys: 1, maxKeys: 3 }),
);

/** A part as it is written in YAML, and as it has to be read. */
interface Both<T> {
  yaml: unknown;
  read: T;
}

const subject = fc.oneof(
  fc
    .tuple(fc.constantFrom('property', 'trait'), words)
    .map(([kind, name]) => ({ yaml: { [kind]: name }, read: { [kind]: name } })),
  fc.constantFrom('channel', 'team', 'account').map((kind) => ({ yaml: { [kind]: true }, read: { [kind]: true } })),
);
const comparison = fc.oneof(
  fc.tuple(fc.constantFrom('eq', 'neq'), value).map(([op, given]) => ({ op, given })),
  fc
    .tuple(fc.constantFrom('in', 'not_in'), fc.array(value, { minLength: 1, maxLength: 4 }))
    .map(([op, given]) => ({ op, given })),
  fc.tuple(fc.constantFrom('contains', 'not_contains'), words).map(([op, given]) => ({ op, given })),
  fc
    .tuple(fc.constantFrom('gt', 'gte', 'lt', 'lte'), fc.oneof(fc.integer(), fc.constantFrom('1e3', 0.25)))
    .map(([op, given]) => ({ op, given })),
  fc.constantFrom({ op: 'set', given: true }, { op: 'not_set', given: true }),
  fc.constantFrom({ op: 'regex', given: '^a[b-d]+$' }, { op: 'regex', given: '(?i)x|y' }),
);
const condition: fc.Arbitrary<Both<Condition>> = fc.tuple(subject, comparison).map(([who, { op, given }]) => ({
  yaml: { ...who.yaml, [op]: given },
  read: { ...who.read, op, ...(op === 'set' || op === 'not_set' ? {} : { value: given }) } as Condition,
}));
const shorthand: fc.Arbitrary<Both<Condition>> = fc
  .tuple(
    fc.constantFrom('channel', 'team', 'account'),
    fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 3 })).filter((given) => typeof given !== 'boolean'),
  )
  .map(([kind, given]) => ({
    yaml: { [kind]: given },
    read: { [kind]: true, op: Array.isArray(given) ? 'in' : 'eq', value: given } as Condition,
  }));

/** Touchpoints differ from rule to rule by their numbers, so that nothing overlaps; one condition contradicts nothing. */
const rule = fc.record({
  where: fc.option(fc.oneof(condition, shorthand), { nil: undefined }),
  isList: fc.boolean(),
  isPrefix: fc.boolean(),
  count: fc.option(fc.tuple(fc.integer({ min: 2, max: 99 }), fc.option(duration)), { nil: undefined }),
});

function numbered(
  { where, isList, isPrefix, count }: typeof rule extends fc.Arbitrary<infer T> ? T : never,
  number: number,
): Both<Rule> {
  const touchpoint = `t${number}${isPrefix ? '.*' : '.x'}`;
  const [times, within] = count ?? [];
  return {
    yaml: {
      touchpoint,
      ...(where && { where: isList ? [where.yaml] : where.yaml }),
      ...(times && { count: times }),
      ...(within && { within: `${within[0]}${within[1][0]}` }),
    },
    read: {
      touchpoint,
      where: where ? [where.read] : [],
      count: times === undefined ? null : { times, withinUs: within ? within[0] * within[1][1] : null },
    },
  };
}

const stage = fc.record({
  title,
  rules: fc.array(rule, { minLength: 1, maxLength: 3 }),
  touchpoints: fc.uniqueArray(id, { maxLength: 3 }),
  expected: fc.option(duration),
  lostAfter: fc.option(duration),
  horizon: fc.option(duration),
  goals: fc.array(fc.tuple(fc.constantFrom('advanced_rate' as const, 'nps' as const), fc.constantFrom(0, 0.5, 1)), {
    maxLength: 2,
  }),
  effort: fc.option(fc.integer({ min: 1, max: 5 })),
});

const usOf = (given: [number, (typeof units)[number]] | null): number | null =>
  given === null ? null : given[0] * given[1][1];
const textOf = ([amount, [unit]]: [number, (typeof units)[number]]): string => `${amount}${unit}`;
const titleRead = (given: string | Record<string, string> | undefined): Record<string, string> =>
  typeof given === 'string' ? { en: given } : { ...given };

const definition: fc.Arbitrary<Both<Journey>> = fc
  .record({
    id,
    version: fc.integer({ min: 1, max: 4_294_967_295 }),
    title,
    unit: fc.constantFrom('customer' as const, 'account' as const),
    timezone: fc.constantFrom('UTC', 'Asia/Tokyo', 'Asia/Kolkata'),
    progress: fc.constantFrom('forward' as const, 'free' as const),
    activity: fc.constantFrom('any' as const, 'inbound' as const),
    personas: fc.uniqueArray(fc.record({ id, title, role: value, goal: fc.option(words) }), {
      selector: (each) => each.id,
      maxLength: 3,
    }),
    segments: fc.uniqueArray(
      words.filter((word) => !word.includes(':') && word !== 'persona'),
      { maxLength: 4 },
    ),
    stages: fc.uniqueArray(fc.tuple(id, stage), { selector: ([name]) => name, minLength: 1, maxLength: 5 }),
    isTerminal: fc.boolean(),
    exits: fc.array(
      fc.tuple(
        rule,
        fc.option(
          fc.oneof(
            words,
            words.map((property) => ({ property })),
          ),
        ),
      ),
      { maxLength: 3 },
    ),
  })
  .map(({ personas, stages, exits, isTerminal, title: own, ...rest }) => {
    let number = 0;
    const written: unknown[] = [];
    const read: Stage[] = [];
    for (const [index, [name, given]] of stages.entries()) {
      const terminal = isTerminal && index === stages.length - 1;
      const rules = given.rules.map((each) => numbered(each, ++number));
      written.push({
        effort: given.effort ?? undefined,
        goal: given.goals.map(([metric, bound]) => ({ metric, at_least: bound })),
        touchpoints: given.touchpoints,
        enter: rules.length === 1 ? rules[0]?.yaml : rules.map(({ yaml }) => yaml),
        expected: given.expected ? textOf(given.expected) : undefined,
        lost_after: given.lostAfter && !terminal ? textOf(given.lostAfter) : undefined,
        horizon: given.horizon ? textOf(given.horizon) : undefined,
        terminal: terminal || undefined,
        title: given.title,
        id: name,
      });
      read.push({
        id: name,
        title: titleRead(given.title),
        enter: rules.map((each) => each.read),
        touchpoints: given.touchpoints,
        expectedUs: usOf(given.expected),
        lostAfterUs: terminal ? null : usOf(given.lostAfter),
        horizonUs: usOf(given.horizon) ?? 30 * 86_400_000_000,
        goals: given.goals.map(([metric, atLeast]) => ({ metric, atLeast, atMost: null })),
        terminal,
        effort: given.effort ?? 3,
      });
    }
    const exit = exits.map(([each, reason]) => {
      const both = numbered(each, ++number);
      const meant: ExitRule['reason'] = typeof reason === 'string' ? { text: reason } : reason;
      return { yaml: { ...(both.yaml as object), reason: reason ?? undefined }, read: { ...both.read, reason: meant } };
    });
    const { id: name, ...others } = rest;
    return {
      yaml: {
        stages: written,
        ...others,
        title: own,
        journey: name,
        exit: exit.map(({ yaml }) => yaml),
        personas: personas.map((each) => ({
          id: each.id,
          title: each.title,
          where: { trait: 'role', eq: each.role },
          goal: each.goal ?? undefined,
        })),
      },
      read: {
        ...rest,
        title: titleRead(own),
        stages: read,
        exit: exit.map((each) => each.read),
        personas: personas.map((each) => ({
          id: each.id,
          title: titleRead(each.title),
          where: [{ trait: 'role', op: 'eq' as const, value: each.role }],
          goal: each.goal,
        })),
      },
    };
  });

const quoted = { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' } as const;

describe('a journey written as YAML', () => {
  test('is read as what it is, and its source again', () => {
    fc.assert(
      fc.property(definition, fc.integer({ min: 20, max: 200 }), ({ yaml, read }, lineWidth) => {
        const parsed = parseJourneys(stringify(yaml, { ...quoted, lineWidth }), { file: 'random.yaml' });
        expect(parsed.outcome === 'ok' ? parsed.journeys.map(({ journey }) => journey) : parsed).toEqual([read]);
        const source = parsed.outcome === 'ok' ? (parsed.journeys[0]?.source ?? '') : '';
        expect(journeyOf(source)).toEqual(read);
      }),
      { numRuns: runs },
    );
  });

  test('has the same hash in block and flow style, with other order of keys, with comments', () => {
    fc.assert(
      fc.property(definition, ({ yaml, read }) => {
        const hash = definitionHash(read);
        const flow = `# comment\n${JSON.stringify(yaml)} # comment\n`;
        expect(definitionHash(journeyOf(flow))).toBe(hash);
        expect(definitionHash(journeyOf(stringify(yaml, { ...quoted, sortMapEntries: true })))).toBe(hash);
      }),
      { numRuns: runs },
    );
  });

  test('can be described in both languages', () => {
    fc.assert(
      fc.property(definition, fc.constantFrom('en', 'ja', 'fr'), ({ read }, language) => {
        const text = describeJourney(read, language);
        for (const { enter } of read.stages) for (const { touchpoint } of enter) expect(text).toContain(touchpoint);
        expect(text).not.toContain('undefined');
      }),
      { numRuns: Math.ceil(runs / 3) },
    );
  });
});

test('whatever the text, an answer comes back, with places inside the text', () => {
  const piece = fc.constantFrom(
    'journey: a\n',
    'version: 1\n',
    'stages:\n',
    '  - id: b\n',
    '    enter: ',
    '[',
    ']',
    '{',
    '}',
    ', ',
    '*',
    '&a',
    '!t ',
    '- ',
    ': ',
    '\t',
    '"',
    "'",
    '#',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '|\n',
    '>',
    '? ',
    '\n',
    ' ',
    '\0',
    '\ud800',
    'x',
    '010',
    '\u2028',
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
      (text) => {
        const parsed = parseJourneys(text, { file: 'f' });
        if (parsed.outcome === 'ok') return;
        expect(parsed.problems.length).toBeGreaterThan(0);
        const lineCount = text.split('\n').length;
        for (const { line, column, file } of parsed.problems) {
          expect(file).toBe('f');
          expect(line >= 1 && line <= lineCount && column >= 1).toBe(true);
        }
      },
    ),
    { numRuns: runs * 5 },
  );
});
