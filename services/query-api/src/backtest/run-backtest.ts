import { setImmediate as letOthersWork } from 'node:timers/promises';
import {
  type AlarmRate,
  alarmRate,
  calendarOf,
  type Finding,
  type JudgedAlarm,
  judgeAlarms,
  judgedAfterUs,
  pastAlarms,
  pastReadings,
  replay,
  seriesId,
  type Transition,
} from '@michinori/alerts';
import { backtestLimits } from './body.ts';
import type { BacktestPlan } from './plan.ts';
import type { ReadHistory } from './read-history.ts';

const sliceMs = 20;

/** What a rule would have done. */
export interface BacktestResult {
  readonly alarms: readonly JudgedAlarm[];
  /** Of all alarms; of the false ones where incidents are known. */
  readonly rate: AlarmRate;
  /** Series that were judged at least once. */
  readonly seriesJudged: number;
  /** Evaluations that could judge at least one series. */
  readonly evaluationsJudged: number;
  /** Finding → how often, over all series of all evaluations. */
  readonly findings: Readonly<Partial<Record<Finding, number>>>;
}

/**
 * Replays the evaluations one after the other, in slices, so that others are served meanwhile.
 *
 * @param signal fires when nobody waits for the answer any more: rejects with its reason
 */
export async function runBacktest(
  plan: BacktestPlan,
  { spans }: Pick<ReadHistory, 'spans'>,
  signal: AbortSignal,
): Promise<BacktestResult> {
  const { rule, active, evaluationsUs, incidents } = plan;
  const { journey } = active;
  const calendar = calendarOf(journey.timezone);
  const { seriesMax, lateAfterMs } = backtestLimits;
  const readers = new Map<number, ReturnType<typeof pastReadings>>();
  for (const { evaluationsUs: own, history } of spans) {
    const reader = pastReadings(rule, journey, history, { calendar, seriesMax, lateAfterMs });
    for (const us of own) readers.set(us, reader);
  }
  const transitions: Transition[] = [];
  const judged = new Set<string>();
  const findings: Partial<Record<Finding, number>> = {};
  let evaluationsJudged = 0;
  let sliceFromMs = performance.now();
  for (const replayed of replay(rule, evaluationsUs, (us, before) => readers.get(us)?.(us, before) ?? [])) {
    transitions.push(...replayed.transitions);
    let isJudged = false;
    for (const { key, finding, figures } of replayed.evaluation.verdicts) {
      findings[finding] = (findings[finding] ?? 0) + 1;
      if (figures === null) continue;
      judged.add(seriesId(key));
      isJudged = true;
    }
    if (isJudged) evaluationsJudged += 1;
    if (performance.now() - sliceFromMs < sliceMs) continue;
    await letOthersWork();
    signal.throwIfAborted();
    sliceFromMs = performance.now();
  }
  const horizonOf = horizonsOf(plan, spans);
  const alarms = judgeAlarms(rule, pastAlarms(transitions), incidents, { calendar, horizonOf });
  const counted = incidents.length === 0 ? alarms : alarms.filter(({ incident }) => incident === null);
  const weeks = evaluationsJudged / rule.cron.perWeek;
  const rate = alarmRate(counted.length, weeks, rule.falseAlarmsPerWeek);
  return { alarms, rate, seriesJudged: judged.size, evaluationsJudged, findings };
}

/** When entries of a stage were judged after them, µs, by id; of a rule that learns it: at the last evaluation. */
export function horizonsOf(
  { rule, active }: Pick<BacktestPlan, 'rule' | 'active'>,
  spans: ReadHistory['spans'],
): (stage: string) => number {
  const learned = spans.at(-1)?.history.learned;
  const horizons = new Map(
    active.journey.stages.map((stage) => [stage.id, judgedAfterUs(rule, stage, learned?.get(stage.id) ?? null)]),
  );
  return (stage) => horizons.get(stage) ?? 0;
}
