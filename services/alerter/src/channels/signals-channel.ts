import { type EventLog, isEventLogError } from '@michinori/event-log';
import { topics } from '@michinori/events';
import type { Channel, Clock } from './channel.ts';
import { outcomeOfFailure } from './http/outcome-of-answer.ts';
import { webhookSchedule } from './retry-schedule.ts';
import { alertSignal } from './signal-record.ts';

export interface SignalsOptions {
  readonly name: string;
  readonly log: Pick<EventLog, 'append'>;
  readonly accepts: Channel['accepts'];
  readonly clock: Clock;
}

/** Errors that are about the record: the same one will never be taken. */
const ofRecord = ['record_too_large', 'record_invalid', 'append_too_large'] as const;

/** A channel to the topic of signals, for programs. At least once: the id tells repetitions. */
export function createSignalsChannel({ name, log, accepts, clock }: SignalsOptions): Channel {
  return {
    name,
    tells: 'messages',
    accepts,
    async deliver(notification, attempt) {
      try {
        await log.append(topics.signals, [alertSignal(notification, clock.nowUs())]);
        return { outcome: 'delivered' };
      } catch (error) {
        if (!isEventLogError(error)) throw error;
        const detail = `${error.code}: ${error.message}`;
        if (ofRecord.some((code) => code === error.code))
          return { outcome: 'refused', reason: 'payload_refused', detail };
        const failure = { reason: 'log_failed', detail } as const;
        return outcomeOfFailure(failure, { id: notification.id, attempt, schedule: webhookSchedule });
      }
    },
  };
}
