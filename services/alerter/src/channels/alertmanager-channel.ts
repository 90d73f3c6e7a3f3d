import { alertmanagerAlert } from './alertmanager-payload.ts';
import type { Channel, Clock, Outcome } from './channel.ts';
import type { Failure } from './delivery-reasons.ts';
import { outcomeOfAnswer } from './http/outcome-of-answer.ts';
import type { Post } from './http/post.ts';
import type { RetrySchedule } from './retry-schedule.ts';

export interface AlertmanagerOptions {
  readonly name: string;
  /** Base addresses of all peers of the cluster; `/api/v2/alerts` is added. */
  readonly peers: readonly URL[];
  readonly locale: string;
  /** An alert that fires is said again after this time, ms. */
  readonly resendMs: number;
  /** `Bearer …` or `Basic …`; null: none. */
  readonly authorization: string | null;
  readonly accepts: Channel['accepts'];
  readonly post: Post;
  readonly clock: Clock;
  readonly userAgent: string;
  /** Hears of peers that didn't take an alert although another one did. */
  onPeerFailed?(peer: URL, failure: Failure): void;
}

/** An alert that isn't said again ends by itself after so many times the time between two sayings, as Prometheus has it. */
const lifeResends = 4;
const final = { 400: 'payload_refused', 413: 'payload_refused' } as const;

/**
 * A channel to a cluster of Alertmanagers. Its peers don't pass alerts on to each other, so every alert goes to all of them; it is delivered when one has taken it, since
 * whoever missed it hears it again after `resendMs`, or has it end by itself. While it fires it is said for ever; that it is over is said for an hour at least.
 */
export function createAlertmanagerChannel(options: AlertmanagerOptions): Channel {
  const { name, locale, resendMs, authorization, accepts, post, clock, userAgent, onPeerFailed } = options;
  const peers = options.peers.map((peer) => new URL(`${peer.pathname.replace(/\/$/, '')}/api/v2/alerts`, peer));
  const headers = {
    'content-type': 'application/json',
    'user-agent': userAgent,
    ...(authorization === null ? {} : { authorization }),
  };
  const retries = retriesFor(resendMs);

  return {
    name,
    tells: 'state',
    accepts,
    async deliver(notification, attempt, signal) {
      const endsAtUs = clock.nowUs() + lifeResends * resendMs * 1000;
      const body = JSON.stringify([alertmanagerAlert(notification, { endsAtUs, locale })]);
      const results = await Promise.all(peers.map((url) => post({ url, headers, body, signal })));
      const isFiring = notification.state === 'firing';
      const turn = isFiring ? Math.min(attempt, retries.length) : attempt;
      const about = { id: notification.id, attempt: turn, nowMs: clock.nowUs() / 1000, schedule: retries, final };
      const outcomes = results.map((result) => outcomeOfAnswer(result, about));
      if (outcomes.some(({ outcome }) => outcome === 'delivered')) {
        reportOthers(outcomes);
        return isFiring ? { outcome: 'delivered', againAfterMs: resendMs } : { outcome: 'delivered' };
      }
      return firstToTryAgain(outcomes);
    },
  };

  function reportOthers(outcomes: readonly Outcome[]): void {
    for (const [index, outcome] of outcomes.entries()) {
      const peer = peers[index];
      if (outcome.outcome !== 'delivered' && peer !== undefined) onPeerFailed?.(peer, outcome);
    }
  }
}

/** Pauses that grow to the time between two sayings and stay there for an hour. */
function retriesFor(resendMs: number): RetrySchedule {
  const growing = [1000, 5000, 15_000].filter((pauseMs) => pauseMs < resendMs);
  return [...growing, ...Array<number>(Math.ceil(3_600_000 / resendMs)).fill(resendMs)];
}

/** Of several failures the one that can end soonest; refused only if all are. */
function firstToTryAgain(outcomes: readonly Outcome[]): Outcome {
  const again = outcomes
    .flatMap((outcome) => (outcome.outcome === 'retry' ? [outcome] : []))
    .sort((a, b) => a.afterMs - b.afterMs)[0];
  const refused: Outcome = { outcome: 'refused', reason: 'sender_failed', detail: 'no peers' };
  return again ?? outcomes[0] ?? refused;
}
