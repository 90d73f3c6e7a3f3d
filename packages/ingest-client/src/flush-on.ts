import type { IngestClient } from './client.ts';

/** What is used of Node's `process`. */
export interface ExitHost {
  readonly pid: number;
  once(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
  listenerCount(event: string): number;
  kill(pid: number, signal: string): unknown;
}

/** What is used of a browser's `document`. */
export interface HidingPage {
  readonly visibilityState: string;
  addEventListener(event: string, listener: () => void): void;
}

/**
 * Closes the client when the process is about to end: `flushOnExit(client, process)`. After SIGTERM or SIGINT the process ends by that signal once the
 * events are sent, or `timeoutMs` are over, unless somebody else listens for the signal: then they end it.
 *
 * @returns takes it back
 */
export function flushOnExit(client: IngestClient, host: ExitHost, options: { timeoutMs?: number } = {}): () => void {
  const listeners = ['SIGTERM', 'SIGINT', 'beforeExit'].map((event) => {
    const listener = async (): Promise<void> => {
      await client.close(options);
      if (event !== 'beforeExit' && host.listenerCount(event) === 0) host.kill(host.pid, event);
    };
    host.once(event, listener);
    return () => host.off(event, listener);
  });
  return () => listeners.forEach((remove) => void remove());
}

/** Sends what waits whenever a page is hidden, which is the last that many pages hear: `flushOnHide(client, document)`. */
export function flushOnHide(client: IngestClient, page: HidingPage): void {
  page.addEventListener('visibilitychange', () => {
    if (page.visibilityState === 'hidden') void client.flush();
  });
}
