import type { Book, Outgoing } from './ledger.ts';
import type { Random } from './random.ts';

/** What the requests are made of. `accepted`: nothing that ingest refuses; `rejected`: nothing else; `fresh`: new events only. */
export type Mixture = 'everything' | 'accepted' | 'rejected' | 'fresh';

/** How a request ended. `refused`: answered 5xx. `cut`: no answer. */
export type Outcome = 'stored' | 'refused' | 'cut';

export interface TrafficOptions {
  url: string;
  book: Book;
  random: Random;
  mixture: Mixture;
  connections: number;
  /** New or known events of one request; repetitions of broken requests come on top. */
  eventsOfRequestMax: number;
  /** Asked before every request, with the number of stored ones; traffic goes on until this says no or the process is gone. */
  goesOn: (requests: number) => boolean;
  /** Awaited after every request. With it traffic goes on after a broken connection; without it the first one ends it. */
  rest?: (outcome: Outcome) => Promise<void>;
}

function compose({ book, random, mixture, eventsOfRequestMax }: TrafficOptions): Outgoing[] {
  const repeated = random.chance(0.5) && mixture !== 'fresh' ? book.takeUnanswered(random.between(1, 30)) : [];
  // Some clients never come back.
  const requests: Outgoing[] = repeated.filter(() => random.chance(0.8)).map((event) => book.again(event));
  for (let left = random.between(1, eventsOfRequestMax); left > 0; left -= 1) {
    const dice = random.share();
    const known =
      dice < 0.25 && (mixture === 'everything' || mixture === 'accepted') ? book.acknowledgedEvent() : undefined;
    if (mixture === 'rejected' || (mixture === 'everything' && dice > 0.85)) requests.push(book.refused());
    else if (known !== undefined) requests.push(dice < 0.12 ? book.conflicting(known) : book.again(known));
    else requests.push(book.fresh());
  }
  return requests;
}

/** Sends one request. An answer that can't be right is an error of the test's subject. */
async function send(url: string, book: Book, outgoing: readonly Outgoing[]): Promise<Outcome> {
  book.noteSent(outgoing);
  let response: Response;
  try {
    const body = JSON.stringify(outgoing.map((entry) => entry.body));
    response = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
  } catch {
    book.noteBroken(outgoing);
    return 'cut';
  }
  const rejected = outgoing.filter(({ event }) => event.kind === 'rejected').length;
  const expected = rejected === outgoing.length ? 422 : 202;
  if (response.status !== expected) {
    book.noteBroken(outgoing);
    if (response.status < 500) throw new Error(`${response.status} ${await response.text()}`);
    return 'refused';
  }
  book.noteAnswered(outgoing);
  const answer = (await response.json().catch(() => null)) as { accepted: number; rejected: unknown[] } | null;
  if (answer !== null && (answer.accepted !== outgoing.length - rejected || answer.rejected.length !== rejected)) {
    throw new Error(`a wrong answer: ${JSON.stringify(answer)}`);
  }
  return 'stored';
}

/**
 * Sends requests over several connections, each its own after the answer to the one before, until `goesOn` says no or a
 * connection breaks (see `rest`). Answers the number of requests that were stored.
 */
export async function sendTraffic(options: TrafficOptions): Promise<number> {
  const { url, book, mixture, connections, goesOn, rest } = options;
  let answered = 0;
  let isOver = false;

  async function note(outcome: Outcome): Promise<void> {
    if (outcome === 'stored') answered += 1;
    if (rest !== undefined) await rest(outcome);
    else if (outcome === 'cut') isOver = true;
  }

  async function connection(): Promise<void> {
    while (!isOver && goesOn(answered)) {
      await note(await send(url, book, compose(options)));
    }
  }

  /** Two contents of one new id at the same time: whichever is received first wins. */
  async function racing(): Promise<void> {
    while (!isOver && goesOn(answered)) {
      const first = book.fresh();
      book.noteSent([first]);
      const second = book.conflicting(first.event);
      const both = await Promise.all([send(url, book, [first]), send(url, book, [second])]);
      for (const outcome of both) await note(outcome);
    }
  }

  const races = mixture === 'everything' || mixture === 'accepted' ? [racing()] : [];
  await Promise.all([...Array.from({ length: connections }, connection), ...races]);
  return answered;
}
