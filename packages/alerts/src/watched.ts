import type { Journey, Stage } from '@michinori/journey';
import type { AlertRule } from './rule.ts';
import type { SeriesKey } from './series.ts';

/**
 * How long after an entry (or a touch) a rule judges it, µs: its own horizon; else for a `stalled-share` the time that the stage is
 * expected to take, for a `volume` nothing, since an entry counts at once, and for drop-offs the horizon of the stage. The window of a stage is that
 * of `planWindows` at this horizon.
 */
export function judgedAfterUs({ kind, horizonUs }: Pick<AlertRule, 'kind' | 'horizonUs'>, stage: Stage): number {
  if (horizonUs !== null) return horizonUs;
  if (kind === 'volume') return 0;
  return kind === 'stalled-share' ? (stage.expectedUs ?? stage.horizonUs) : stage.horizonUs;
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
