import type { TimeRange } from '../infinity/macros.ts';
import { NotEmulated } from '../not-emulated.ts';

const unitsMs: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** The instants of a dashboard's time range, e.g. `now-90d` to `now`, and of a panel that has a `timeFrom` of its own. */
export function readTimeRange(
  time: { from: string; to: string },
  nowMs: number,
  panel: { timeFrom?: string; timeShift?: string } = {},
): TimeRange {
  if (panel.timeShift !== undefined) throw new NotEmulated('a shifted panel');
  const from = panel.timeFrom === undefined ? time.from : `now-${panel.timeFrom.replace(/^now-/, '')}`;
  return { fromMs: instant(from, nowMs), toMs: instant(panel.timeFrom === undefined ? time.to : 'now', nowMs) };
}

function instant(text: string, nowMs: number): number {
  const match = /^now(?:-(\d+)([smhdwMy]))?$/.exec(text);
  if (match === null) throw new NotEmulated(`the time ${text}`);
  const [, count = '0', unit = 's'] = match;
  if (unit === 'M' || unit === 'y') {
    const date = new Date(nowMs);
    return date.setUTCMonth(date.getUTCMonth() - Number(count) * (unit === 'y' ? 12 : 1));
  }
  return nowMs - Number(count) * (unitsMs[unit] ?? 0);
}
