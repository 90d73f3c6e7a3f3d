const dayMs = 86_400_000;

/** Whether this browser knows the time zone by that name. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The calendar date that an instant falls on in a time zone, as `2026-11-22`. */
export function dateIn(zone: string, instantMs: number): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return format.format(instantMs);
}

/** The date `days` after a date; negative counts back. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** The first instant of a date in a time zone, in milliseconds since the epoch; also on days that begin at 01:00. */
export function startOfDate(zone: string, date: string): number {
  const wanted = Date.parse(`${date}T00:00:00Z`);
  let instant = wanted - offsetMs(zone, wanted);
  // A second look, because the offset at the guess may be that of the other side of a change.
  instant = wanted - offsetMs(zone, instant);
  return dateIn(zone, instant) < date ? instant + 3_600_000 : instant;
}

function offsetMs(zone: string, instantMs: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instantMs);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const local = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return local - Math.floor(instantMs / 1000) * 1000;
}
