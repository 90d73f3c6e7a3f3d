import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { ClickHouse } from '@michinori/clickhouse';
import type { EventLog } from '@michinori/event-log';
import type { Logger, Metrics } from '@michinori/runtime';
import { createChannels } from '../channels/create-channels.ts';
import { createDeliveryMetrics } from '../channels/delivery-metrics.ts';
import type { AlerterConfig } from '../config.ts';
import { openHealthTerm } from '../health/open-health.ts';
import { createClickHouseOutboxStore } from '../outbox/clickhouse-outbox-store.ts';
import { createOutbox } from '../outbox/outbox.ts';
import { answeringJourneys } from '../read-stages.ts';
import { withRecords } from '../track-record/with-records.ts';
import { type Alerting, type AlertingSetup, createAlerting } from './alerting.ts';
import { createAlertingMetrics } from './alerting-metrics.ts';
import type { AlertingFiles } from './alerting-settings.ts';
import { createClickHouseLeaseStore, createClickHouseRuleStore } from './clickhouse-rule-store.ts';
import { type AlertingFaults, faultyChannel, faultyOutboxStore, faultyRuleStore } from './faults.ts';
import { createFileWatch } from './file-watch.ts';
import { createLease, ownLease } from './lease.ts';
import { readSeries } from './read-series.ts';

export interface OpenAlertingOptions {
  /** Migrated; the tables of alerts are written. */
  readonly clickhouse: ClickHouse;
  /** For channels of the type `signals`; null: there is none, and such a channel is refused. */
  readonly log: Pick<EventLog, 'append'> | null;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly config: AlerterConfig;
  readonly files: AlertingFiles;
  /** µs since the epoch. */
  readonly nowUs: () => number;
  /** Ends the process at a labelled step; tests only. */
  readonly faults?: AlertingFaults;
}

/**
 * Alerting over ClickHouse, with the channels and rules of the files. On a server one of all alerters leads, by a lease; an embedded store has
 * one process. Starts nothing.
 */
export function openAlerting(options: OpenAlertingOptions): Alerting {
  const { clickhouse, log, logger, config, files, nowUs, faults } = options;
  const clock = { nowUs };
  const deliveries = createDeliveryMetrics(options.metrics, []);
  const own = createAlertingMetrics(options.metrics);
  const asking = { limits: { timeMsMax: config.queryTimeMsMax, memoryBytesMax: config.queryMemoryBytesMax } };
  const reading = { ...asking, seriesMax: config.seriesMax, lateAfterMs: config.lateAfterMs };
  const lease =
    clickhouse.kind === 'embedded'
      ? ownLease
      : createLease({
          store: createClickHouseLeaseStore(clickhouse),
          holder: `${hostname()} ${randomUUID()}`,
          monotonicMs: () => performance.now(),
        });
  const journeys = () => answeringJourneys(clickhouse, asking);
  const outboxStore = createClickHouseOutboxStore(clickhouse);
  const ruleStore = createClickHouseRuleStore(clickhouse);
  const setup = createFileWatch({
    ...{ files, logger, onState: own.filesAreUsed },
    use({ rules, channels: loaded }): AlertingSetup {
      const plain = createChannels(loaded, { clock, logger, log });
      const channels = faults === undefined ? plain : plain.map((channel) => faultyChannel(channel, faults));
      const names = channels.map(({ name }) => name);
      deliveries.showChannels(names);
      const always = loaded.flatMap(({ config: { type, name } }) => (type === 'signals' ? [name] : []));
      return {
        ...{ files: rules, channels: names },
        openHealth: config.health
          ? withRecords(openHealthTerm({ clickhouse, logger, asking, config, always }), {
              clickhouse,
              logger,
              asking,
              journeys,
            })
          : undefined,
        openOutbox: () =>
          createOutbox({
            store: faults === undefined ? outboxStore : faultyOutboxStore(outboxStore, faults),
            ...{ channels, clock, logger, metrics: deliveries },
          }),
      };
    },
  });
  return createAlerting({
    store: faults === undefined ? ruleStore : faultyRuleStore(ruleStore, faults),
    ...{ lease, setup, clock, logger, boardUrl: config.boardUrl ?? null, catchUpMax: config.catchUpMax },
    metrics: { ...own, showAlerts: deliveries.showAlerts },
    journeys,
    read: (active, rule, state, evaluationUs) => readSeries(clickhouse, active, rule, state, evaluationUs, reading),
  });
}
