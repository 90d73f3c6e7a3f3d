import type { Logger } from './logger.ts';

/** Something that the client library of a server has to say. */
export interface ClientLogEntry {
  level: 'error' | 'warn' | 'info';
  message: string;
}

const quietMs = 60_000;
const rememberedMax = 100;

/**
 * Takes what a client library says into the log of the process, a level lower: whether it is an error is decided where the call of the library
 * ends. What was said within the past minute is `debug`: libraries repeat themselves at every attempt.
 */
export function clientLog(logger: Logger, nowMs: () => number = Date.now): (entry: ClientLogEntry) => void {
  const lower = { error: 'warn', warn: 'info', info: 'debug' } as const;
  const said = new Map<string, number>();

  function isRepeated(message: string): boolean {
    const atMs = nowMs();
    const isRecent = atMs - (said.get(message) ?? Number.NEGATIVE_INFINITY) < quietMs;
    if (isRecent) return true;
    if (said.size >= rememberedMax) said.clear();
    said.set(message, atMs);
    return false;
  }

  return ({ level, message }) => {
    const name = isRepeated(message) ? 'debug' : lower[level];
    logger[name](message);
  };
}
