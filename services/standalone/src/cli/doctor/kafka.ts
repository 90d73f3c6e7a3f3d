import { type EventLogErrorCode, isEventLogError } from '@michinori/event-log';
import type { Logger } from '@michinori/runtime';
import type { StandaloneConfig } from '../../config.ts';
import { lagOf } from '../../drain-log.ts';
import { openLog } from '../../open-stores.ts';
import { type Finding, messageOf } from './finding.ts';

const mends: Partial<Record<EventLogErrorCode, string>> = {
  log_unavailable:
    'start the brokers, or mend log.kafka.brokers and log.kafka.tls; the addresses that brokers advertise must be reachable, too',
  log_authentication_failed: 'mend log.kafka.sasl, or make the user on the brokers: infra/kafka',
  log_not_authorized: 'give the user the rights of infra/kafka',
  topic_mismatch: 'change the topic, or the setting that the message names',
};

/** Whether the brokers answer and the topics are as they should be, and how far the processors are behind. Makes missing topics. */
export async function checkKafka(config: StandaloneConfig, logger: Logger): Promise<Finding> {
  const check = 'event log';
  const place = `Kafka at ${config.log.kafka.brokers.join(', ')}`;
  try {
    const log = await openLog(config, logger);
    try {
      const lag = (await lagOf(log, config.processor.group)).toLocaleString('en-US');
      const detail = `${place}, topics as they should be, ${lag} records not yet in the tables`;
      return { check, state: 'ok', detail };
    } finally {
      await log.close();
    }
  } catch (error) {
    const mend = (isEventLogError(error) && mends[error.code]) || 'see packages/event-log/docs/errors.md';
    return { check, state: 'error', detail: `${place}: ${messageOf(error)}`, mend };
  }
}
