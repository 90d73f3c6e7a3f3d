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

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/**
 * Draws a funnel for a terminal: a block per segment and bucket, a bar per step as long as its rate, with the number
 * of customers, the rate and its 95 % interval, who dropped and who is still on the way, and the median time.
 *
 * @param width columns that the terminal has; the bars take what the words leave
 */
export function drawFunnel(rows: readonly FunnelBarRow[], width: number): string {
  const blocks = new Map<string, FunnelBarRow[]>();
  for (const row of rows) {
    const title = [row.segment === '' ? '(no value)' : row.segment, row.bucket]
      .filter((part) => part !== null)
      .join(' · ');
    const block = blocks.get(title);
    if (block === undefined) blocks.set(title, [row]);
    else block.push(row);
  }
  return [...blocks].map(([title, block]) => drawBlock(title, block, width)).join('\n');
}

function drawBlock(title: string, rows: readonly FunnelBarRow[], width: number): string {
  const labelWidth = Math.min(32, Math.max(...rows.map(({ touchpoint }) => displayWidth(touchpoint))));
  const barWidth = Math.max(10, Math.min(48, width - labelWidth - 46));
  const lines = rows.map((row) => {
    const label = padEnd(row.touchpoint, labelWidth);
    const count = row.customers.toLocaleString('en-US').padStart(9);
    return `  ${row.step} ${label} ${bar(row.rate ?? 0, barWidth)} ${count}  ${rates(row)}${notes(row)}`;
  });
  return `${title === '' ? '' : `\n${title}\n`}${lines.join('\n')}\n`;
}

function rates({ step, rate, lo, hi, fromPreviousRate }: FunnelBarRow): string {
  if (rate === null || lo === null || hi === null) return '     –';
  if (step === 1) return '100.0 %';
  const previous = fromPreviousRate === null ? '' : `, ${percent(fromPreviousRate)} of the step before`;
  return `${percent(rate)} (${percent(lo)}–${percent(hi)})${previous}`;
}

function notes({ dropped, open, secondsP50, state }: FunnelBarRow): string {
  const parts = [
    dropped > 0 ? `${dropped.toLocaleString('en-US')} dropped` : '',
    open > 0 ? `${open.toLocaleString('en-US')} still on the way` : '',
    secondsP50 === null ? '' : `median ${formatDuration(secondsP50)}`,
    state === 'ok' ? '' : state,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : ` · ${parts.join(' · ')}`;
}

const percent = (rate: number): string => `${(rate * 100).toFixed(1)} %`;

function bar(rate: number, width: number): string {
  const cells = Math.max(0, Math.min(1, rate)) * width;
  const whole = Math.floor(cells);
  const part = eighths[Math.floor((cells - whole) * 8)] ?? '';
  return `${'█'.repeat(whole)}${part}`.padEnd(width, '·');
}

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;

function displayWidth(text: string): number {
  return [...text].reduce((sum, character) => sum + (wide.test(character) ? 2 : 1), 0);
}

function padEnd(text: string, width: number): string {
  let shown = '';
  let used = 0;
  for (const character of text) {
    const columns = wide.test(character) ? 2 : 1;
    if (used + columns > width) break;
    shown += character;
    used += columns;
  }
  return displayWidth(text) > width ? `${shown.slice(0, -1)}…` : shown + ' '.repeat(width - used);
}
