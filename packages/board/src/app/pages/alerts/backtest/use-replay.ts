import {
  type AlertBacktestBody,
  type AlertBacktestMeta,
  type AlertBacktestRow,
  type Answer,
  alerts,
  ProblemError,
} from '@michinori/client';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useDesk } from '../../../data/use-answer.tsx';

export type Replay =
  | { status: 'idle' | 'stopped' }
  | { status: 'running'; seconds: number }
  | { status: 'done'; answer: Answer<AlertBacktestRow, AlertBacktestMeta> }
  | { status: 'failed'; error: ProblemError };

/** Replays a rule when told to, once: a replay takes seconds to minutes, so it isn't asked again by itself as other answers are. */
export function useReplay(): { replay: Replay; run(body: AlertBacktestBody): void; stop(): void } {
  const { client } = useDesk();
  const [replay, setReplay] = useState<Replay>({ status: 'idle' });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  useEffect(() => {
    if (replay.status !== 'running') return;
    // An answer may come between the last second and its cleaning up; it stays.
    const tick = (now: Replay): Replay => (now.status === 'running' ? { ...now, seconds: now.seconds + 1 } : now);
    const timer = setTimeout(() => setReplay(tick), 1000);
    return () => clearTimeout(timer);
  }, [replay]);

  return {
    replay,
    run(body) {
      running.current?.abort();
      const own = new AbortController();
      running.current = own;
      setReplay({ status: 'running', seconds: 0 });
      client.ask(alerts.backtest(body), { signal: own.signal }).then(
        (answer) => own.signal.aborted || setReplay({ status: 'done', answer }),
        (error: unknown) => own.signal.aborted || setReplay({ status: 'failed', error: problemOf(error) }),
      );
    },
    stop() {
      running.current?.abort();
      setReplay({ status: 'stopped' });
    },
  };
}

function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  return new ProblemError(
    { code: 'unexpected_answer', status: 0, title: 'Not an answer', detail: String(error) },
    error,
  );
}
