import type { Parameters } from './parameters.ts';
import type { Plan } from './plan.ts';

const starts = {
  hour: (time: string) => `toStartOfHour(${time})`,
  day: (time: string) => `toStartOfDay(${time})`,
  week: (time: string, zone: string) => `toDateTime(toMonday(${time}), ${zone})`,
  month: (time: string, zone: string) => `toDateTime(toStartOfMonth(${time}), ${zone})`,
} as const;

/** Start of the bucket that contains a time (both microseconds; answer Int64), in the plan's time zone. */
export function bucketSql(timeUs: string, plan: Plan, parameters: Parameters): string {
  const zone = parameters.bind(plan.timezone, 'String');
  const local = `toDateTime(intDiv(${timeUs}, 1000000), ${zone})`;
  return `toInt64(toUnixTimestamp(${starts[plan.interval ?? 'day'](local, zone)})) * 1000000`;
}
