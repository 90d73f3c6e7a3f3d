import type { Lifecycle } from './lifecycle.ts';

/** What is needed of a process to end it in order. */
export interface SignalSource {
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  off(event: string, listener: (...args: unknown[]) => void): unknown;
  exit(code: number): void;
}

/**
 * Ties a lifecycle to the process; only a `main.ts` calls it. SIGTERM and SIGINT stop gracefully, a second one exits at
 * once with 128 + its number; an uncaught exception or rejection is fatal. Exits when everything has stopped.
 * Returns a function that takes the listeners off again.
 */
export function attachSignals(lifecycle: Lifecycle, source: SignalSource): () => void {
  let signals = 0;
  const onSignal = (name: string, number: number) => () => {
    signals += 1;
    if (signals > 1) source.exit(128 + number);
    else void lifecycle.stop(name);
  };
  const listeners: [string, (...args: unknown[]) => void][] = [
    ['SIGTERM', onSignal('SIGTERM', 15)],
    ['SIGINT', onSignal('SIGINT', 2)],
    ['uncaughtException', (error) => lifecycle.fatal(error)],
    ['unhandledRejection', (error) => lifecycle.fatal(error)],
  ];
  for (const [event, listener] of listeners) source.on(event, listener);
  void lifecycle.finished.then(({ exitCode }) => source.exit(exitCode));
  return () => {
    for (const [event, listener] of listeners) source.off(event, listener);
  };
}
