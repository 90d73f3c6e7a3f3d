import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFormat } from '../src/app/format/format.ts';
import { en } from '../src/app/words/en.ts';
import { ja } from '../src/app/words/ja.ts';

const marks = ['①', '②', '③', '④'];

/** Every text below an object by its path; functions are given marks to say. */
function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String(value(...marks))]];
  return Object.entries(value ?? {}).flatMap(([name, each]) => texts(each, `${path}.${name}`));
}

const appFolder = join(import.meta.dirname, '../src/app');
const sources = readdirSync(appFolder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !/^words.(en|ja)/.test(name))
  .map((name) => readFileSync(join(appFolder, name), 'utf8'))
  .join('\n');

describe('words', () => {
  it('say everything in Japanese, too', () => {
    const same = [
      '.product',
      '.nav.nps',
      '.table.csv',
      '.numbers.unknown',
      '.map.metrics.nps',
      '.nps.title',
      '.customer.nps',
    ];
    const english = new Map(texts(en));
    const untranslated = texts(ja).filter(([path, text]) => english.get(path) === text && !same.includes(path));
    expect(untranslated.map(([path]) => path).filter((path) => path !== '.numbers.n')).toEqual([]);
    expect(texts(ja).length).toBe(english.size);
    expect(english.size).toBeGreaterThan(150);
  });

  it('leave out nothing that they are given', () => {
    const used = (words: typeof en) =>
      texts(words)
        .filter(([path]) => !/too early|addSegment/.test(path))
        .map(([path, text]) => [path, marks.filter((mark) => text.includes(mark)).join('')]);
    expect(used(ja)).toEqual(used(en));
  });

  it('are all used', () => {
    const sections = Object.entries(en).flatMap(([section, words]) =>
      typeof words === 'string' ? [] : Object.keys(words).map((word) => [section, word] as const),
    );
    const unused = sections.filter(
      ([section, word]) =>
        !new RegExp(`\\b${section}\\.${word}\\b`).test(sources) && !sources.includes(`words.${section}[`),
    );
    expect(unused.filter(([section]) => section !== 'errors')).toEqual([]);
  });
});

describe('numbers and times', () => {
  const format = createFormat('en', 'Asia/Tokyo', en);
  const japanese = createFormat('ja', 'Asia/Tokyo', ja);

  it('are written as people read them', () => {
    expect([format.count(12_345), format.share(0.1234), format.share(null)]).toEqual(['12,345', '12.3%', '–']);
    expect(format.shares(0.1, 0.2)).toBe('10.0% to 20.0%');
    expect(format.shares(null, 0.2)).toBe('–');
    expect([format.decimal(0.5, { signed: true }), format.decimal(0, { signed: true })]).toEqual(['+0.50', '0.00']);
    expect(japanese.shares(0.1, 0.2)).toBe('10.0%～20.0%');
  });

  it('are in the chosen time zone', () => {
    expect(format.date('2026-01-31T15:00:00Z')).toBe('Feb 1, 2026');
    expect(japanese.month('2026-01-31T15:00:00Z')).toBe('2026年2月');
    expect([format.time(null), format.time('never')]).toEqual(['–', '–']);
  });

  it.each([
    [0, '0 sec'],
    [45.4, '45 sec'],
    [90, '1 min 30 sec'],
    [3600, '1 hr'],
    [86_400 + 3600 * 5, '1 day 5 hr'],
    [86_400 * 9 + 3600 * 23, '9 days 23 hr'],
    [86_400 * 12.6, '13 days'],
    [-90, '1 min 30 sec'],
    [null, '–'],
  ])('has durations in the two largest units: %s s', (seconds, text) => {
    expect(format.duration(seconds)).toBe(text);
  });

  it('says how long ago something was', () => {
    const ago = (seconds: number) => format.ago(0, seconds * 1000);
    expect([ago(5), ago(61), ago(7300), ago(200_000), ago(-5)]).toEqual([
      '5 sec. ago',
      '1 min. ago',
      '2 hr. ago',
      '2 days ago',
      '0 sec. ago',
    ]);
  });
});
