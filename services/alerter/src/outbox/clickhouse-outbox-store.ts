import type { ClickHouse } from '@michinori/clickhouse';
import { alertNotificationBodies, presentAlertDeliveries, unfinishedAlertDeliveries } from '@michinori/queries';
import { type DeliveryReason, deliveryReasons } from '../channels/delivery-reasons.ts';
import { type Delivery, deliveryKey } from './delivery.ts';
import { notificationText, readNotification } from './notification-text.ts';
import type { OutboxStore } from './outbox-store.ts';

const notificationColumns = [
  'id',
  'alert',
  'journey',
  'stage',
  'segment_by',
  'segment_value',
  'kind',
  'state',
  'severity',
  'started_at',
  'resolved_at',
  'sequence',
  'body',
];
const deliveryColumns = [
  'notification',
  'channel',
  'sequence',
  'revision',
  'state',
  'attempts',
  'due_at',
  'reason',
  'detail',
];

/** The outbox in the tables `alert_notifications` and `alert_deliveries`. Notifications are written before their deliveries. */
export function createClickHouseOutboxStore(clickhouse: ClickHouse): OutboxStore {
  async function insertDeliveries(deliveries: readonly Delivery[]): Promise<void> {
    await clickhouse.insert({ table: 'alert_deliveries', columns: deliveryColumns, rows: deliveries.map(deliveryRow) });
  }

  return {
    async append(deliveries) {
      const ids = [...new Set(deliveries.map(({ notification }) => notification.id))];
      if (ids.length === 0) return [];
      const present = await clickhouse.queryOnWriter(presentAlertDeliveries, { ids });
      const known = new Set(present.map(({ notification, channel }) => `${notification} ${channel}`));
      const fresh = deliveries.filter((delivery) => !known.has(deliveryKey(delivery)));
      const written = new Set(present.map(({ notification }) => notification));
      const first = new Map(fresh.map((delivery) => [delivery.notification.id, delivery]));
      const rows = [...first.values()].filter(({ notification }) => !written.has(notification.id)).map(notificationRow);
      await clickhouse.insert({ table: 'alert_notifications', columns: notificationColumns, rows });
      await insertDeliveries(fresh);
      return fresh;
    },
    async unfinished() {
      const rows = await clickhouse.queryOnWriter(unfinishedAlertDeliveries, {});
      const ids = [...new Set(rows.map(({ notification }) => notification))];
      const bodies = ids.length === 0 ? [] : await clickhouse.queryOnWriter(alertNotificationBodies, { ids });
      const notifications = new Map(bodies.map(({ id, body }) => [id, readNotification(body)]));
      return rows.flatMap(({ notification: id, reason, ...row }): Delivery[] => {
        const notification = notifications.get(id);
        return notification === undefined ? [] : [{ ...row, notification, reason: reasonOf(reason) }];
      });
    },
    record: (delivery) => insertDeliveries([delivery]),
  };
}

/** A reason that an older or newer program wrote and this one doesn't know is none. */
function reasonOf(text: string): DeliveryReason | null {
  return text in deliveryReasons ? (text as DeliveryReason) : null;
}

function notificationRow({ notification, sequence }: Delivery): unknown[] {
  const { id, alert, journey, stage, segment, kind, state, severity, startedAtUs, resolvedAtUs } = notification;
  const series = [alert, journey, stage, segment?.by ?? '', segment?.value ?? ''];
  return [id, ...series, kind, state, severity, startedAtUs, resolvedAtUs, sequence, notificationText(notification)];
}

function deliveryRow({
  notification,
  channel,
  sequence,
  revision,
  state,
  attempts,
  dueAtUs,
  reason,
  detail,
}: Delivery) {
  return [notification.id, channel, sequence, revision, state, attempts, dueAtUs, reason ?? '', detail];
}
