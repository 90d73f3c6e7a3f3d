import type { ClickHouse } from '@michinori/clickhouse';
import {
  activeDerivation,
  insertDeliveries,
  insertUnitJourneys,
  referenceUnitJourneys,
  storyEvent,
} from '@michinori/testing';
import { dayUs, firstUs, hourUs, travelling } from './world.ts';

/** The first day on which more than usual drop off. */
export const badUs = firstUs - 6 * hourUs - 2 * dayUs;

/**
 * Fills a store with 60 customers a day, of whom 10 drop off; on the two days before a midnight (that before `firstUs`) 40 of them do. Every third one
 * pays.
 */
export async function fillBadDays(clickhouse: ClickHouse, midnightUs = firstUs - 6 * hourUs): Promise<void> {
  const copies = Array.from({ length: 24 }, (_, i) => midnightUs - (20 - i) * dayUs).flatMap((startUs, day) =>
    Array.from({ length: 60 }, (_, i) => {
      const isBad = startUs >= midnightUs - 2 * dayUs && startUs < midnightUs;
      const fields = { customer: `c${day}.${i}`, traits: new Map([['plan', i % 3 === 0 ? 'pro' : 'free']]) };
      const at = (us: number) => ({ ...fields, occurredAtUs: us, receivedAtUs: us });
      const entered = storyEvent('A', 0, at(startUs + hourUs));
      return i < (isBad ? 40 : 10) ? [entered] : [entered, storyEvent('B', 0, at(startUs + 2 * hourUs))];
    }).flat(),
  );
  await insertUnitJourneys(clickhouse, 1, referenceUnitJourneys(travelling, copies));
  await insertDeliveries(clickhouse, [copies]);
  await activeDerivation(clickhouse, travelling, 1);
}
