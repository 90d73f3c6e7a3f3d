import type { Channel, Clock } from './channel.ts';
import { outcomeOfAnswer } from './http/outcome-of-answer.ts';
import type { Post } from './http/post.ts';
import { messageSchedule } from './retry-schedule.ts';
import { slackPayload } from './slack-payload.ts';

export interface SlackOptions {
  readonly name: string;
  /** Whoever knows it can write: a secret. */
  readonly url: URL;
  readonly locale: string;
  readonly accepts: Channel['accepts'];
  readonly post: Post;
  readonly clock: Clock;
  readonly userAgent: string;
}

/** Answers that come again to the same message ("Handling errors" of Slack's incoming webhooks). */
const final = {
  400: 'payload_refused',
  403: 'payload_refused',
  404: 'receiver_gone',
  410: 'receiver_gone',
  413: 'payload_refused',
} as const;

/** A channel to an incoming webhook of Slack, or of whoever understands its messages. */
export function createSlackChannel(options: SlackOptions): Channel {
  const { name, url, locale, accepts, post, clock, userAgent } = options;
  return {
    name,
    tells: 'messages',
    accepts,
    async deliver(notification, attempt, signal) {
      const headers = { 'content-type': 'application/json', 'user-agent': userAgent };
      const result = await post({ url, headers, body: slackPayload(notification, locale), signal });
      const nowMs = clock.nowUs() / 1000;
      return outcomeOfAnswer(result, { id: notification.id, attempt, nowMs, schedule: messageSchedule, final });
    },
  };
}
