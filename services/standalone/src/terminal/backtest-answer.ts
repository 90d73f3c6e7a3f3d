import { drawAlarmTimeline, type TimelineSpan } from './alarm-timeline.ts';
import { formatDuration } from './duration.ts';
import { drawTable } from './table.ts';

/** What is shown of a row of `POST /v1/alerts/backtest`. */
export interface BacktestRow {
  stage: string;
  segment: string;
  touchpoint: string | null;
  firedAt: string;
  resolvedAt: string | null;
  windowFrom: string | null;
  windowTo: string | null;
  k: number | null;
  n: number | null;
  rate: number | null;
  usual: number | null;
  lift: number | null;
  verdict: 'detected' | 'false' | null;
  delaySeconds: number | null;
}

/** What is shown of its meta. */
export interface BacktestMeta {
  alert: string;
  journey: string;
  timezone: string;
  kind: string;
  from: string;
  to: string;
  evaluations: number;
  evaluationsJudged: number;
  seriesJudged: number;
  alarms: number;
  rateOf: string;
  falseAlarms: number | null;
  weeks: number;
  alarmsPerWeek: number | null;
  alarmsPerWeekLo: number | null;
  alarmsPerWeekHi: number | null;
  budgetPerWeek: number;
  withinBudget: 'yes' | 'unclear' | 'no' | null;
  knownByBecause: string;
  incidents: (TimelineSpan & {
    stage: string | null;
    segment: string | null;
    detected: boolean;
    delaySeconds: number | null;
    delayAfterMatureSeconds: number | null;
  })[];
}

/** A back-test for a person: what was replayed, a picture of the weeks, the alarms, what became of the incidents, and the verdict. */
export function drawBacktest(rows: readonly BacktestRow[], meta: BacktestMeta, width: number): string {
  const [from, to] = [meta.from.slice(0, 10), meta.to.slice(0, 10)];
  const parts = [
    `${meta.alert} · ${meta.journey} · ${meta.kind} · ${from} to ${to}\n`,
    `${meta.evaluations} evaluations, of which ${meta.evaluationsJudged} could judge something; ${meta.seriesJudged} series. Known: ${meta.knownByBecause}.\n`,
    `\n${drawAlarmTimeline(meta, rows, meta.incidents, width)}`,
    rows.length === 0
      ? ''
      : `\n${drawTable(
          columnsOf(meta),
          rows.map((row) => cellsOf(row, meta)),
        )}\n`,
    meta.incidents.length === 0 ? '' : `\n${meta.incidents.map(incidentLine).join('')}`,
    `\n${verdictLine(meta)}\n`,
  ];
  return parts.join('');
}

const columnsOf = ({ incidents }: BacktestMeta): string[] => [
  ...['fired', 'until', 'stage', 'segment', 'window', 'k of n', 'rate', 'usual', 'lift'],
  ...(incidents.length === 0 ? [] : ['verdict', 'delay']),
];

function cellsOf(row: BacktestRow, { timezone, kind, incidents }: BacktestMeta): string[] {
  const day = (time: string | null) => (time === null ? '–' : localDay(time, timezone));
  const isVolume = kind === 'volume';
  const share = (rate: number | null) =>
    rate === null ? '–' : isVolume ? String(Math.round(rate)) : `${(rate * 100).toFixed(1)} %`;
  return [
    day(row.firedAt),
    row.resolvedAt === null ? 'still' : day(row.resolvedAt),
    row.touchpoint === null ? row.stage : `${row.stage} ${row.touchpoint}`,
    row.segment === '' ? 'everybody' : row.segment,
    `${day(row.windowFrom)}–${day(row.windowTo)}`,
    isVolume ? String(row.n ?? '–') : `${row.k ?? '–'} of ${row.n ?? '–'}`,
    share(row.rate),
    share(row.usual),
    row.lift === null ? '–' : `× ${row.lift.toFixed(2)}`,
    ...(incidents.length === 0 ? [] : [row.verdict ?? '', delayOf(row.delaySeconds)]),
  ];
}

const delayOf = (seconds: number | null): string => (seconds === null ? '–' : formatDuration(Math.max(0, seconds)));

function localDay(time: string, timezone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: timezone }).format(new Date(time));
}

function incidentLine(incident: BacktestMeta['incidents'][number]): string {
  const { from, to, stage, segment, detected, delaySeconds, delayAfterMatureSeconds } = incident;
  const where = [stage, segment].filter((part) => part !== null).join(', ');
  const what = `Incident ${from.slice(0, 10)} to ${to.slice(0, 10)}${where === '' ? '' : ` (${where})`}`;
  if (!detected) return `${what}: not detected.\n`;
  const after = delayAfterMatureSeconds ?? 0;
  const known =
    after >= 0
      ? `${formatDuration(after)} after a whole window of it could be judged`
      : `${formatDuration(-after)} before a whole window of it could be judged`;
  return `${what}: detected ${delayOf(delaySeconds)} after it began, ${known}.\n`;
}

const verdicts = {
  yes: 'within it',
  unclear: 'above it, which may be chance',
  no: 'above it, by more than chance',
} as const;

/** n alarms in w weeks, beside the budget. */
export function verdictLine(meta: BacktestMeta): string {
  const { alarms, falseAlarms, weeks, alarmsPerWeek, alarmsPerWeekLo, alarmsPerWeekHi, budgetPerWeek } = meta;
  if (alarmsPerWeek === null || meta.withinBudget === null)
    return 'Nothing could be judged in this time: too few entries, or too short a past.';
  const count = falseAlarms ?? alarms;
  const name = falseAlarms === null ? 'alarm' : 'false alarm';
  const interval = `${(alarmsPerWeekLo ?? 0).toFixed(2)}–${(alarmsPerWeekHi ?? 0).toFixed(2)}`;
  const rate = `${alarmsPerWeek.toFixed(2)} a week (${interval})`;
  const all = falseAlarms === null ? ' Without incidents every alarm counts.' : '';
  return `${count} ${name}${count === 1 ? '' : 's'} in ${weeks.toFixed(1)} weeks: ${rate}; the budget is ${budgetPerWeek} a week: ${verdicts[meta.withinBudget]}.${all}`;
}
