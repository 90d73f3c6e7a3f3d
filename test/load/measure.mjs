// What the benchmarks share: medians, events, and how results are told.
import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';

/** Median of numbers. */
export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** Seconds that the work takes. */
export async function seconds(work) {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

/** `1234567` → `1 234 567`. */
export const count = (number) => Math.round(number).toLocaleString('en-US').replaceAll(',', ' ');

/** Where and of what this run is. */
export function describeRun() {
  const git = (...args) => {
    try {
      return execFileSync('git', args, { encoding: 'utf8' }).trim();
    } catch {
      return '';
    }
  };
  const changed = git('status', '--porcelain') === '' ? '' : ' with uncommitted changes';
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
    commit: `${git('rev-parse', '--short', 'HEAD') || 'none'}${changed}`,
  };
}

/** A markdown table. */
export function table(columns, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}
