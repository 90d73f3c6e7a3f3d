import { type Client, createClient, type Question } from '@michinori/client';
import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useMemo, useReducer, useRef } from 'preact/hooks';
import { createStore, type Known, keyOf, type Store } from './store.ts';

interface Desk {
  client: Client;
  store: Store;
}

const DeskContext = createContext<Desk | null>(null);

/** Asks the server that the page came from; a key is sent if there is one. `retriesMax` is 0: the store asks again itself, and says so meanwhile. */
export function DeskProvider({ apiKey, children }: { apiKey: string | null; children: ComponentChildren }) {
  const desk = useMemo(() => {
    const client = createClient({ url: location.origin, key: apiKey ?? undefined, retriesMax: 0 });
    const timers = {
      nowMs: () => Date.now(),
      set: (run: () => void, afterMs: number) => setTimeout(run, afterMs),
      clear: (timer: unknown) => clearTimeout(timer as number),
    };
    return { client, store: createStore({ client, timers, refreshMs: 60_000, keptMax: 60 }) };
  }, [apiKey]);
  useEffect(() => {
    const refresh = () => {
      if (document.visibilityState === 'visible') desk.store.refresh();
    };
    addEventListener('online', refresh);
    document.addEventListener('visibilitychange', refresh);
    return () => {
      removeEventListener('online', refresh);
      document.removeEventListener('visibilitychange', refresh);
    };
  }, [desk]);
  return <DeskContext.Provider value={desk}>{children}</DeskContext.Provider>;
}

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error('There is no DeskProvider above.');
  return desk;
}

const idle = { answer: null, error: null, isAsking: false, answeredAtMs: null } as const;

/** What is known about a question, now and whenever that changes; null asks nothing. */
export function useAnswer<Row, Meta>(question: Question<Row, Meta> | null): Known<Row, Meta> {
  const { store } = useDesk();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const key = question === null ? null : keyOf(question);
  const asked = useRef(question);
  asked.current = question;
  const known = question === null ? idle : store.known(question);
  const shown = useRef(known);
  shown.current = known;
  useEffect(() => {
    const current = asked.current;
    if (key === null || current === null) return;
    const stop = store.watch(current, () => redraw(undefined));
    // An answer to somebody else's question may have come after this was drawn and before it was watched.
    if (store.known(current) !== shown.current) redraw(undefined);
    return stop;
  }, [store, key]);
  return known;
}

/** The same for several questions at once. */
export function useAnswers<Row, Meta>(questions: readonly Question<Row, Meta>[]): Known<Row, Meta>[] {
  const { store } = useDesk();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const keys = questions.map(keyOf).join('\n');
  const asked = useRef(questions);
  asked.current = questions;
  useEffect(() => {
    const stops = asked.current.map((question) => store.watch(question, () => redraw(undefined)));
    return () => {
      for (const stop of stops) stop();
    };
  }, [store, keys]);
  return questions.map((question) => store.known(question));
}
