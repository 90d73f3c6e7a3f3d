import { readFileSync } from 'node:fs';
import {
  type AlertRule,
  type CountedWindow,
  parseAlertRules,
  type SeriesKey,
  type SeriesReading,
} from '@michinori/alerts';

export const dayUs = 86_400_000_000;

/** The text of a file beside this one. */
export function textOf(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

/** A valid rule with these parts replaced. */
export function ruleOf(parts: Partial<AlertRule> = {}): AlertRule {
  const parsed = parseAlertRules('alert: r\njourney: j\n', { file: 'rule.yaml' });
  if (parsed.outcome === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  const [first] = parsed.rules;
  if (first === undefined) throw new Error('no rule');
  return { ...first.rule, ...parts };
}

export const keyOf = (stage: string, segment = ''): SeriesKey => ({ stage, segment, touchpoint: null });

/** The window that ends on a day counted from 1970, of `days` days. */
export function windowOf(
  endDay: number,
  days: number,
  k: number,
  n: number,
  events: number | null = null,
): CountedWindow {
  const firstDay = endDay - days;
  return { fromUs: firstDay * dayUs, toUs: endDay * dayUs, weekday: (firstDay + 4) % 7, k, n, events };
}

/** A series whose twelve windows of a week had these counts, in turn, before the current one. */
export function weeklyReading(
  key: SeriesKey,
  current: { k: number; n: number; events?: number },
  past: readonly { k: number; n: number; events?: number }[],
  endDay = 20_000,
): SeriesReading {
  return {
    status: 'read',
    key,
    current: windowOf(endDay, 7, current.k, current.n, current.events ?? null),
    baseline: Array.from({ length: 12 }, (_, i) => {
      const { k = 0, n = 0, events = null } = past[i % past.length] ?? {};
      return windowOf(endDay - 7 * (i + 1), 7, k, n, events);
    }),
  };
}
