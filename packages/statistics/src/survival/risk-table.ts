/**
 * How many customers were last seen, or reached their outcome, exactly `seconds` after entry.
 * `advanced` and `lost` are final; `censored` were still open when last looked at.
 */
export interface RiskRow {
  readonly seconds: number;
  readonly advanced: number;
  readonly lost: number;
  readonly censored: number;
}

/**
 * One cohort as counts per distinct exact time, in any order. At equal times outcomes come before censorings: who is
 * censored at t was at risk at t. Time 0 is allowed, with everybody at risk.
 */
export type RiskTable = readonly RiskRow[];

/** One customer: the time from entry to the outcome, or to the last look for who is `open`. */
export interface Duration {
  readonly seconds: number;
  readonly outcome: 'advanced' | 'lost' | 'open';
}

/** A validated risk table as ascending columns; `atRisk` are those with a time of `seconds` or later. */
export interface RiskColumns {
  readonly total: number;
  readonly seconds: Float64Array;
  readonly advanced: Float64Array;
  readonly lost: Float64Array;
  readonly censored: Float64Array;
  readonly atRisk: Float64Array;
}

/** Throws a `RangeError` unless it is a finite time that isn't negative. */
export function assertSeconds(seconds: number): void {
  if (!(seconds >= 0 && seconds < Infinity)) throw new RangeError(`not a time after entry: ${seconds} s`);
}

function assertCount(count: number): void {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`not a count: ${count}`);
}

/** Groups single customers by exact time, ascending. Negative or infinite times are a `RangeError`. */
export function riskTable(durations: Iterable<Duration>): RiskRow[] {
  const rows = new Map<number, { seconds: number; advanced: number; lost: number; censored: number }>();
  for (const { seconds, outcome } of durations) {
    assertSeconds(seconds);
    let row = rows.get(seconds);
    if (row === undefined) {
      row = { seconds, advanced: 0, lost: 0, censored: 0 };
      rows.set(seconds, row);
    }
    row[outcome === 'open' ? 'censored' : outcome]++;
  }
  return [...rows.values()].sort((a, b) => a.seconds - b.seconds);
}

function ascending(table: RiskTable): RiskTable {
  let previous = -Infinity;
  for (const { seconds } of table) {
    if (!(seconds > previous)) return [...table].sort((a, b) => a.seconds - b.seconds);
    previous = seconds;
  }
  return table;
}

/**
 * Checks a table and turns it into ascending columns with the number at risk, without rows that hold nobody; O(n) when
 * it is sorted already. Repeated or negative times, and anything that isn't a count, are a `RangeError`.
 */
export function riskColumns(table: RiskTable): RiskColumns {
  const column = () => new Float64Array(table.length);
  const [seconds, advanced, lost, censored, atRisk] = [column(), column(), column(), column(), column()];
  let previous = -1;
  let total = 0;
  let size = 0;
  for (const row of ascending(table)) {
    assertSeconds(row.seconds);
    if (row.seconds === previous) throw new RangeError(`time given twice: ${row.seconds} s`);
    previous = row.seconds;
    assertCount(row.advanced);
    assertCount(row.lost);
    assertCount(row.censored);
    const here = row.advanced + row.lost + row.censored;
    if (here === 0) continue;
    seconds[size] = row.seconds;
    advanced[size] = row.advanced;
    lost[size] = row.lost;
    censored[size] = row.censored;
    atRisk[size] = total;
    total += here;
    size++;
  }
  for (let i = 0; i < size; i++) atRisk[i] = total - (atRisk[i] ?? 0);
  return {
    total,
    seconds: seconds.subarray(0, size),
    advanced: advanced.subarray(0, size),
    lost: lost.subarray(0, size),
    censored: censored.subarray(0, size),
    atRisk: atRisk.subarray(0, size),
  };
}

/** The number of rows with a time of at most `limit`. */
export function rowsUpTo(sorted: Float64Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Infinity) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
