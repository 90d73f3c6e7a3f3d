import { calendarOf } from '@michinori/alerts';

const hourUs = 3_600_000_000;

/** When a journey's health is evaluated: once a day, so many hours after midnight in its time zone. */
export interface Nightly {
  readonly timezone: string;
  /** 0 to 23. On a day on which clocks change before it, an hour off. */
  readonly hour: number;
}

/** The newest `countMax` instants in (afterUs, nowUs], the oldest first; µs since 1970. Pure. */
export function nightlyInstants(
  { timezone, hour }: Nightly,
  afterUs: number,
  nowUs: number,
  countMax: number,
): number[] {
  const calendar = calendarOf(timezone);
  const instants: number[] = [];
  for (let day = calendar.dayOf(nowUs); instants.length < countMax; day -= 1) {
    const instantUs = calendar.startOf(day) + hour * hourUs;
    if (instantUs <= afterUs) break;
    if (instantUs <= nowUs) instants.push(instantUs);
  }
  return instants.reverse();
}

const weeks = 26;
const days = 7;

/**
 * The past instants that a journey without history is evaluated for at `nowUs`: every week of half a year, every day of the last week, the newest one
 * included. Pure.
 */
export function backfillInstants(nightly: Nightly, nowUs: number): number[] {
  const all = nightlyInstants(nightly, Number.NEGATIVE_INFINITY, nowUs, weeks * 7 + 1);
  return all.filter((_, i) => {
    const ago = all.length - 1 - i;
    return ago <= days || ago % 7 === 0;
  });
}

/** An evaluation that is to be made. */
export interface DueEvaluation {
  readonly asOfUs: number;
  /** It tells nobody. */
  readonly isBackfilled: boolean;
}

export interface DueOptions extends Nightly {
  /** Missed evaluations that are made up for at most, the newest. */
  readonly catchUpMax: number;
  /** Whether a journey without history gets one. */
  readonly backfill: boolean;
}

/**
 * What is due at `nowUs`, the oldest first. `done`: what was evaluated so far, the oldest first; `evaluatedUs` is when. Which past instants belong to
 * the history follows from when the first of them was evaluated, so a history that was broken off is carried on. Pure.
 */
export function dueEvaluations(
  done: readonly { readonly asOfUs: number; readonly evaluatedUs: number; readonly isBackfilled: boolean }[],
  nowUs: number,
  options: DueOptions,
): DueEvaluation[] {
  const [first, last] = [done[0], done.at(-1)];
  const past = (instants: number[]) => instants.map((asOfUs) => ({ asOfUs, isBackfilled: true }));
  if (first === undefined || last === undefined) {
    return past(options.backfill ? backfillInstants(options, nowUs) : nightlyInstants(options, 0, nowUs, 1));
  }
  const history = first.isBackfilled && options.backfill ? backfillInstants(options, first.evaluatedUs) : [];
  const open = history.filter((instantUs) => instantUs > last.asOfUs);
  const sinceUs = open.at(-1) ?? last.asOfUs;
  const missed = nightlyInstants(options, sinceUs, nowUs, options.catchUpMax);
  return [...past(open), ...missed.map((asOfUs) => ({ asOfUs, isBackfilled: false }))];
}
