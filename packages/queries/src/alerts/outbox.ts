import { defineQuery, integerColumn } from '@michinori/clickhouse';
import { z } from 'zod';

const ids = z.object({ ids: z.array(z.string()) });
const state = z.enum(['waiting', 'standing', 'delivered', 'refused', 'replaced']);

/** Which channels notifications have deliveries for. */
export const presentAlertDeliveries = defineQuery({
  name: 'alert_outbox_present',
  sql: `
    SELECT DISTINCT notification, channel
    FROM alert_deliveries
    WHERE notification IN (SELECT arrayJoin({ids:Array(String)}))`,
  params: ids,
  row: z.object({ notification: z.string(), channel: z.string() }),
});

/** Deliveries that aren't final, as they were recorded last, in the order of their sequence. Times are µs since the epoch. */
export const unfinishedAlertDeliveries = defineQuery({
  name: 'alert_outbox_unfinished',
  sql: `
    SELECT
      notification, channel,
      max(row.1) AS revision,
      argMax(row.2, row.1) AS sequence,
      argMax(row.3, row.1) AS state,
      argMax(row.4, row.1) AS attempts,
      argMax(row.5, row.1) AS dueAtUs,
      argMax(row.6, row.1) AS reason,
      argMax(row.7, row.1) AS detail
    FROM
    (
      SELECT notification, channel, (revision, sequence, state, attempts, due_at, toString(reason), detail) AS row
      FROM alert_deliveries
    )
    GROUP BY notification, channel
    HAVING state IN ('waiting', 'standing')
    ORDER BY sequence, notification, channel`,
  params: z.object({}),
  row: z.object({
    notification: z.string(),
    channel: z.string(),
    revision: integerColumn,
    sequence: integerColumn,
    state,
    attempts: integerColumn,
    dueAtUs: integerColumn,
    reason: z.string(),
    detail: z.string(),
  }),
});

/** Notifications as they were told first, JSON. */
export const alertNotificationBodies = defineQuery({
  name: 'alert_outbox_bodies',
  sql: `
    SELECT id, argMin(body, sequence) AS body
    FROM alert_notifications
    WHERE id IN (SELECT arrayJoin({ids:Array(String)}))
    GROUP BY id`,
  params: ids,
  row: z.object({ id: z.string(), body: z.string() }),
});
