import type { LogRecord } from '@michinori/event-log';
import { encodeAlertSignal } from '@michinori/events';
import { type Notification, seriesOf } from './notification.ts';

/**
 * A notification as a record of the topic of signals (packages/events/docs/signals.md). The key is the series, so that the end of an episode follows
 * its beginning. Pure.
 */
export function alertSignal(notification: Notification, announcedAtUs: number): LogRecord {
  const { kind: alertKind, ...members } = notification;
  const head = { kind: 'alert', revision: 1, retracted: false, announcedAtUs } as const;
  return { key: seriesOf(notification), value: encodeAlertSignal({ ...members, ...head, alertKind }) };
}
