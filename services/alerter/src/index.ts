export { type Alerter, type AlerterOptions, createAlerter } from './alerter.ts';
export { type EvaluationOutcome, evaluationOutcomes } from './alerter-metrics.ts';
export type { Channel, Clock, Outcome } from './channels/channel.ts';
export type { ChannelConfig } from './channels/config/channel-schema.ts';
export { type LoadedChannel, loadChannels } from './channels/config/load-channels.ts';
export { parseChannels } from './channels/config/parse-channels.ts';
export { printChannels } from './channels/config/print-channels.ts';
export type { SecretSources } from './channels/config/secret-reference.ts';
export { type ChannelDependencies, createChannels } from './channels/create-channels.ts';
export { createDeliveryMetrics, type DeliveryMetrics } from './channels/delivery-metrics.ts';
export { type DeliveryReason, deliveryReasons } from './channels/delivery-reasons.ts';
export {
  type LocalText,
  type Notification,
  notificationId,
  type TransitionFact,
} from './channels/notification.ts';
export {
  type AlerterConfig,
  type AlerterProcessConfig,
  alerterProcessSettings,
  alerterSettings,
  loadAlerterConfig,
} from './config.ts';
export { createClickHouseOutboxStore } from './outbox/clickhouse-outbox-store.ts';
export type { Delivery, DeliveryState } from './outbox/delivery.ts';
export { createOutbox, type Outbox, type OutboxOptions } from './outbox/outbox.ts';
export type { OutboxStore } from './outbox/outbox-store.ts';
export type { Alerting } from './rules/alerting.ts';
export { type AlertingFiles, loadAlertingFiles } from './rules/alerting-settings.ts';
export { type OpenAlertingOptions, openAlerting } from './rules/open-alerting.ts';
export type { Schedule, StartSchedule } from './schedule.ts';
export { alerterService } from './service.ts';
export type { StageSample } from './stage-samples.ts';
