import type { Outcome } from '../channel.ts';
import { type DeliveryReason, deliveryReasons, type Failure } from '../delivery-reasons.ts';
import { afterFailure, type RetrySchedule } from '../retry-schedule.ts';
import type { PostResult } from './post.ts';
import { retryAfterMs } from './retry-after.ts';

const excerptLengthMax = 200;

/** What an attempt was about, and how patient it is. */
export interface Attempt {
  readonly id: string;
  readonly attempt: number;
  readonly schedule: RetrySchedule;
  readonly nowMs: number;
  /** Statuses of this kind of receiver that no repetition will change, and what they mean. */
  readonly final: Readonly<Record<number, DeliveryReason>>;
}

/** What becomes of a delivery after a request: 2xx is success, a redirect is none, everything else is tried again unless it is final. Pure. */
export function outcomeOfAnswer(result: PostResult, { id, attempt, schedule, nowMs, final }: Attempt): Outcome {
  if (result.outcome === 'failed') return outcomeOfFailure(result, { id, attempt, schedule });
  const { status, text } = result;
  if (status >= 200 && status < 300) return { outcome: 'delivered' };
  const detail = `${status}${excerpt(text)}`;
  const reason = status >= 300 && status < 400 ? 'redirected' : final[status];
  if (reason !== undefined) return { outcome: 'refused', reason, detail };
  const failure: Failure = { reason: status === 429 ? 'rate_limited' : 'status_unexpected', detail };
  return afterFailure(schedule, { id, attempt, failure, atLeastMs: retryAfterMs(result.retryAfter, nowMs) });
}

/** What becomes of a delivery without an answer. Pure. */
export function outcomeOfFailure(
  { reason, detail }: Failure,
  { id, attempt, schedule }: Pick<Attempt, 'id' | 'attempt' | 'schedule'>,
): Outcome {
  if (deliveryReasons[reason].follows === 'refused') return { outcome: 'refused', reason, detail };
  return afterFailure(schedule, { id, attempt, failure: { reason, detail } });
}

/** The beginning of an answer on one line, as JSON text, so that what a receiver writes can't pass for a line of ours. */
function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line === '' ? '' : ` ${JSON.stringify(line.slice(0, excerptLengthMax))}`;
}
