import { eventFromObject } from '@michinori/events';
import { describe, expect, it } from 'vitest';
import { lateDaysShare, lateHoursShare, retryShare, secondRetryShare } from '../../src/demo/delivery.ts';
import { at } from '../../src/demo/rng.ts';
import { simulate } from '../../src/demo/simulate.ts';
import { demoDefaults } from '../../src/demo/world.ts';
import { dayMs, timelines } from './walk.ts';

const { truth, events } = simulate({ ...demoDefaults, customers: 1200 });
const deliveries = [...events];
const units = timelines(deliveries);
const unique = [...units.values()].flat();

describe('the stream', () => {
  it('is accepted by the contract, one event in five', () => {
    for (let index = 0; index < deliveries.length; index += 5) {
      const { event, receivedAtUs } = at(deliveries, index);
      const verdict = eventFromObject(event, { receivedAtUs });
      if (!verdict.accepted) throw new Error(verdict.rejected.rejection.message);
    }
  });

  it('counts what it sends', () => {
    const counted: Record<string, { unique: number; deliveries: number }> = {};
    const rowOf = (touchpoint: string) => {
      const row = counted[touchpoint] ?? { unique: 0, deliveries: 0 };
      counted[touchpoint] = row;
      return row;
    };
    for (const { event } of deliveries) rowOf(event.touchpoint).deliveries += 1;
    for (const event of unique) rowOf(event.touchpoint).unique += 1;
    expect(truth.touchpoints).toEqual(counted);
    expect(truth.events.deliveries).toBe(deliveries.length);
    expect(truth.events.unique).toBe(unique.length);
    expect(truth.events.anonymous).toBe(unique.filter((event) => !event.customer).length);
    expect(truth.events.linking).toBe(unique.filter((event) => event.customer && event.anonymous).length);
    expect(truth.nps.asked).toBe(counted['nps.asked']?.unique);
    expect(truth.nps.answered).toBe(counted['nps.answered']?.unique);
  });

  it('has the documented shares of copies, late and disordered events', () => {
    const seen = new Set<string>();
    const latest = new Map<string, number>();
    let late = 0;
    let days = 0;
    let disordered = 0;
    for (const { event, receivedAtUs } of deliveries) {
      if (seen.has(event.id)) continue;
      seen.add(event.id);
      const atMs = Date.parse(event.occurredAt);
      const traveller = event.id.slice(0, event.id.lastIndexOf('-'));
      if (atMs < (latest.get(traveller) ?? 0)) disordered += 1;
      latest.set(traveller, Math.max(atMs, latest.get(traveller) ?? 0));
      if (receivedAtUs / 1000 - atMs >= 3_600_000) late += 1;
      if (receivedAtUs / 1000 - atMs >= dayMs) days += 1;
    }
    expect(late).toBe(truth.events.late);
    expect(disordered).toBe(truth.events.outOfOrder);
    const n = unique.length;
    expect(Math.abs(late / n - lateHoursShare - lateDaysShare)).toBeLessThan(0.0015);
    expect(days / n).toBeGreaterThan(lateDaysShare * 0.9);
    expect(Math.abs(truth.events.copies / n - retryShare - secondRetryShare)).toBeLessThan(0.001);
    expect(disordered / n).toBeGreaterThan(0.01);
  });

  it('grows, works in Tokyo office hours, and comes in bursts', () => {
    const startMs = Date.parse(truth.start);
    const months = new Array<number>(19).fill(0);
    const weekdays = new Array<number>(7).fill(0);
    const hours = new Array<number>(24).fill(0);
    const add = (counts: number[], index: number) => {
      counts[index] = at(counts, index) + 1;
    };
    for (const { occurredAt } of unique) {
      const atMs = Date.parse(occurredAt);
      const tokyo = new Date(atMs + 9 * 3_600_000);
      add(months, Math.floor((atMs - startMs) / (30 * dayMs)));
      add(weekdays, tokyo.getUTCDay());
      add(hours, tokyo.getUTCHours());
    }
    expect(at(months, 17)).toBeGreaterThan(2 * at(months, 3));
    expect(at(weekdays, 2)).toBeGreaterThan(3 * at(weekdays, 0));
    expect(at(hours, 10)).toBeGreaterThan(4 * at(hours, 3));
    let close = 0;
    for (const list of units.values())
      for (let i = 1; i < list.length; i += 1)
        if (Date.parse(list[i]?.occurredAt ?? '') - Date.parse(list[i - 1]?.occurredAt ?? '') < 600_000) close += 1;
    expect(close / unique.length).toBeGreaterThan(0.3);
  });
});
