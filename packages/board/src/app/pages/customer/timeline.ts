import { dateIn } from '../../state/zone.ts';

/** Events by the day that they fall on in a time zone, in the order in which they come. */
export function timelineDays<Event extends { at: string }>(
  events: readonly Event[],
  zone: string,
): { date: string; events: Event[] }[] {
  const days: { date: string; events: Event[] }[] = [];
  for (const event of events) {
    const date = dateIn(zone, Date.parse(event.at));
    const today = days.at(-1);
    if (today?.date === date) today.events.push(event);
    else days.push({ date, events: [event] });
  }
  return days;
}
