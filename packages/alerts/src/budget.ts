import { jointExceedance, normalQuantile } from '@michinori/statistics';
import { type AlertRule, baselineWindows } from './rule.ts';

/** How the evaluations of a rule follow each other; days. */
export interface Timing {
  /** From one evaluation that sees another window to the next. */
  readonly strideDays: number;
  /** From the first to the last of the evaluations in a row that make an alarm, in whole windows' steps. */
  readonly spanDays: number;
  readonly windowDays: number;
  readonly baselineWindows: number;
}

/** The timing of a rule. Windows move with the days: several evaluations of one day see the same one and count once. */
export function timingOf(rule: AlertRule): Timing {
  const stepDays = 7 / rule.cron.perWeek;
  const span = (rule.consecutive - 1) * stepDays;
  return {
    strideDays: Math.max(1, stepDays),
    spanDays: stepDays < 1 ? Math.floor(span) : span,
    windowDays: rule.windowDays,
    baselineWindows: baselineWindows(rule),
  };
}

/** Share of two windows that is common to both, so the correlation of their rates. */
const overlap = (days: number, windowDays: number): number => Math.max(0, 1 - days / windowDays);

/**
 * False alarms of one series per evaluation, at most, if each evaluation finds it alarming with probability `perSeries`
 * although nothing has changed. An alarm is an episode: it begins where an evaluation is alarming and the one before isn't, and
 * fires if the first and the last of the required ones are alarming. Both are bounds from two looks that are correlated by
 * the overlap of their windows, and in the second by the baseline they share.
 */
export function episodesPerEvaluation(perSeries: number, timing: Timing): number {
  const z = -normalQuantile(perSeries);
  const begins = perSeries - jointExceedance(z, overlap(timing.strideDays, timing.windowDays));
  if (timing.spanDays === 0) return begins;
  const common = overlap(timing.spanDays, timing.windowDays);
  return Math.min(begins, jointExceedance(z, common + (1 - common) / (1 + timing.baselineWindows)));
}

/** Expected share of evaluations that find a series alarming at a level of the step-up procedure, nothing having changed. */
const perSeriesAt = (level: number, family: number): number => Math.min(0.5, level / (1 - level) ** 2 / family);

/**
 * The highest level that a rule may use, whatever its budget would allow: among series that are alarming together this share is false.
 * Where a window without common days has to confirm them, more may be pending for the moment.
 */
export function levelMax({ spanDays, windowDays }: Timing): number {
  return spanDays >= windowDays ? 0.5 : 0.2;
}

/** False alarms a week over a family of independent series, at most, at a level of the step-up procedure. */
export function falseAlarmsPerWeek(level: number, timing: Timing, family: number): number {
  return family * (7 / timing.strideDays) * episodesPerEvaluation(perSeriesAt(level, family), timing);
}

/**
 * The level at which Benjamini & Hochberg's procedure is run over `family` series so that a rule gives its budget of false
 * alarms a week, and never above `levelMax`. Where nothing has changed, the procedure at level q rejects q ÷ (1 − q)² of
 * many independent hypotheses on average (Finner & Roters, 2002), and each series the same share of it.
 */
export function levelFor(rule: AlertRule, family: number): number {
  if (family === 0) return 0;
  const timing = timingOf(rule);
  const highest = levelMax(timing);
  if (falseAlarmsPerWeek(highest, timing, family) <= rule.falseAlarmsPerWeek) return highest;
  let [low, high] = [0, highest];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (middle > 0 && falseAlarmsPerWeek(middle, timing, family) > rule.falseAlarmsPerWeek) high = middle;
    else low = middle;
  }
  return low;
}
