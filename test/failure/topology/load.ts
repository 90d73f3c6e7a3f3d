import { setTimeout as letItLive } from 'node:timers/promises';
import type { Book } from '../ledger.ts';
import type { Random } from '../random.ts';
import { sendTraffic } from '../traffic.ts';

const pauseAfterFailureMs = 100;
/** Pause of a connection between two requests; three connections, so a few hundred events a second. */
const paceMsDefault = Number(process.env.MICHINORI_PACE_MS ?? 60);

export interface Load {
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
  const traffic = sendTraffic({
    ...{ url, book, random },
    mixture: 'everything',
    connections: 3,
    eventsOfRequestMax: 12,
    goesOn: () => !isOver,
    rest: async (outcome) => void (await letItLive(outcome === 'stored' ? paceMs : pauseAfterFailureMs)),
  });
  // It is awaited at the end; a failure before that is reported there.
  traffic.catch(() => {});
  return {
    stop() {
      isOver = true;
      return traffic;
    },
  };
}
