import { calendarOf, describeAlert, type Incident, type JudgedAlarm, matureUs } from '@michinori/alerts';
import { isoFromMicroseconds } from '@michinori/clickhouse';
import { z } from 'zod';
import type { BacktestBody } from './body.ts';
import type { BacktestPlan } from './plan.ts';
import type { ReadHistory } from './read-history.ts';
import { type BacktestResult, horizonsOf } from './run-backtest.ts';

const number = z.number().nullable();
const time = z.string().nullable();

/** A row of the answer: one alarm. */
export const backtestRow = z.object({
  ...{ alert: z.string(), journey: z.string(), kind: z.string(), severity: z.string(), stage: z.string() },
  segment: z.string().describe('`plan:pro`; empty: everybody'),
  touchpoint: z.string().nullable(),
  startedAt: z.string().describe('first alarming evaluation'),
  firedAt: z.string().describe('when somebody would have been told'),
  resolvedAt: time.describe('null: still firing at the end'),
  reason: z.string().nullable().describe('of the end: calm or insufficient'),
  windowFrom: time.describe('the window that fired it'),
  windowTo: time,
  ...{ k: number, n: number, rate: number, lo: number, hi: number },
  ...{ usual: number, usualLo: number, usualHi: number, lift: number, p: number, q: number },
  sinceWindowSeconds: z.number().describe('from the begin of its first alarming window to the alarm'),
  verdict: z.enum(['detected', 'false']).nullable().describe('by the incidents that were named; null without any'),
  incident: z.int().nullable().describe('place of its incident in the list, from 1'),
  delaySeconds: number.describe('from the begin of the incident to the alarm'),
  delayAfterMatureSeconds: number.describe('from when a whole window of the incident could be judged'),
  title: z.string(),
});

const incidentMeta = z.object({
  ...{ from: z.string(), to: z.string(), stage: z.string().nullable(), segment: z.string().nullable() },
  detected: z.boolean(),
  matureAt: time.describe('when a whole window of it could be judged; null if its stages differ in that'),
  firstAlarmAt: time,
  delaySeconds: number,
  delayAfterMatureSeconds: number,
});

export const backtestMeta = z.object({
  ...{ alert: z.string(), journey: z.string(), journeyVersion: z.int(), timezone: z.string(), kind: z.string() },
  ...{ from: z.string(), to: z.string() },
  evaluations: z.int(),
  evaluationsJudged: z.int().describe('that could judge at least one series'),
  seriesJudged: z.int().describe('series that were judged at least once'),
  findings: z.record(z.string(), z.int()).describe('how often, over all series of all evaluations'),
  alarms: z.int(),
  falseAlarms: z.int().nullable().describe('null where no incidents were named'),
  rateOf: z.enum(['all alarms', 'false alarms']).describe('what the next ones are about'),
  weeks: z.number().describe('in which something was judged'),
  alarmsPerWeek: number,
  alarmsPerWeekLo: number.describe('Poisson, 95 %'),
  alarmsPerWeekHi: number,
  budgetPerWeek: z.number().describe('false_alarms_per_week of the rule'),
  withinBudget: z.enum(['yes', 'unclear', 'no']).nullable().describe('unclear: above it, but it may be chance'),
  knownBy: z.enum(['received', 'occurred']),
  knownByBecause: z.string(),
  events: z.int().describe('from the oldest window to the last evaluation'),
  eventsDaysLate: z.int().describe('received more than a day after they occurred'),
  eventsMissed: z.int().describe('received after an evaluation by which they had occurred'),
  incidents: z.array(incidentMeta),
  ...{ watermark: time, generatedInMs: z.int(), truncated: z.boolean() },
});

const iso = (us: number | null | undefined): string | null =>
  us === null || us === undefined ? null : isoFromMicroseconds(us);
const seconds = (us: number | null): number | null => (us === null ? null : us / 1e6);

