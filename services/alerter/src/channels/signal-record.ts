import type { LogRecord } from '@michinori/event-log';
import { encodeAlertSignal, signalKey } from '@michinori/events';
import { type Notification, seriesOf } from './notification.ts';

/** Version of the form of health signals. A change raises it; a member more doesn't. */
export const HEALTH_SIGNAL_VERSION = 1;

/**
 * A notification as a record of the topic of signals (packages/events/docs/signals.md). The key is the series, so that the end of an episode follows
 * its beginning. Pure.
 */
export function alertSignal(notification: Notification, announcedAtUs: number): LogRecord {
  if (notification.health !== undefined) return healthSignal(notification, announcedAtUs);
  const { kind: alertKind, health, ...members } = notification;
  const head = { kind: 'alert', revision: 1, retracted: false, announcedAtUs } as const;
  return { key: seriesOf(notification), value: encodeAlertSignal({ ...members, ...head, alertKind }) };
}

/** Of health: the head, the journey, whom it is about as signals of journeys name units, since when the signal stands, and {@link HealthNews}. */
function healthSignal(notification: Notification, announcedAtUs: number): LogRecord {
  const { id, journey, startedAtUs, resolvedAtUs, health } = notification;
  const head = { v: HEALTH_SIGNAL_VERSION, kind: 'health', id, revision: 1, retracted: false, announcedAtUs };
  const { unit, name, isAnonymous, ...news } = health ?? { unit: 'customer', name: '', isAnonymous: false };
  const whose = {
    unit,
    customer: unit === 'customer' && !isAnonymous ? name : null,
    anonymous: isAnonymous ? name : null,
    account: unit === 'account' ? name : null,
  };
  return {
    key: signalKey(whose),
    value: Buffer.from(JSON.stringify({ ...head, journey, ...whose, startedAtUs, resolvedAtUs, ...news }), 'utf8'),
  };
}
