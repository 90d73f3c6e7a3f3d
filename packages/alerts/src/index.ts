export { type AdvancedEpisodes, advanceEpisodes, retireRule, retireSeries } from './advance-episodes.ts';
export { type AlarmRate, alarmRate } from './alarm-rate.ts';
export { type AlertRow, alertRows } from './alert-rows.ts';
export { backtest, evaluateRule, type PastEvaluation } from './backtest.ts';
export { episodesPerEvaluation, falseAlarmsPerWeek, levelFor, levelMax, type Timing, timingOf } from './budget.ts';
export { type Calendar, calendarOf, type Day, weekdayOf } from './calendar.ts';
export { type Cron, evaluationsDue, parseCron } from './cron.ts';
export {
  type DailySeries,
  dailyReadings,
  knownBy,
  knownSeries,
  readingsBy,
  segmentValue,
  seriesKeyOf,
} from './daily-readings.ts';
export { type CountedDay, type Daily, planStage, rangeOf, readingOf, type StagePlan } from './daily-windows.ts';
export { decideEvaluation, type Evaluation, type Finding, type Verdict } from './decide-evaluation.ts';
export { decideSeries, type Figures, type SeriesDecision, type Unjudged } from './decide-series.ts';
export { type AlertContext, type AlertLocale, type AlertMessage, describeAlert } from './describe-alert.ts';
export {
  type AlertState,
  type Episode,
  episodeId,
  noState,
  openEpisodes,
  type RuleState,
  type SeriesState,
  type Transition,
} from './episode.ts';
export { type Incident, type JudgedAlarm, judgeAlarms, matureUs, touchesSeries } from './incidents.ts';
export { type ParsedRule, type ParsedRules, parseAlertRules } from './parse-rules.ts';
export { type PastAlarm, pastAlarms } from './past-alarms.ts';
export { type Correction, type History, type PastReadingsOptions, pastReadings } from './past-readings.ts';
export { type RuleProblem, type RuleProblemCode, ruleProblemCodes } from './problem.ts';
export { type Replayed, replay } from './replay.ts';
export {
  type AlertKind,
  type AlertRule,
  alertKinds,
  baselineWindows,
  ruleLimits,
  type Severity,
  severities,
} from './rule.ts';
export { alertRule } from './rule-schema.ts';
export { type CountedWindow, compareSeries, type SeriesKey, type SeriesReading, seriesId } from './series.ts';
export { isWatched, judgedAfterUs, learnedAsOfUs, watchedStages } from './watched.ts';
export { groupOf, type PlannedWindows, planWindows, type Window } from './windows.ts';
