import { displayWidth, fitColumns, printable } from './columns.ts';
import { formatDuration } from './duration.ts';

/** What the bars need of a row of `POST /v1/funnels/query`. */
export interface FunnelBarRow {
  segment: string | null;
  bucket: string | null;
  step: number;
  touchpoint: string;
  customers: number;
  dropped: number;
  open: number;
  rate: number | null;
  lo: number | null;
  hi: number | null;
  state: string;
  fromPreviousRate: number | null;
  secondsP50: number | null;
}

interface Layout {
  step: number;
  label: number;
  bar: number;
  count: number;
  /** Whether what there is to say besides the numbers stands on the same line. */
  isOneLine: boolean;
}

const stateWords: Record<string, string> = { insufficient: 'few (n < 30)', immature: 'still moving (immature)' };
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const rateWidth = 8;
const intervalWidth = 15;
const notesWidth = 44;
const gaps = 6;
const labelMax = 32;

/**
 * Draws a funnel for a terminal: a block per segment and bucket, a bar per step as long as its rate, with the number
 * of customers, the rate and its 95 % interval, who dropped and who is still on the way, and the median time.
 * The columns of all blocks line up; where the terminal is narrow the words stand below their bar.
 *
 * @param width columns that the terminal has
 * @param timezone in which the beginnings of buckets are shown
 */
export function drawFunnel(rows: readonly FunnelBarRow[], width: number, timezone = 'UTC'): string {
  const blocks = new Map<string, FunnelBarRow[]>();
  for (const row of rows) {
    const title = titleOf(row, timezone);
    const block = blocks.get(title);
    if (block === undefined) blocks.set(title, [row]);
    else block.push(row);
  }
  const layout = layOut(rows, width);
  return [...blocks].map(([title, block]) => drawBlock(title, block, layout)).join('');
}

function titleOf({ segment, bucket }: FunnelBarRow, timezone: string): string {
  const name = segment === '' ? '(no value)' : segment;
  return [name, bucket === null ? null : localTime(bucket, timezone)].filter((part) => part !== null).join(' · ');
}

/** `2026-05-01`, with the time of day where it isn't midnight. */
function localTime(iso: string, timezone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone: timezone });
  return format.format(new Date(iso)).replace(/ 00:00$/, '');
}

function layOut(rows: readonly FunnelBarRow[], width: number): Layout {
  const step = String(Math.max(1, ...rows.map((row) => row.step))).length;
  const count = Math.max(5, ...rows.map(({ customers }) => grouped(customers).length));
  const longest = Math.max(1, ...rows.map(({ touchpoint }) => displayWidth(printable(touchpoint))));
  const fixed = step + count + rateWidth + gaps;
  const wordsWidth = intervalWidth + notesWidth;
  const isOneLine = width - fixed - wordsWidth >= Math.min(longest, labelMax) + 16;
  const free = Math.max(18, width - fixed - (isOneLine ? wordsWidth : 0));
  const label = Math.min(longest, labelMax, Math.max(10, Math.floor(free * 0.66)));
  return { step, label, count, isOneLine, bar: Math.max(8, Math.min(40, free - label)) };
}

function drawBlock(title: string, rows: readonly FunnelBarRow[], layout: Layout): string {
  const lines = rows.flatMap((row) => {
    const columns = [
      String(row.step).padStart(layout.step),
      fitColumns(row.touchpoint, layout.label),
      bar(row.rate ?? 0, layout.bar),
      grouped(row.customers).padStart(layout.count),
      (row.rate === null ? '–' : percent(row.rate)).padStart(rateWidth),
    ];
    const line = `  ${columns.join(' ')}`;
    if (layout.isOneLine) return [`${line} ${interval(row).padEnd(intervalWidth)} ${notes(row)}`.trimEnd()];
    const words = [interval(row), notes(row)].filter((part) => part !== '').join(' ');
    return words === '' ? [line] : [line, `  ${' '.repeat(layout.step)} ${words}`];
  });
  return `${title === '' ? '' : `\n${printable(title)}\n`}${lines.join('\n')}\n`;
}

function interval({ step, lo, hi }: FunnelBarRow): string {
  return step === 1 || lo === null || hi === null ? '' : `(${(lo * 100).toFixed(1)}–${(hi * 100).toFixed(1)})`;
}

function notes({ step, customers, dropped, open, secondsP50, state }: FunnelBarRow): string {
  if (customers === 0) return '';
  const parts = [
    dropped > 0 ? `${grouped(dropped)} dropped` : '',
    open > 0 ? `${grouped(open)} open` : '',
    secondsP50 === null ? '' : `median ${formatDuration(secondsP50)}`,
    step > 1 ? '' : (stateWords[state] ?? ''),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

const grouped = (number: number): string => number.toLocaleString('en-US');
const percent = (rate: number): string => `${(rate * 100).toFixed(1)} %`;

function bar(rate: number, width: number): string {
  const cells = Math.max(0, Math.min(1, rate)) * width;
  const whole = Math.floor(cells);
  const part = eighths[Math.floor((cells - whole) * 8)] ?? '';
  return `${'█'.repeat(whole)}${part}`.padEnd(width, '·');
}
