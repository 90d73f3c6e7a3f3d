import type { LogRecord } from '@michinori/event-log';
import { signalKey } from '@michinori/events';
import { type Notification, seriesOf } from './notification.ts';

/** Version of the form. A change raises it; a member more doesn't. */
export const ALERT_SIGNAL_VERSION = 1;

/**
 * A notification as a record of the topic of signals: the head that all kinds have (packages/events/docs/signals.md), then its members. The key is the series, so that the end
 * of an episode follows its beginning. `revision` is always 1: what was said stays true, an end is a fact of its own. Pure.
 */
export function alertSignal(notification: Notification, announcedAtUs: number): LogRecord {
  const { id, ...members } = notification;
  const head = { v: ALERT_SIGNAL_VERSION, kind: 'alert', id, revision: 1, retracted: false, announcedAtUs };
  if (notification.health !== undefined) return healthSignal(notification, { ...head, kind: 'health' });
  const { kind: alertKind, ...others } = members;
  return {
    key: seriesOf(notification),
    value: Buffer.from(JSON.stringify({ ...head, ...others, alertKind }), 'utf8'),
  };
}

/** Of health: the head, the journey, whom it is about as signals of journeys name units, since when the signal stands, and {@link HealthNews}. */
function healthSignal({ journey, startedAtUs, resolvedAtUs, health }: Notification, head: object): LogRecord {
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
