import { type Answer, type Client, ProblemError, type Question } from '@michinori/client';

/** What is known about a question at this moment. */
export interface Known<Row, Meta> {
  /** The last answer, also while a newer one is on its way or could not be had. */
  answer: Answer<Row, Meta> | null;
  /** Why the last attempt failed; null after one that didn't. */
  error: ProblemError | null;
  isAsking: boolean;
  /** When the answer came, in milliseconds since the epoch. */
  answeredAtMs: number | null;
}

/** Time as the store knows it; tests give their own. */
export interface Timers {
  nowMs(): number;
  set(run: () => void, afterMs: number): unknown;
  clear(timer: unknown): void;
}

export interface StoreOptions {
  client: Pick<Client, 'ask'>;
  timers: Timers;
  /** An answer that is watched is asked for again after this time. */
  refreshMs: number;
  /** Answers that nobody watches any more are kept up to this number, the last used ones. */
  keptMax: number;
}

export interface Store {
  known<Row, Meta>(question: Question<Row, Meta>): Known<Row, Meta>;
  /** Asks now unless the answer is fresh, again from time to time, and after a failure until it succeeds. Returns how to stop. */
  watch(question: AnyQuestion, onChange: () => void): () => void;
  /** Asks every watched question again at once: the connection is back, or the page was asleep. */
  refresh(): void;
}

type AnyQuestion = Question<unknown, unknown>;
type AnyKnown = Known<unknown, unknown>;

interface Entry {
  known: AnyKnown;
  listeners: Set<() => void>;
  failures: number;
  timer: unknown;
  running: AbortController | null;
}

const nothing: AnyKnown = { answer: null, error: null, isAsking: true, answeredAtMs: null };

/** Two questions with the same key are one. */
export function keyOf({ method, path, query, body }: AnyQuestion): string {
  return JSON.stringify([method, path, query ?? null, body ?? null]);
}

/** Milliseconds until a failed question is asked again: 2 s doubling up to a minute; null where asking again can't help. */
export function retryAfterMs(error: ProblemError, failures: number): number | null {
  const mayPass = error.status === 0 || error.status === 429 || error.status >= 500 || error.code === 'answer_cut';
  if (!mayPass) return null;
  const ownMs = Math.min(60_000, 2000 * 2 ** Math.min(failures - 1, 10));
  return Math.max(ownMs, (error.retryAfterSeconds ?? 0) * 1000);
}

/** Answers by question: one request however many parts of a page ask, the old answer shown until the new one is there. */
export function createStore({ client, timers, refreshMs, keptMax }: StoreOptions): Store {
  const entries = new Map<string, Entry>();

  function entryOf(question: AnyQuestion): Entry {
    const key = keyOf(question);
    const entry = entries.get(key) ?? { known: nothing, listeners: new Set(), failures: 0, timer: null, running: null };
    entries.delete(key);
    entries.set(key, entry);
    return entry;
  }

  function change(entry: Entry, part: Partial<AnyKnown>): void {
    entry.known = { ...entry.known, ...part };
    for (const listener of entry.listeners) listener();
  }

  async function ask(question: AnyQuestion, entry: Entry): Promise<void> {
    timers.clear(entry.timer);
    if (entry.running !== null) return;
    const running = new AbortController();
    entry.running = running;
    change(entry, { isAsking: true });
    const outcome = await client.ask(question, { signal: running.signal }).then(
      (answer) => ({ answer, error: null }),
      (error: unknown) => ({ answer: null, error }),
    );
    if (running.signal.aborted) return;
    entry.running = null;
    entry.failures = outcome.error === null ? 0 : entry.failures + 1;
    if (outcome.answer !== null) {
      const answer = withKeptRows(entry.known.answer, outcome.answer);
      change(entry, { answer, error: null, isAsking: false, answeredAtMs: timers.nowMs() });
    } else change(entry, { error: problemOf(outcome.error), isAsking: false });
    schedule(question, entry);
  }

  function schedule(question: AnyQuestion, entry: Entry): void {
    if (entry.listeners.size === 0) return;
    const { error } = entry.known;
    const afterMs = error === null ? refreshMs : retryAfterMs(error, entry.failures);
    if (afterMs !== null) entry.timer = timers.set(() => void ask(question, entry), afterMs);
  }

  function rest(entry: Entry): void {
    entry.running?.abort();
    entry.running = null;
    timers.clear(entry.timer);
    const resting = [...entries].filter(([, one]) => one.listeners.size === 0);
    for (const [key] of resting.slice(0, Math.max(0, resting.length - keptMax))) entries.delete(key);
  }

  const watched = new Map<Entry, AnyQuestion>();
  return {
    known<Row, Meta>(question: Question<Row, Meta>) {
      return (entries.get(keyOf(question))?.known ?? nothing) as Known<Row, Meta>;
    },
    watch(question, onChange) {
      const entry = entryOf(question);
      entry.listeners.add(onChange);
      watched.set(entry, question);
      const { answeredAtMs, error } = entry.known;
      const ageMs = answeredAtMs === null || error !== null ? Number.POSITIVE_INFINITY : timers.nowMs() - answeredAtMs;
      if (entry.running === null && ageMs >= refreshMs) void ask(question, entry);
      else if (entry.running === null && entry.listeners.size === 1) {
        entry.timer = timers.set(() => void ask(question, entry), refreshMs - ageMs);
      }
      return () => {
        entry.listeners.delete(onChange);
        if (entry.listeners.size > 0) return;
        watched.delete(entry);
        rest(entry);
      };
    },
    refresh() {
      for (const [entry, question] of watched) void ask(question, entry);
    },
  };
}

/** The new answer, with the rows of the old one if they say the same: what was drawn from them needn't be drawn again. */
function withKeptRows(old: AnyKnown['answer'], fresh: Answer<unknown, unknown>): Answer<unknown, unknown> {
  const isSame = old !== null && JSON.stringify(old.rows) === JSON.stringify(fresh.rows);
  return isSame ? { ...fresh, rows: old.rows } : fresh;
}

function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  return new ProblemError(
    { code: 'unexpected_answer', status: 0, title: 'Not an answer', detail: String(error) },
    error,
  );
}
