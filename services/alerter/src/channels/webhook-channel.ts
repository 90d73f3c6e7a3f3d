import type { Channel, Clock, Outcome } from './channel.ts';
import { outcomeOfAnswer } from './http/outcome-of-answer.ts';
import type { Post } from './http/post.ts';
import type { Notification } from './notification.ts';
import { webhookSchedule } from './retry-schedule.ts';
import { webhookPayload } from './webhook-payload.ts';
import { webhookHeaders } from './webhook-signature.ts';

export interface WebhookOptions {
  readonly name: string;
  readonly url: URL;
  /** The newest first; two while one takes the place of the other. */
  readonly keys: readonly Uint8Array[];
  readonly accepts: Channel['accepts'];
  readonly post: Post;
  readonly clock: Clock;
  readonly userAgent: string;
}

/**
 * A channel to whoever understands Standard Webhooks. After 410 the receiver is left alone until the process starts anew: what comes for it is
 * refused without a request.
 */
export function createWebhookChannel(options: WebhookOptions): Channel {
  const { name, url, keys, accepts, post, clock, userAgent } = options;
  let isGone = false;

  return {
    name,
    tells: 'messages',
    accepts,
    async deliver(notification: Notification, attempt: number, signal: AbortSignal): Promise<Outcome> {
      if (isGone) return { outcome: 'refused', reason: 'receiver_gone', detail: 'said 410 before' };
      const { id } = notification;
      const body = webhookPayload(notification);
      const timestampSeconds = Math.floor(clock.nowUs() / 1_000_000);
      const headers = {
        'content-type': 'application/json',
        'user-agent': userAgent,
        ...webhookHeaders({ id, timestampSeconds, body, keys }),
      };
      const result = await post({ url, headers, body, signal });
      isGone = result.outcome === 'answered' && result.status === 410;
      const nowMs = clock.nowUs() / 1000;
      return outcomeOfAnswer(result, {
        ...{ id, attempt, nowMs, schedule: webhookSchedule },
        final: { 410: 'receiver_gone' },
      });
    },
  };
}
