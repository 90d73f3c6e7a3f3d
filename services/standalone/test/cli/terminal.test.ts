import { describe, expect, it } from 'vitest';
import { displayWidth, fitColumns } from '../../src/terminal/columns.ts';
import { formatDuration } from '../../src/terminal/duration.ts';
import { drawFunnel, type FunnelBarRow } from '../../src/terminal/funnel-bars.ts';
import { startProgress } from '../../src/terminal/progress.ts';
import { drawTable } from '../../src/terminal/table.ts';

const row = (changes: Partial<FunnelBarRow>): FunnelBarRow => ({
  segment: null,
  bucket: null,
  step: 1,
  touchpoint: 'a',
  customers: 1_000,
  dropped: 0,
  open: 0,
  rate: 1,
  lo: 0.99,
  hi: 1,
  state: 'ok',
  fromPreviousRate: null,
  secondsP50: null,
  ...changes,
});

const funnel = [
  row({ touchpoint: '資料請求 | trial.started', customers: 12_345, dropped: 4_000, open: 345 }),
  row({
    step: 2,
    touchpoint: '契約締結',
    customers: 8_000,
    rate: 0.648,
    lo: 0.6395,
    hi: 0.6564,
    secondsP50: 1_180_000,
    dropped: 7_999,
  }),
  row({
    step: 3,
    touchpoint: 'a very long name of a touchpoint that goes on and on',
    customers: 1,
    rate: 0.0001,
    lo: 0,
    hi: 0.0005,
  }),
];

describe('bars', () => {
  it.each([60, 80, 100, 140, 200])('fit %i columns, numbers below numbers, bars below bars', (width) => {
    const lines = drawFunnel(funnel, width).trimEnd().split('\n');
    for (const line of lines) expect(displayWidth(line), line).toBeLessThanOrEqual(width);
    const bars = lines.filter((line) => / \d? ?%/.test(line));
    expect(bars).toHaveLength(3);
    const columnOf = (line: string, pattern: RegExp) => displayWidth(line.slice(0, line.search(pattern)));
    expect(new Set(bars.map((line) => columnOf(line, /[█▏▎▍▌▋▊▉·]{8}/))).size).toBe(1);
    expect(new Set(bars.map((line) => columnOf(line, / %/))).size).toBe(1);
  });

  it('show buckets as days of the time zone', () => {
    const bucket = '2026-04-30T15:00:00.000000Z';
    expect(drawFunnel([row({ bucket })], 100, 'Asia/Tokyo')).toMatch(/^\n2026-05-01\n/);
    expect(drawFunnel([row({ bucket, segment: 'pro' })], 100)).toMatch(/^\npro · 2026-04-30 15:00\n/);
  });

  it('are as long as the rate', () => {
    const [first = '', second = ''] = drawFunnel([row({}), row({ step: 2, rate: 0.5, lo: 0.4, hi: 0.6 })], 100).split(
      '\n',
    );
    const cells = (line: string, pattern: RegExp) => line.match(pattern)?.length ?? 0;
    const whole = cells(first, /█/g);
    expect(whole).toBeGreaterThan(10);
    expect(cells(second, /█/g)).toBe(Math.floor(whole / 2));
    expect(cells(second, /[█▏▎▍▌▋▊▉·]/g)).toBe(whole);
  });

  it('say what there is to say: dropped, open, median, interval, few', () => {
    const text = drawFunnel([...funnel.slice(0, 2), row({ segment: '', customers: 3, state: 'insufficient' })], 200);
    expect(text).toContain('4,000 dropped · 345 open');
    expect(text).toContain('64.8 % (63.9–65.6)');
    expect(text).toContain('median 13 d');
    expect(text).toContain('(no value)');
    expect(text).toContain('few (n < 30)');
  });

  it("don't let data steer the terminal", () => {
    const text = drawFunnel([row({ touchpoint: 'a\u001b[2Jb\n', segment: 'x\u0007' })], 100);
    expect([...text].filter((character) => '\u001b\u0007'.includes(character))).toEqual([]);
    expect(text).toContain('a␣[2Jb␣');
  });
});

describe('columns', () => {
  it('counts wide, combining and narrow characters', () => {
    expect([displayWidth('道のり'), displayWidth('e\u0301'), displayWidth('ｱ'), displayWidth('🚀')]).toEqual([
      6, 1, 1, 2,
    ]);
    expect(fitColumns('道のり', 8)).toBe('道のり  ');
    expect(fitColumns('道のり', 5)).toBe('道の…');
    expect(fitColumns('道のり', 4)).toBe('道… ');
    expect(displayWidth(fitColumns('道のりを歩く', 7))).toBe(7);
  });

  it('lines up tables with Japanese cells', () => {
    expect(
      drawTable(
        ['name', 'n'],
        [
          ['道', 10],
          ['a', 5],
        ],
      ),
    ).toBe('name   n\n道    10\na      5');
  });
});

it.each([
  [0.004, '0 s'],
  [0.5, '0.5 s'],
  [59.6, '60 s'],
  [90, '1 min 30 s'],
  [3_600, '1 h'],
  [86_400 * 3 + 4 * 3_600, '3 d 4 h'],
  [86_400 * 12.4, '12 d'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

describe('progress without a terminal', () => {
  it('is a line every three seconds', () => {
    let nowMs = 0;
    const lines: string[] = [];
    const progress = startProgress({
      title: 'Work',
      total: 200,
      isInteractive: false,
      line: (text) => lines.push(text),
      nowMs: () => nowMs,
    });
    for (nowMs = 1_000; nowMs <= 7_000; nowMs += 1_000) progress.update(nowMs / 100, 'x');
    progress.stop();
    expect(lines).toEqual(['Work 15 % · x\n', 'Work 30 % · x\n']);
  });

  it('is nothing without a place for lines', () => {
    const progress = startProgress({ title: 'Work', total: 1, isInteractive: false });
    expect(() => progress.update(1)).not.toThrow();
  });
});
