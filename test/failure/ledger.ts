import type { Content, Ledger, SentEvent } from './conservation.ts';
import type { Random } from './random.ts';

const touchpoints = Array.from({ length: 8 }, (_, index) => `touch.${index}`);
const occurredFromMs = Date.UTC(2024, 0, 1);

/** One entry of a request body, with what the book has to know of it. */
export interface Outgoing {
  event: SentEvent;
  content: Content;
  body: Record<string, unknown>;
}

/** The client's book while it is being written. */
export interface Book {
  ledger: Ledger;
  /** A new event with a customer of its own. */
  fresh(): Outgoing;
  /** A new event that ingest must refuse. */
  refused(): Outgoing;
  /** The same event again, as a client repeats it. */
  again(event: SentEvent): Outgoing;
  /** Another content under the id of an event: another touchpoint, or also another customer. */
  conflicting(event: SentEvent): Outgoing;
  /** An event acknowledged so long ago that a request sent now is received later, or undefined. */
  acknowledgedEvent(): SentEvent | undefined;
  /** Takes the events out whose connection broke before an answer came, so that each is repeated by one request. */
  takeUnanswered(most: number): SentEvent[];
  noteSent(outgoing: readonly Outgoing[]): void;
  noteAnswered(outgoing: readonly Outgoing[]): void;
  noteBroken(outgoing: readonly Outgoing[]): void;
  /** Distinct events, and how often events were sent altogether (`deliveries`). */
  counts(): {
    sent: number;
    acknowledged: number;
    conflicts: number;
    rejected: number;
    unanswered: number;
    deliveries: number;
  };
}

/** An empty book; `random` chooses touchpoints, and which events carry a time of their own. */
export function createBook(random: Random): Book {
  const ledger = new Map<string, SentEvent>();
  const numbers = new Map<string, number>();
  const isDated = new Map<string, boolean>();
  const acknowledged: { event: SentEvent; atMs: number }[] = [];
  let unanswered: SentEvent[] = [];

  function create(kind: SentEvent['kind']): Outgoing {
    const number = ledger.size;
    const id = `${kind === 'event' ? 'e' : 'r'}${number}`;
    const event: SentEvent = { id, kind, contents: [], winner: null, acknowledged: 0, unanswered: 0 };
    ledger.set(id, event);
    numbers.set(id, number);
    // Without a time of its own every repetition becomes another content of the same event: one of them has to win.
    isDated.set(id, random.chance(0.9));
    return outgoingOf(event, { touchpoint: random.oneOf(touchpoints), customer: `c-${id}` });
  }

  function outgoingOf(event: SentEvent, content: Content): Outgoing {
    const time = new Date(occurredFromMs + (numbers.get(event.id) ?? 0) * 1000).toISOString();
    const body = {
      id: event.id,
      ...content,
      ...(isDated.get(event.id) === true ? { occurredAt: time } : {}),
      ...(event.kind === 'rejected' ? { nps: 99 } : {}),
    };
    return { event, content, body };
  }

  return {
    ledger,
    fresh: () => create('event'),
    refused: () => create('rejected'),
    again: (event) => outgoingOf(event, event.winner ?? event.contents[0] ?? { touchpoint: 'none', customer: 'none' }),
    conflicting(event) {
      const [first] = event.contents;
      const customer = random.chance(0.5) ? `c-${event.id}` : `c-${event.id}-other`;
      const touchpoint = random.oneOf(touchpoints.filter((other) => other !== first?.touchpoint));
      return outgoingOf(event, { touchpoint, customer });
    },
    acknowledgedEvent() {
      const candidate = acknowledged[random.between(0, acknowledged.length - 1)];
      return candidate !== undefined && candidate.atMs < Date.now() ? candidate.event : undefined;
    },
    takeUnanswered(most) {
      const taken = unanswered.slice(0, most);
      unanswered = unanswered.slice(most);
      return taken;
    },
    noteSent(outgoing) {
      for (const { event, content } of outgoing) event.contents.push(content);
    },
    noteAnswered(outgoing) {
      for (const { event, content } of outgoing) {
        const isFirst =
          event.acknowledged === 0 && event.contents.every((sent) => sent === content || isSame(sent, content));
        event.acknowledged += 1;
        if (event.kind === 'rejected' || !isFirst) continue;
        event.winner = content;
        acknowledged.push({ event, atMs: Date.now() });
      }
    },
    noteBroken(outgoing) {
      for (const { event } of outgoing) event.unanswered += 1;
      unanswered.push(...new Set(outgoing.map(({ event }) => event).filter((event) => event.acknowledged === 0)));
    },
    counts() {
      const events = [...ledger.values()].filter(({ kind }) => kind === 'event');
      return {
        sent: events.length,
        acknowledged: events.filter((event) => event.acknowledged > 0).length,
        conflicts: events.filter(({ contents }) =>
          contents.some((content) => content.touchpoint !== contents[0]?.touchpoint),
        ).length,
        rejected: ledger.size - events.length,
        unanswered: events.filter((event) => event.acknowledged === 0).length,
        deliveries: [...ledger.values()].reduce((sum, { contents }) => sum + contents.length, 0),
      };
    },
  };
}

const isSame = (a: Content, b: Content): boolean => a.touchpoint === b.touchpoint && a.customer === b.customer;
