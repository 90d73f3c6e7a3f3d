import type { LogRecord } from '@michinori/event-log';
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
  const { kind: alertKind, ...others } = members;
  return {
    key: seriesOf(notification),
    value: Buffer.from(JSON.stringify({ ...head, ...others, alertKind }), 'utf8'),
  };
}
