import type { Format } from '../../format/format.ts';
import type { Words } from '../../words/en.ts';
import type { HealthRule } from './definition.ts';

/** A line of a ledger; the points of all lines add up to the score. */
export interface LedgerLine {
  line: 'start' | 'rule' | 'clamp';
  rule: string | null;
  points: number;
  /** Why the rule holds, where the answer says so. */
  evidence: Evidence | null;
}

/** The facts behind rules, as packages/health/docs/health.md has them; times in µs. */
export type Evidence =
  | { kind: 'idle'; lastUs: number | null; idleUs: number }
  | { kind: 'count'; count: number }
  | { kind: 'trend'; recent: number; before: number }
  | { kind: 'sentiment'; n: number; mean: number }
  | { kind: 'nps'; score: number; atUs: number }
  | { kind: 'stalled'; spentSeconds: number; beyondSeconds: number };

const kinds = ['idle', 'count', 'trend', 'sentiment', 'nps', 'stalled'];

type Answered = Pick<LedgerLine, 'line' | 'points'> & { rule?: string | null; evidence?: object | null };

/** Reads `ledger` of `/health/customers`; what isn't a ledger has no lines. */
export function readLedger(json: string): LedgerLine[] {
  let lines: unknown;
  try {
    lines = JSON.parse(json);
  } catch {
    return [];
  }
  return Array.isArray(lines) ? ledgerLines(lines) : [];
}

/** The lines of a ledger as an answer has them; evidence of a kind that isn't known here is none. */
export function ledgerLines(lines: readonly Answered[]): LedgerLine[] {
  return lines.map(({ line, rule = null, points, evidence = null }) => ({
    ...{ line, rule, points },
    evidence: isEvidence(evidence) ? evidence : null,
  }));
}

const isEvidence = (value: object | null): value is Evidence =>
  value !== null && 'kind' in value && kinds.some((kind) => kind === value.kind);

/** Lines with the sum up to and including each. */
export function withSums<Line extends { points: number }>(lines: readonly Line[]): (Line & { sum: number })[] {
  let sum = 0;
  return lines.map((line) => {
    sum += line.points;
    return { ...line, sum };
  });
}

/** The fact behind a line in words; empty where the answer has none. `rule` is that of the definition, which may have changed since. */
export function factOf({ evidence }: LedgerLine, rule: HealthRule | null, words: Words, format: Format): string {
  const facts = words.health.facts;
  if (evidence === null) return '';
  const seconds = (us: number) => format.duration(us / 1e6);
  const date = (us: number) => format.date(new Date(us / 1000).toISOString());
  const named = rule?.test.touchpoint ?? null;
  const what = named === null || named === '*' ? facts.anything : named;
  const within = rule?.test.withinUs ?? null;
  switch (evidence.kind) {
    case 'idle':
      return evidence.lastUs === null
        ? facts.neverIdle(what, seconds(evidence.idleUs))
        : facts.idle(what, seconds(evidence.idleUs), date(evidence.lastUs));
    case 'count':
      return within === null
        ? facts.count(format.count(evidence.count), what)
        : facts.countWithin(format.count(evidence.count), what, seconds(within));
    case 'trend':
      return facts.trend(what, format.count(evidence.recent), format.count(evidence.before), seconds(within ?? 0));
    case 'sentiment':
      return facts.sentiment(format.decimal(evidence.mean, { signed: true }), format.count(evidence.n));
    case 'nps':
      return facts.nps(format.count(evidence.score), date(evidence.atUs));
    case 'stalled':
      return facts.stalled(format.duration(evidence.spentSeconds), format.duration(evidence.beyondSeconds));
  }
}

/** Points with their sign: −12, +8. */
export function signedPoints(points: number, format: Format): string {
  return format.decimal(points, { digits: 0, signed: true });
}
