import { hash } from 'node:crypto';

/**
 * Makes ids for the events of one request that have none: the same for a repetition of the request, different for each
 * event. Of the SHA-256 of the form's name, the time of the request as it was sent, the event's own text and how many equal
 * events came before it in the request, the first 128 bits. Null where neither the event nor the request names a time:
 * then a repetition can't be told from a second event.
 */
export function createDerivedIds(dialect: string, requestTime: string | null) {
  const seen = new Map<string, number>();
  return function derivedId(eventText: string, hasTime: boolean): string | null {
    if (!hasTime && requestTime === null) return null;
    const digest = hash('sha256', JSON.stringify([dialect, hasTime ? null : requestTime, eventText]), 'hex');
    const before = seen.get(digest) ?? 0;
    seen.set(digest, before + 1);
    return `derived-${hash('sha256', `${digest} ${before}`, 'hex').slice(0, 32)}`;
  };
}

export type DerivedId = ReturnType<typeof createDerivedIds>;
