import { poissonInterval } from '@michinori/statistics';

/** How often a rule gave an alarm, beside its budget. */
export interface AlarmRate {
  readonly count: number;
  readonly weeks: number;
  /** Null where nothing was judged. */
  readonly perWeek: number | null;
  /** 95 % interval of the rate: Poisson, Garwood (1936). */
  readonly lo: number | null;
  readonly hi: number | null;
  readonly budgetPerWeek: number;
  /** `yes`: no more than the budget. `unclear`: more, and the interval holds the budget, so it may be chance. `no`: more than chance. */
  readonly withinBudget: 'yes' | 'unclear' | 'no' | null;
}

/** The rate of `count` alarms in the weeks in which something was judged. */
export function alarmRate(count: number, weeks: number, budgetPerWeek: number): AlarmRate {
  if (weeks === 0) return { count, weeks, perWeek: null, lo: null, hi: null, budgetPerWeek, withinBudget: null };
  const { lo, hi } = poissonInterval(count);
  const rate = { count, weeks, perWeek: count / weeks, lo: lo / weeks, hi: hi / weeks, budgetPerWeek };
  const withinBudget = rate.perWeek <= budgetPerWeek ? 'yes' : rate.lo <= budgetPerWeek ? 'unclear' : 'no';
  return { ...rate, withinBudget };
}
