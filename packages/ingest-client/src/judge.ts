import type { TrackedEvent, WaitingEvent } from './event.ts';

/** Why events aren't stored, or may not be. A tracked event is either accepted by ingest or stands in exactly one of these. */
export interface IngestFailure {
  /** Of this client (`docs/errors.md`), of a rejected event (`packages/events/docs/errors.md`), or of a refused request. */
  readonly code: string;
  readonly message: string;
  /** HTTP status; null where there was no answer. */
  readonly status: number | null;
  /** Of a rejected event: JSON pointer to what is wrong in it. */
  readonly path: string | null;
  /** As they were tracked, with their ids. Sending them again is harmless. */
  readonly events: readonly TrackedEvent[];
}

export interface IngestAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
}

/** What an answer means: accepted or refused for good, too large together, or to be sent again. */
export type Verdict =
  | { readonly outcome: 'settled'; readonly failures: readonly IngestFailure[] }
  | { readonly outcome: 'split' }
  | { readonly outcome: 'retry'; readonly reason: string; readonly retryAfterMs: number };

interface Body {
  accepted?: unknown;
  rejected?: ({ index: number; code: string; message: string; path: string } | null)[];
  code?: string;
  detail?: string;
}

/** Decides what becomes of a batch. An answer that doesn't account for every event isn't taken for a delivery. Pure. */
export function judge(answer: IngestAnswer, batch: readonly WaitingEvent[], nowMs: number): Verdict {
  const { status, text, retryAfter } = answer;
  const body = parse(text);
  const rejected = status === 202 || status === 422 ? rejections(body, batch, status) : null;
  if (rejected !== null) return { outcome: 'settled', failures: rejected };
  if (status === 413 && batch.length > 1) return { outcome: 'split' };
  const reason = body.detail ?? text.slice(0, 200);
  if (status >= 500 || status === 408 || status === 425 || status === 429)
    return { outcome: 'retry', reason: `${status} ${reason}`, retryAfterMs: readRetryAfter(retryAfter, nowMs) };
  const known = status >= 400 && typeof body.code === 'string';
  const failure = known
    ? { code: body.code ?? '', message: reason }
    : { code: 'unexpected_answer', message: `Status ${status} is not an answer of ingest: ${reason}` };
  return { outcome: 'settled', failures: [failureOf({ ...failure, status }, batch)] };
}

/** A failure of events that waited. */
export const failureOf = (
  facts: Pick<IngestFailure, 'code' | 'message'> & Partial<IngestFailure>,
  events: readonly WaitingEvent[],
): IngestFailure => ({ status: null, path: null, events: events.map(({ text }) => JSON.parse(text)), ...facts });

function rejections({ accepted, rejected }: Body, batch: readonly WaitingEvent[], status: number) {
  if (!Array.isArray(rejected) || accepted !== batch.length - rejected.length) return null;
  const places = new Set<number>();
  const failures = rejected.flatMap((rejection) => {
    const event = batch[rejection?.index ?? -1];
    if (rejection === null || event === undefined) return [];
    places.add(rejection.index);
    const { code, message, path } = rejection;
    return failureOf({ code, message, status, path }, [event]);
  });
  return places.size === rejected.length ? failures : null;
}

function readRetryAfter(header: string | null, nowMs: number): number {
  const ms = /^\d+$/.test(header ?? '') ? Number(header) * 1000 : Date.parse(header ?? '') - nowMs;
  return Number.isNaN(ms) ? 0 : Math.max(0, ms);
}

function parse(text: string): Body {
  try {
    return (JSON.parse(text) ?? {}) as Body;
  } catch {
    return {};
  }
}
