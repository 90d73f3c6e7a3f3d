import type { Clock } from '../clock.ts';
import type { BacklogEntry } from './backlog.ts';
import { type Bell, createBell } from './bell.ts';
import type { DirtyUnit } from './dirty-unit.ts';
import type { HotCustomer } from './find-hot.ts';
import { hotIntervalMs } from './hot-interval.ts';
import type { Passage } from './passage.ts';

/** A hot unit: what of it is dirty, who waits for it, and when its turn is. */
interface HotGroup {
  events: number;
  dueAtUs: number;
  units: Set<DirtyUnit>;
  passages: Set<Passage>;
}

const knownUnitsMax = 200_000;

/**
 * The lane of the hot units: each is derived by itself, and not again before an interval that grows with its size. A passage
 * waits for the hot units that were dirty in it; all passages that came until the turn of a unit share it.
 */
export function createHotLane({ clock, intervalMsMax }: { clock: Clock; intervalMsMax: number }) {
  const groups = new Map<string, HotGroup>();
  const known = new Map<DirtyUnit, string>();
  const bell: Bell = createBell(clock);

  function put(group: HotGroup, unit: DirtyUnit, entries: readonly BacklogEntry[]): void {
    group.units.add(unit);
    for (const { passage, units } of entries) {
      if (!units.has(unit) || group.passages.has(passage)) continue;
      group.passages.add(passage);
      passage.waiting += 1;
    }
    bell.ring();
  }

  return {
    bell,
    /** Customers that wait. */
    size: () => [...groups.values()].reduce((sum, { units }) => sum + units.size, 0),
    /** Puts customers that turned out to be hot into the lane. */
    admit(hot: readonly HotCustomer[], entries: readonly BacklogEntry[]): void {
      for (const { unit, group: name, events } of hot) {
        const group = groups.get(name) ?? { events, dueAtUs: 0, units: new Set(), passages: new Set() };
        group.events = Math.max(group.events, events);
        groups.set(name, group);
        const [oldest] = known.keys();
        if (known.size >= knownUnitsMax && oldest !== undefined) known.delete(oldest);
        known.set(unit, name);
        put(group, unit, entries);
      }
    },
    /** Takes those of the units that are known to be hot out of a set and into the lane. */
    divert(units: Set<DirtyUnit>, entries: readonly BacklogEntry[]): void {
      if (known.size === 0) return;
      for (const unit of units) {
        const group = groups.get(known.get(unit) ?? '');
        if (group === undefined) continue;
        units.delete(unit);
        put(group, unit, entries);
      }
    },
    /** The dirty group whose turn is next, and in how many milliseconds; null if nothing is dirty. */
    next(): { name: string; inMs: number } | null {
      let first: { name: string; dueAtUs: number } | null = null;
      for (const [name, { units, dueAtUs }] of groups) {
        if (units.size > 0 && (first === null || dueAtUs < first.dueAtUs)) first = { name, dueAtUs };
      }
      return first && { name: first.name, inMs: Math.max(0, (first.dueAtUs - clock.nowUs()) / 1000) };
    },
    /** Takes a group's units and passages; whatever becomes dirty from now on waits for its next turn. */
    take(name: string): { units: ReadonlySet<DirtyUnit>; passages: ReadonlySet<Passage> } {
      const group = groups.get(name);
      if (group === undefined) return { units: new Set(), passages: new Set() };
      const { units, passages } = group;
      group.units = new Set();
      group.passages = new Set();
      return { units, passages };
    },
    /** Notes that a group was derived, in a round that began at `startedUs`. */
    derived(name: string, startedUs: number): void {
      const group = groups.get(name);
      if (group === undefined) return;
      const lastTookMs = (clock.nowUs() - startedUs) / 1000;
      group.dueAtUs = startedUs + hotIntervalMs({ events: group.events, lastTookMs, intervalMsMax }) * 1000;
    },
  };
}

export type HotLane = ReturnType<typeof createHotLane>;
