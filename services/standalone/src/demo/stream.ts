import { deliver } from './delivery.ts';
import { type Story, tellStory } from './person.ts';
import { at } from './rng.ts';
import { type NativeEvent, toNativeEvent } from './wire.ts';
import type { World } from './world.ts';

/** One delivery: the event as a client sends it, and when ingest took it (µs since epoch). */
export interface DemoEvent {
  event: NativeEvent;
  receivedAtUs: number;
}

interface Cursor {
  story: Story;
  arrivals: ReturnType<typeof deliver>;
  next: number;
}

/**
 * All deliveries in order of receipt. Stories are told when their first event is due and forgotten after their last,
 * so that memory holds the people under way and not the whole history. Every iteration starts anew.
 *
 * @param arrivalsMs beginning of every traveller's story, by index
 */
export function* streamEvents(world: World, arrivalsMs: Float64Array): Generator<DemoEvent> {
  const order = Array.from(arrivalsMs.keys()).sort((a, b) => (arrivalsMs[a] ?? 0) - (arrivalsMs[b] ?? 0) || a - b);
  const heap = createHeap();
  let told = 0;
  for (;;) {
    for (; told < order.length; told += 1) {
      const index = at(order, told);
      if (heap.size() > 0 && (arrivalsMs[index] ?? 0) > heap.top().dueMs) break;
      const story = tellStory(world, index);
      const cursor: Cursor = { story, arrivals: deliver(world, index, story.happenings), next: 0 };
      heap.push({ dueMs: at(cursor.arrivals, 0).receivedMs, rank: index, cursor });
    }
    if (heap.size() === 0) return;
    const { rank, cursor } = heap.pop();
    const { number, receivedMs } = at(cursor.arrivals, cursor.next);
    const event = toNativeEvent(world, cursor.story, at(cursor.story.happenings, number), number);
    yield { event, receivedAtUs: receivedMs * 1000 };
    cursor.next += 1;
    const following = cursor.arrivals[cursor.next];
    if (following) heap.push({ dueMs: following.receivedMs, rank, cursor });
  }
}

interface Entry {
  dueMs: number;
  rank: number;
  cursor: Cursor;
}

/** Binary heap by (dueMs, rank); one entry per story, so the order is total. */
function createHeap() {
  const entries: Entry[] = [];
  const isBefore = (a: Entry, b: Entry) => a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.rank < b.rank);
  const settle = (entry: Entry, start: number) => {
    let hole = start;
    for (;;) {
      const left = 2 * hole + 1;
      if (left >= entries.length) break;
      const right = left + 1;
      const child = right < entries.length && isBefore(at(entries, right), at(entries, left)) ? right : left;
      if (!isBefore(at(entries, child), entry)) break;
      entries[hole] = at(entries, child);
      hole = child;
    }
    entries[hole] = entry;
  };
  return {
    size: () => entries.length,
    top: () => at(entries, 0),
    push: (entry: Entry) => {
      let hole = entries.length;
      entries.push(entry);
      while (hole > 0) {
        const parent = (hole - 1) >> 1;
        if (!isBefore(entry, at(entries, parent))) break;
        entries[hole] = at(entries, parent);
        hole = parent;
      }
      entries[hole] = entry;
    },
    pop: () => {
      const first = at(entries, 0);
      const last = at(entries, entries.length - 1);
      entries.pop();
      if (entries.length > 0) settle(last, 0);
      return first;
    },
  };
}
