import { isEventLogError } from '@michinori/event-log';
import { type Refusal, refuse } from './problems.ts';

const ourFault = new Set(['append_too_large', 'record_too_large', 'record_invalid', 'name_invalid']);

/**
 * How a failed append is answered. Everything that time or an operator can mend is a 503, so that clients keep their
 * events and repeat; what a repetition can't mend is a bug of ours: 500.
 */
export function refusalOfAppend(error: unknown): Refusal {
  if (!isEventLogError(error) || ourFault.has(error.code)) {
    return refuse('internal_error', 'The events could not be stored. Nothing was accepted.');
  }
  if (error.code === 'log_overloaded')
    return refuse('overloaded', 'The event log has too much to write at the moment.');
  return refuse(
    'log_unavailable',
    `The event log can't take events at the moment (${error.code}). Repeat the request.`,
  );
}
