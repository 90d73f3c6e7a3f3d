import type { Journey, Stage } from '@michinori/journey';
import type { Calendar } from './calendar.ts';
import type { AlertRule } from './rule.ts';
import type { SeriesKey } from './series.ts';

/**
 * How long after an entry (or a touch) a rule judges it, µs: its own horizon; else for a `stalled-share` what was learned of the stage (`beyond`), or
 * where nothing was learned the time that the stage is expected to take; for a `volume` nothing, since an entry counts at once, and for drop-offs the
 * horizon of the stage. The window of a stage is that of `planWindows` at this horizon.
 *
 * @param learnedUs within which the share `beyond` of those who advance have usually advanced; null: unknown, or not asked for
 */
export function judgedAfterUs(
  { kind, horizonUs }: Pick<AlertRule, 'kind' | 'horizonUs'>,
  stage: Stage,
  learnedUs: number | null = null,
): number {
  if (horizonUs !== null) return horizonUs;
  if (kind === 'volume') return 0;
  return kind === 'stalled-share' ? (learnedUs ?? stage.expectedUs ?? stage.horizonUs) : stage.horizonUs;
}

const dayUs = 86_400_000_000;
const termDays = 28;
/** Monday, 5 January 1970. */
const firstMonday = 4;

/**
 * As of when a rule learns what is usual of a stage (`beyond`): a Monday, in the time zone of the journey, before everything that the evaluation
 * counts as usual; every fourth one, counted from 1970. So what is measured doesn't move the bar that it is measured by, and the bar stays for four weeks.
 */
export function learnedAsOfUs(
  { windowDays, baselineDays }: Pick<AlertRule, 'windowDays' | 'baselineDays'>,
  stages: readonly Stage[],
  calendar: Calendar,
  evaluationUs: number,
): number {
  const horizonDays = Math.ceil(stages.reduce((most, { horizonUs }) => Math.max(most, horizonUs), 0) / dayUs);
  const day = calendar.dayOf(evaluationUs) - horizonDays - windowDays - baselineDays;
  return calendar.startOf(firstMonday + Math.floor((day - firstMonday) / termDays) * termDays);
}

/** The stages that a rule watches, in the order of the journey. Those that the journey hasn't (any more) are passed over. */
export function watchedStages({ kind, stages }: Pick<AlertRule, 'kind' | 'stages'>, journey: Journey): Stage[] {
  return journey.stages.filter(({ id, terminal }) => {
    if (terminal && kind !== 'volume') return false;
    return stages === null ? !terminal : stages.includes(id);
  });
}

/** Whether a series is one that the rule judges, now that the rule or the journey may have changed. */
export function isWatched(rule: AlertRule, journey: Journey, { stage, segment, touchpoint }: SeriesKey): boolean {
  const by = segment === '' ? null : segment.slice(0, segment.indexOf(':'));
  return (
    watchedStages(rule, journey).some(({ id }) => id === stage) &&
    (by === null || (rule.by.includes(by) && journey.segments.includes(by))) &&
    (touchpoint !== null) === (rule.kind === 'touchpoint-drop-off')
  );
}
