import { type RiskTable, riskColumns, rowsUpTo } from '../survival/risk-table.ts';

/** What becomes of a cohort: shares that add up to 1. */
export interface StepShares {
  readonly advanced: number;
  readonly lost: number;
  readonly staying: number;
}

export interface IncidenceTable {
  readonly n: number;
  /** The last time at which anything is known; Infinity if nobody was open then, so that the shares stay as they are. */
  readonly knownUntil: number;
  /** Cumulative incidences at a time. */
  at(seconds: number): StepShares;
  /** Who was in the stage, and watched, for longer than `seconds`. */
  beyond(seconds: number): number;
  /** Of those, whose state at `until` is known. */
  known(seconds: number, until: number): number;
  /** The latest of the cohort's own times (or 0) beyond which at least `count` were left; null if there never were as many. */
  latestWith(count: number): number | null;
}

/** The estimate of Aalen & Johansen (1978) as sorted columns, for many questions to one cohort. */
export function incidenceTable(table: RiskTable): IncidenceTable {
  const columns = riskColumns(table);
  const size = columns.seconds.length;
  const [advanced, lost, staying, open] = [0, 1, 2, 3].map(() => new Float64Array(size + 1)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  staying[0] = 1;
  for (let i = 0; i < size; i++) {
    const [atRisk, left] = [columns.atRisk[i] ?? 1, staying[i] ?? 0];
    const [a, l] = [columns.advanced[i] ?? 0, columns.lost[i] ?? 0];
    advanced[i + 1] = (advanced[i] ?? 0) + (left * a) / atRisk;
    lost[i + 1] = (lost[i] ?? 0) + (left * l) / atRisk;
    staying[i + 1] = (left * (atRisk - a - l)) / atRisk;
    open[i + 1] = (open[i] ?? 0) + (columns.censored[i] ?? 0);
  }
  const beyondRow = (row: number): number => columns.atRisk[row] ?? 0;
  const rowsBefore = (seconds: number): number => {
    const upTo = rowsUpTo(columns.seconds, seconds);
    return columns.seconds[upTo - 1] === seconds ? upTo - 1 : upTo;
  };
  return {
    n: columns.total,
    knownUntil: (staying[size] ?? 1) === 0 ? Infinity : (columns.seconds[size - 1] ?? -1),
    at(seconds) {
      const row = rowsUpTo(columns.seconds, seconds);
      return { advanced: advanced[row] ?? 0, lost: lost[row] ?? 0, staying: staying[row] ?? 0 };
    },
    beyond: (seconds) => beyondRow(rowsUpTo(columns.seconds, seconds)),
    known(seconds, until) {
      const [from, to] = [rowsUpTo(columns.seconds, seconds), rowsBefore(until)];
      return beyondRow(from) - Math.max(0, (open[to] ?? 0) - (open[from] ?? 0));
    },
    latestWith(count) {
      if (columns.total < count) return null;
      let [low, high] = [0, size];
      while (low < high) {
        const middle = (low + high + 1) >>> 1;
        if (beyondRow(middle) >= count) low = middle;
        else high = middle - 1;
      }
      return low === 0 ? 0 : (columns.seconds[low - 1] ?? 0);
    },
  };
}

/**
 * What becomes within `horizon` of who was in the stage for `spent`: (F(spent + horizon) − F(spent)) ÷ S(spent), which is the
 * Aalen–Johansen estimate of the cohort that is left then (landmarking; van Houwelingen & Putter, 2012, §3).
 */
export function sharesAfter(incidence: IncidenceTable, spent: number, horizon: number): StepShares {
  const [now, then] = [incidence.at(spent), incidence.at(spent + horizon)];
  const [advanced, lost] = [(then.advanced - now.advanced) / now.staying, (then.lost - now.lost) / now.staying];
  return { advanced, lost, staying: Math.max(0, then.staying / now.staying) };
}

/**
 * The landmark that a forecast can be made from: the time spent, or the latest one before at which `atRiskMin` customers were left and
 * whose horizon is known. Null if there is none.
 */
export function landmarkFor(
  incidence: IncidenceTable,
  spent: number,
  horizon: number,
  atRiskMin: number,
): number | null {
  if (incidence.knownUntil < horizon) return null;
  const wanted = Math.min(spent, incidence.knownUntil - horizon);
  const landmark = incidence.beyond(wanted) >= atRiskMin ? wanted : incidence.latestWith(atRiskMin);
  return landmark !== null && incidence.at(landmark).staying > 0 ? landmark : null;
}