/** The rows of a back-test, in the order in which the alarms fired. Pure. */
export function backtestRows(
  { rule, active, incidents }: BacktestPlan,
  { alarms }: Pick<BacktestResult, 'alarms'>,
  locale: BacktestBody['locale'],
): z.output<typeof backtestRow>[] {
  return alarms.map((alarm) => {
    const { figures = null, q = null } = alarm.fired.verdict ?? {};
    const { window, ...rates } = figures ?? { window: null, ...nothing };
    return {
      ...{ alert: rule.id, journey: rule.journey, kind: rule.kind, severity: rule.severity, ...alarm.key },
      ...{ startedAt: isoFromMicroseconds(alarm.startedUs), firedAt: isoFromMicroseconds(alarm.firedUs) },
      ...{ resolvedAt: iso(alarm.resolvedUs), reason: alarm.reason },
      ...{ windowFrom: iso(window?.fromUs), windowTo: iso(window?.toUs), ...rates, q },
      sinceWindowSeconds: (alarm.firedUs - alarm.windowFromUs) / 1e6,
      verdict: incidents.length === 0 ? null : alarm.incident === null ? ('false' as const) : ('detected' as const),
      incident: alarm.incident === null ? null : alarm.incident + 1,
      delaySeconds: seconds(alarm.delayUs),
      delayAfterMatureSeconds: seconds(alarm.delayAfterMatureUs),
      title: describeAlert(alarm.fired, { rule, journey: active.journey }, locale).title,
    };
  });
}

const nothing = {
  ...{ k: null, n: null, rate: null, lo: null, hi: null, usual: null, usualLo: null, usualHi: null },
  ...{ lift: null, p: null },
};

/** What holds for the whole back-test. Pure. */
export function backtestMetaOf(
  plan: BacktestPlan,
  { decision, events, daysLate, missed, spans }: ReadHistory,
  { alarms, rate, ...result }: BacktestResult,
) {
  const { rule, active, fromUs, toUs, evaluationsUs, incidents } = plan;
  const falseAlarms = alarms.filter(({ incident }) => incident === null).length;
  const isTold = incidents.length > 0;
  return {
    ...{ alert: rule.id, journey: rule.journey, journeyVersion: active.journey.version, kind: rule.kind },
    ...{ timezone: active.journey.timezone, from: isoFromMicroseconds(fromUs), to: isoFromMicroseconds(toUs) },
    ...{ evaluations: evaluationsUs.length, ...result, alarms: alarms.length },
    ...{
      falseAlarms: isTold ? falseAlarms : null,
      rateOf: isTold ? ('false alarms' as const) : ('all alarms' as const),
    },
    ...{ weeks: rate.weeks, alarmsPerWeek: rate.perWeek, alarmsPerWeekLo: rate.lo, alarmsPerWeekHi: rate.hi },
    ...{ budgetPerWeek: rate.budgetPerWeek, withinBudget: rate.withinBudget },
    ...{ knownBy: decision.knownBy, knownByBecause: decision.because },
    ...{ events, eventsDaysLate: daysLate, eventsMissed: missed },
    incidents: incidents.map((incident, place) =>
      incidentOf(
        { ...plan, horizonOf: horizonsOf(plan, spans) },
        incident,
        alarms.filter((each) => each.incident === place),
      ),
    ),
  };
}

function incidentOf(
  { rule, active, horizonOf }: BacktestPlan & { readonly horizonOf: (stage: string) => number },
  incident: Incident,
  [first]: readonly JudgedAlarm[],
) {
  const { stages, timezone } = active.journey;
  const concerned = stages.filter(({ id }) => (incident.stage ?? first?.key.stage ?? id) === id);
  const calendar = calendarOf(timezone);
  const mature = new Set(concerned.map((stage) => matureUs(rule, incident, horizonOf(stage.id), calendar)));
  const [only] = mature;
  return {
    ...{ from: isoFromMicroseconds(incident.fromUs), to: isoFromMicroseconds(incident.toUs) },
    ...{ stage: incident.stage, segment: incident.segment, detected: first !== undefined },
    matureAt: mature.size === 1 ? iso(only) : null,
    ...{ firstAlarmAt: iso(first?.firedUs), delaySeconds: seconds(first?.delayUs ?? null) },
    delayAfterMatureSeconds: seconds(first?.delayAfterMatureUs ?? null),
  };
}
