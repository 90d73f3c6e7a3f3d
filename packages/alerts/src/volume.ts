import { countBaseline, countLowerTail } from '@michinori/statistics';
import type { AlertRule } from './rule.ts';
import type { CountedWindow } from './series.ts';
import { groupOf } from './windows.ts';

/** Beyond this a fall of the volume is no chance. */
const outageP = 0.001;

/** A fall to less than this share of the usual volume is an outage, whatever the drop-off. */
const outageShare = 0.5;

/** An outage explains a rise if this many times the missing share of events would make it. */
const explainingFactor = 2;

export interface Volume {
  readonly usual: number;
  /** P(so few or fewer), if nothing has changed. */
  readonly p: number;
}

/** The volume of the current window against those of the past; `of` takes the count out of a window. */
export function volumeOf(
  rule: AlertRule,
  current: CountedWindow,
  baseline: readonly CountedWindow[],
  of: (window: CountedWindow) => number | null,
): Volume | null {
  const now = of(current);
  const past = baseline.flatMap((window) => {
    const count = of(window);
    return count === null ? [] : [{ count, group: groupOf(rule, window) }];
  });
  if (now === null || past.length === 0) return null;
  const usual = countBaseline(past, groupOf(rule, current));
  return { usual: usual.mean, p: countLowerTail(usual, now) };
}

/**
 * Whether events are missing so that a rate can't be believed. Where events are lost, those who advanced look as if they
 * hadn't: with a share s of the events missing a drop-off d becomes d + s·(1 − d). So: the volume of events has fallen beyond
 * chance (p < 0.001), and by half, or by so much that twice the missing share would make the rise seen. Without a count of events
 * the entries stand in for them, and only a fall by half counts.
 */
export function isOutage(
  rule: AlertRule,
  current: CountedWindow,
  baseline: readonly CountedWindow[],
  { rate, usual }: { readonly rate: number; readonly usual: number },
): boolean {
  const isCounted = current.events !== null;
  const count = isCounted ? (window: CountedWindow) => window.events : (window: CountedWindow) => window.n;
  const now = count(current) ?? 0;
  const isExplained = (missing: number) =>
    missing > 1 - outageShare ||
    (isCounted && rate > usual && usual + explainingFactor * missing * (1 - usual) >= rate);
  const highest = baseline.reduce((most, window) => Math.max(most, count(window) ?? 0), 0);
  if (now >= highest || !isExplained(1 - now / highest)) return false;
  const volume = volumeOf(rule, current, baseline, count);
  if (volume === null || volume.usual === 0 || volume.p >= outageP) return false;
  return isExplained(1 - now / volume.usual);
}
