import { setTimeout as letItLive } from 'node:timers/promises';
import type { Book } from '../ledger.ts';
import type { Random } from '../random.ts';
import { sendTraffic } from '../traffic.ts';
import { until } from '../until.ts';

const pauseAfterFailureMs = 100;
const patienceMs = 300_000;
/** Pause of a connection between two requests; three connections, so a few hundred events a second. */
const paceMsDefault = Number(process.env.MICHINORI_PACE_MS ?? 60);

export interface Load {
  /** Requests that were stored so far. */
  stored(): number;
  /** Waits until so many more requests are stored. */
  untilMore(requests: number): Promise<void>;
  /** No further request; resolves with the number of stored ones. */
  stop(): Promise<number>;
}

/** Clients that go on sending whatever happens to the other side: events, conflicts, repetitions, and what is refused. */
export function startLoad({
  url,
  book,
  random,
  paceMs = paceMsDefault,
}: {
  url: string;
  book: Book;
  random: Random;
  paceMs?: number;
}): Load {
  let isOver = false;
  let stored = 0;
  const traffic = sendTraffic({
    ...{ url, book, random },
    mixture: 'everything',
    connections: 3,
    eventsOfRequestMax: 12,
    goesOn: () => !isOver,
    async rest(outcome) {
      if (outcome === 'stored') stored += 1;
      await letItLive(outcome === 'stored' ? paceMs : pauseAfterFailureMs);
    },
  });
  // It is awaited at the end; a failure before that is reported there.
  traffic.catch(() => {});
  return {
    stored: () => stored,
    async untilMore(requests) {
      const enough = stored + requests;
      await until(`${requests} more requests are stored`, () => (stored >= enough ? true : undefined), patienceMs);
    },
    stop() {
      isOver = true;
      return traffic;
    },
  };
}
