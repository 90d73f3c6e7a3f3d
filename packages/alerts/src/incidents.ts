import type { Calendar } from './calendar.ts';
import type { PastAlarm } from './past-alarms.ts';
import type { AlertRule } from './rule.ts';
import type { SeriesKey } from './series.ts';

const dayUs = 86_400_000_000;

/** A time in which something is known to have gone wrong for those who entered: [fromUs, toUs), µs since 1970. */
export interface Incident {
  readonly fromUs: number;
  readonly toUs: number;
  /** Null: every stage. */
  readonly stage: string | null;
  /** `plan:pro`; null: everybody. */
  readonly segment: string | null;
}

/** An alarm told apart by what is known: of which incident it is, or false. Delays µs. */
export interface JudgedAlarm extends PastAlarm {
  /** Place in the list of incidents; null: false. */
  readonly incident: number | null;
  /** From the beginning of the incident to the alarm. */
  readonly delayUs: number | null;
  /** From the moment from which it could be known; negative where the alarm came before the whole window was judged. */
  readonly delayAfterMatureUs: number | null;
}

/**
 * Whether an incident touches a series: its stage, and anybody of its segment. Everybody together are touched by an incident of a segment; of another
 * segment (`region:emea` for `plan:pro`) one can't say, so it may be; another value of the same one isn't.
 */
export function touchesSeries({ stage, segment }: Pick<Incident, 'stage' | 'segment'>, key: SeriesKey): boolean {
  if (stage !== null && stage !== key.stage) return false;
  if (segment === null || key.segment === '' || segment === key.segment) return true;
  const nameOf = (text: string) => text.slice(0, text.indexOf(':'));
  return nameOf(segment) !== nameOf(key.segment);
}

/**
 * The first instant at which a rule could judge a whole window of an incident: as many of its days as a window has, or all of them where it is
 * shorter, have passed the horizon.
 */
export function matureUs(
  rule: Pick<AlertRule, 'windowDays'>,
  { fromUs, toUs }: Pick<Incident, 'fromUs' | 'toUs'>,
  horizonUs: number,
  calendar: Calendar,
): number {
  const first = calendar.dayOf(fromUs);
  const days = calendar.dayOf(toUs - 1) - first + 1;
  return calendar.startOf(first + Math.min(rule.windowDays, days)) + horizonUs;
}

/**
 * Tells alarms apart. One is of an incident if this touches its series and begins before the window ends that fired it, and ends after the first alarming
 * window begins; of several the one that began last. Pure.
 *
 * @param horizonOf when an entry of a stage is judged, µs
 */
export function judgeAlarms(
  rule: Pick<AlertRule, 'windowDays'>,
  alarms: readonly PastAlarm[],
  incidents: readonly Incident[],
  { calendar, horizonOf }: { readonly calendar: Calendar; readonly horizonOf: (stage: string) => number },
): JudgedAlarm[] {
  return alarms.map((alarm) => {
    const endUs = alarm.fired.verdict?.figures?.window.toUs ?? alarm.windowFromUs + rule.windowDays * dayUs;
    const [found] = incidents
      .map((incident, place) => ({ incident, place }))
      .filter(({ incident }) => touchesSeries(incident, alarm.key))
      .filter(({ incident: { fromUs, toUs } }) => fromUs < endUs && toUs > alarm.windowFromUs)
      .sort((a, b) => b.incident.fromUs - a.incident.fromUs || a.place - b.place);
    if (found === undefined) return { ...alarm, incident: null, delayUs: null, delayAfterMatureUs: null };
    const knowableUs = matureUs(rule, found.incident, horizonOf(alarm.key.stage), calendar);
    return {
      ...alarm,
      incident: found.place,
      delayUs: alarm.firedUs - found.incident.fromUs,
      delayAfterMatureUs: alarm.firedUs - knowableUs,
    };
  });
}
