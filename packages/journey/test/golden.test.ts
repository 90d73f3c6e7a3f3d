import { readdirSync } from 'node:fs';
import { parseJourneys, problemCodes, problemText } from '@michinori/journey';
import { describe, expect, test } from 'vitest';
import { briefly, problemsOf, textOf, withRules } from './helpers.ts';

const names = readdirSync(new URL('golden', import.meta.url))
  .filter((name) => name.endsWith('.source.txt'))
  .map((name) => name.replace('.source.txt', ''));

const seenInFiles = names.flatMap((name) => problemsOf(textOf(`golden/${name}.source.txt`)).map(({ code }) => code));

/** What is too big or too odd for a file. */
const generated: Record<string, [text: string, problems: string[]]> = {
  nothing: ['', ['no_journey']],
  'comments only': ['# nothing\n---\n# still nothing\n', ['no_journey']],
  'a null document': ['null\n', ['missing_value']],
  'one character too much': [`#${'x'.repeat(262_144)}`, ['source_too_large']],
  'hundred thousand brackets': ['['.repeat(100_000), ['yaml_too_deep']],
  'hundred thousand dashes': [`${'- '.repeat(100_000)}x`, ['yaml_too_deep']],
  'twenty one levels by indentation': [
    Array.from({ length: 21 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
    ['yaml_too_deep'],
  ],
  'twenty one levels': [`journey: ${'['.repeat(20)}${']'.repeat(20)}`, ['yaml_too_deep']],
  'thirty one stages': [
    `journey: j\nversion: 1\nstages: [${Array.from({ length: 31 }, (_, i) => `{ id: s${i}, enter: { touchpoint: t${i} } }`)}]`,
    ['too_many stages'],
  ],
  'two hundred and one rules': [
    withRules(`[${Array.from({ length: 200 }, (_, i) => `{ touchpoint: a${i} }`)}]`, '{ touchpoint: b }'),
    ['too_many stages'],
  ],
  'an alias bomb': [
    `a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n`,
    expect.arrayContaining(['yaml_alias a', 'yaml_alias b[0]']),
  ],
};

describe('every problem names file, line, column, key and the nearest valid word', () => {
  test.each(names)('golden/%s', (name) => {
    const parsed = parseJourneys(textOf(`golden/${name}.source.txt`), { file: `${name}.yaml` });
    const lines =
      parsed.outcome === 'invalid' ? parsed.problems.map((each) => `[${each.code}] ${problemText(each)}`) : [];
    expect(lines).toEqual(textOf(`golden/${name}.problems.txt`).trimEnd().split('\n'));
  });

  test.each(Object.entries(generated))('%s', (_name, [text, problems]) => {
    expect(briefly(text)).toEqual(problems);
  });

  test('every code occurs', () => {
    const seen = new Set<string>([
      ...seenInFiles,
      ...Object.values(generated).flatMap(([text]) => problemsOf(text).map(({ code }) => code)),
    ]);
    expect(problemCodes.filter((code) => !seen.has(code))).toEqual([]);
  });

  test('docs/errors.md explains exactly the codes that exist', () => {
    const explained = [...textOf('../docs/errors.md').matchAll(/^\| `(\w+)` +\|/gm)].map((match) => match[1]);
    expect(explained.toSorted()).toEqual(problemCodes.toSorted());
    expect(new Set(problemCodes).size).toBe(problemCodes.length);
  });

  test('the limits are exact: one less is valid', () => {
    const stages = Array.from({ length: 30 }, (_, i) => `{ id: s${i}, enter: { touchpoint: t${i} } }`);
    expect(problemsOf(`journey: j\nversion: 4294967295\nstages: [${stages}]`)).toEqual([]);
    expect(briefly(`journey: ${'['.repeat(19)}${']'.repeat(19)}`)).not.toContain('yaml_too_deep');
    const indented = Array.from({ length: 20 }, (_, i) => `${' '.repeat(i)}a:`).join('\n');
    expect(briefly(indented)).not.toContain('yaml_too_deep');
    const listed = Array.from({ length: 25 }, (_, i) => `  - { id: s${i}, enter: { touchpoint: t${i} } }`);
    expect(problemsOf(`journey: j\nversion: 1\nstages:\n${listed.join('\n')}`)).toEqual([]);
    expect(briefly('journey: "[[[[[[[[[[[[[[[[[[[[[[[["')).not.toContain('yaml_too_deep');
    expect(briefly(`#${'x'.repeat(262_143)}`)).toEqual(['no_journey']);
    const rules = Array.from({ length: 199 }, (_, i) => `{ touchpoint: a${i} }`);
    expect(problemsOf(withRules(`[${rules}]`, '{ touchpoint: b }'))).toEqual([]);
    const segments = 'segments: [a, b, c, d, e, f, g, h, i, j]';
    expect(
      problemsOf(`${withRules('{ touchpoint: a }').replace('journey: j', `journey: ${'j'.repeat(64)}`)}${segments}`),
    ).toEqual([]);
  });
});
