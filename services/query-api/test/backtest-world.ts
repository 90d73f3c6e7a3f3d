import type { ClickHouse } from '@michinori/clickhouse';
import type { Journey } from '@michinori/journey';
import {
  activeDerivation,
  type EventCopy,
  insertDeliveries,
  insertUnitJourneys,
  referenceUnitJourneys,
  storyEvent,
  storyJourney,
  storyStage,
} from '@michinori/testing';

export const dayUs = 86_400_000_000;
export const hourUs = dayUs / 24;
/** Monday, 3 November 2025: the first day of the worlds of these tests, which end before their present. */
export const firstDayUs = Date.UTC(2025, 10, 3) * 1000;
export const days = 60;
/** Two bad days, the 41st and 42nd. */
export const badUs = firstDayUs + 40 * dayUs;

export const travelling: Journey = storyJourney({
  id: 'travelling',
  segments: ['plan'],
  stages: [storyStage('booking', ['A'], { horizonUs: dayUs }), storyStage('trip', ['B'], { terminal: true })],
});

/** 60 customers a day, of whom 10 drop off, and 40 on the bad days; every third one has the plan pro. Each event is received `delayUs` later. */
export function bookings(delayUs: (occurredUs: number) => number = () => 0): EventCopy[] {
  return Array.from({ length: days }, (_, day) => firstDayUs + day * dayUs).flatMap((startUs, day) =>
    Array.from({ length: 60 }, (_, i) => {
      const isBad = startUs >= badUs && startUs < badUs + 2 * dayUs;
      const traits = new Map([['plan', i % 3 === 0 ? 'pro' : 'free']]);
      const at = (us: number) => ({
        ...{ customer: `c${day}.${i}`, traits, occurredAtUs: us, receivedAtUs: us + delayUs(us) },
      });
      const entered = storyEvent('A', 0, at(startUs + hourUs));
      return i < (isBad ? 40 : 10) ? [entered] : [entered, storyEvent('B', 0, at(startUs + 2 * hourUs))];
    }).flat(),
  );
}

/** Stores copies, with the visits that follow from them. */
export async function storeBookings(clickhouse: ClickHouse, copies: EventCopy[]): Promise<void> {
  await insertUnitJourneys(clickhouse, 1, referenceUnitJourneys(travelling, copies));
  await insertDeliveries(clickhouse, [copies]);
  await activeDerivation(clickhouse, travelling, 1);
}

/** Looks at one day at a time, once a day. */
export const dailyRule = (more = '') =>
  `alert: losses\njourney: travelling\nwindow: 1d\nbaseline: 14d\nfor: 1\n${more}`;
