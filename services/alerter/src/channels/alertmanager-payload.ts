import { isoFromMicroseconds } from '@michinori/clickhouse';
import { localText, type Notification, segmentLabel } from './notification.ts';

/** One alert of the API v2 of Alertmanager (`postableAlert` of its OpenAPI document). */
export interface PostableAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  /** Missing where there is no board. */
  readonly generatorURL?: string;
}

/**
 * A notification as an alert of Alertmanager. The labels name the series and don't depend on what is measured, so that every repetition and the
 * end are about the same alert. Pure.
 *
 * @param endsAtUs of a firing one: when it is over unless somebody says that it goes on
 */
export function alertmanagerAlert(
  notification: Notification,
  { endsAtUs, locale }: { endsAtUs: number; locale: string },
): PostableAlert {
  const { alert, journey, stage, kind, severity, startedAtUs, resolvedAtUs } = notification;
  return {
    labels: withoutEmpty({
      ...{ alertname: alert, service: 'michinori', severity, kind, journey, stage },
      segment: segmentLabel(notification),
      touchpoint: notification.touchpoint ?? '',
    }),
    annotations: withoutEmpty({
      summary: localText(notification.title, locale),
      description: localText(notification.text, locale),
      board_url: notification.boardUrl,
      customers_url: notification.customersUrl,
      customers_path: notification.customersPath,
      runbook_url: notification.runbookUrl ?? '',
      ...numbers(notification),
    }),
    startsAt: isoFromMicroseconds(startedAtUs),
    endsAt: isoFromMicroseconds(Math.max(resolvedAtUs ?? endsAtUs, startedAtUs)),
    ...(notification.boardUrl === '' ? {} : { generatorURL: notification.boardUrl }),
  };
}

function numbers({ k, n, rate, lo, hi, usualRate, lift, q }: Notification): Record<string, string> {
  const members = { k, n, rate, lo, hi, usual_rate: usualRate, lift, q };
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [name, value === null ? '' : String(value)]),
  );
}

/** Alertmanager drops empty labels; leaving them out says the same everywhere. */
function withoutEmpty(members: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== ''));
}
