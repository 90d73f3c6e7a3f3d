import type { Parameters } from './parameters.ts';

// toStartOfHour counts whole hours from the zone's last shift, which is wrong where clocks shift by half an hour. An hour that such a
// shift cuts begins with the first quarter that has the offset of the time itself.
function hourStart(time: string): string {
  const hour = `(${time} - (toMinute(${time}) * 60 + toSecond(${time})))`;
  const quarters = [hour, ...[900, 1800, 2700].map((seconds) => `${hour} + ${seconds}`), time];
  return `arrayFirst(start -> timezoneOffset(start) = timezoneOffset(${time}), [${quarters.join(', ')}])`;
}

const starts = {
  hour: hourStart,
  day: (time: string) => `toStartOfDay(${time})`,
  week: (time: string, zone: string) => `toDateTime(toMonday(${time}), ${zone})`,
  month: (time: string, zone: string) => `toDateTime(toStartOfMonth(${time}), ${zone})`,
} as const;

/** What decides where buckets begin; `interval` null counts as day. */
export interface BucketPlan {
  readonly timezone: string;
  readonly interval: keyof typeof starts | null;
}

/** Start of the bucket that contains a time (both microseconds; answer Int64), in the plan's time zone. */
export function bucketSql(timeUs: string, plan: BucketPlan, parameters: Parameters): string {
  return `toInt64(${bucketSecondsSql(timeUs, plan, parameters)}) * 1000000`;
}

/** The same in seconds: UInt32. */
export function bucketSecondsSql(timeUs: string, plan: BucketPlan, parameters: Parameters): string {
  const zone = parameters.bind(plan.timezone, 'String');
  const local = `toDateTime(intDiv(${timeUs}, 1000000), ${zone})`;
  return `toUnixTimestamp(${starts[plan.interval ?? 'day'](local, zone)})`;
}
