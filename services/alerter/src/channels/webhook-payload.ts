import { isoFromMicroseconds } from '@michinori/clickhouse';
import type { Notification } from './notification.ts';

/** Version of the form of `data`. A member that is added doesn't raise it; one that changes or goes does. */
export const WEBHOOK_VERSION = 1;

/**
 * A notification as the body of a webhook: type, timestamp and data as the Standard Webhooks specification recommends. `timestamp` is when
 * it happened, so a repetition has the same body, byte for byte. Pure.
 */
export function webhookPayload(notification: Notification): string {
  const { startedAtUs, resolvedAtUs, ...rest } = notification;
  const startedAt = isoFromMicroseconds(startedAtUs);
  const resolvedAt = resolvedAtUs === null ? null : isoFromMicroseconds(resolvedAtUs);
  return JSON.stringify({
    type: notification.health === undefined ? `alert.${notification.state}` : `health.${notification.health.change}`,
    timestamp: resolvedAt ?? startedAt,
    data: { version: WEBHOOK_VERSION, ...rest, startedAt, resolvedAt },
  });
}
