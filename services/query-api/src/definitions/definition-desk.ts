import { type EventLog, isEventLogError, type LogRecord } from '@michinori/event-log';
import {
  type Definition,
  decodeDefinition,
  definitionKey,
  definitionsTopic,
  encodeDefinition,
} from '@michinori/events';
import { QuestionError } from '../question-error.ts';
import { createLedger, type Definitions } from './ledger.ts';

/** Where definitions are written: the log, one decision at a time. */
export interface DefinitionDesk {
  /**
   * Decides with everything that the log holds in view, and appends what was decided, all or nothing; durable when resolved. No other
   * decision of this process comes between the two.
   *
   * @throws QuestionError `no_event_log` without a log, `log_unavailable` when it doesn't take records; whatever `decide` throws
   */
  write<T>(decide: (known: Definitions) => { records: readonly Definition[]; answer: T }): Promise<T>;
}

/** @param log null in a process that has no event log */
export function createDefinitionDesk(log: EventLog | null): DefinitionDesk {
  const ledger = log === null ? null : createLedger(log);
  let last: Promise<unknown> = Promise.resolve();

  async function write<T>(decide: Parameters<DefinitionDesk['write']>[0]): Promise<T> {
    if (log === null || ledger === null) {
      const detail =
        'This process has no event log, so it can only answer questions. Send definitions to the process that owns the log.';
      throw new QuestionError('no_event_log', detail);
    }
    try {
      const { records, answer } = decide(await ledger.catchUp());
      const encoded = records.map(encode);
      if (encoded.length > 0) await log.append(definitionsTopic, encoded);
      return answer as T;
    } catch (error) {
      if (!isEventLogError(error)) throw error;
      const detail = `The event log does not take records at the moment (${error.code}); nothing is known to be stored.`;
      throw new QuestionError('log_unavailable', detail);
    }
  }

  return {
    write<T>(decide: (known: Definitions) => { records: readonly Definition[]; answer: T }): Promise<T> {
      const turn = last.then(() => write<T>(decide));
      last = turn.catch(() => {});
      return turn;
    },
  };
}

/** What couldn't be read again must not get into the log: nobody could take it out. */
function encode(definition: Definition): LogRecord {
  const value = encodeDefinition(definition);
  const decoded = decodeDefinition(value);
  if (decoded.kind === 'undecodable')
    throw new Error(`a ${definition.kind} that can't be read again: ${decoded.message}`);
  return { key: definitionKey(definition), value };
}
