const weekMs = 604_800_000;

/** What the picture needs of an alarm; times ISO 8601. */
export interface TimelineAlarm {
  readonly firedAt: string;
  /** Null: still firing at the end. */
  readonly resolvedAt: string | null;
  readonly verdict: 'detected' | 'false' | null;
}

export interface TimelineSpan {
  readonly from: string;
  readonly to: string;
}

/** Marks of a week, the later ones over the earlier ones. */
const marks = { calm: '·', firing: '─', false: '✗', fired: '▲' } as const;
const incidentMark = '░';

/**
 * Draws the weeks of a back-test as cells, each line beginning with its date: `▲` where an alarm fired, `✗` where a false one did, `─` where one went
 * on, and below it `░` where an incident is known.
 *
 * @param width columns that the terminal has
 */
export function drawAlarmTimeline(
  range: TimelineSpan,
  alarms: readonly TimelineAlarm[],
  incidents: readonly TimelineSpan[],
  width: number,
): string {
  const startMs = Date.parse(range.from);
  const weeks = Math.max(1, Math.ceil((Date.parse(range.to) - startMs) / weekMs));
  const weekOf = (time: string) => Math.min(weeks - 1, Math.max(0, Math.floor((Date.parse(time) - startMs) / weekMs)));
  const cells: string[] = Array(weeks).fill(marks.calm);
  for (const { firedAt, resolvedAt } of alarms) {
    for (let week = weekOf(firedAt); week <= weekOf(resolvedAt ?? range.to); week++) cells[week] = marks.firing;
  }
  for (const verdict of ['false', 'detected', null] as const) {
    for (const alarm of alarms)
      if (alarm.verdict === verdict) cells[weekOf(alarm.firedAt)] = verdict === 'false' ? marks.false : marks.fired;
  }
  const known: string[] = Array(weeks).fill(' ');
  for (const { from, to } of incidents) {
    for (let week = weekOf(from); week <= weekOf(to); week++) known[week] = incidentMark;
  }
  const perLine = Math.max(10, Math.min(52, width - 14));
  const lines: string[] = [];
  for (let week = 0; week < weeks; week += perLine) {
    const date = new Date(startMs + week * weekMs).toISOString().slice(0, 10);
    lines.push(`  ${date}  ${cells.slice(week, week + perLine).join('')}`);
    const below = known
      .slice(week, week + perLine)
      .join('')
      .trimEnd();
    if (below !== '') lines.push(`  ${' '.repeat(10)}  ${below}`);
  }
  return `${lines.join('\n')}\n`;
}
