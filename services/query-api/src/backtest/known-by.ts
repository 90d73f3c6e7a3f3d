import type { KnownBy, Lateness } from '@michinori/queries';
import type { BacktestBody } from './body.ts';

/** What an evaluation is taken to have known, and why; for a person. */
export interface KnownByDecision {
  readonly knownBy: KnownBy;
  readonly because: string;
}

/**
 * Decides by what events are taken as known. `auto` means as they were received, unless most of them came more than a day after they had
 * occurred, as imported history does: then no evaluation would have known anything. Pure.
 */
export function decideKnownBy(asked: BacktestBody['knownBy'], { events, daysLate, missed }: Lateness): KnownByDecision {
  if (asked === 'occurred') {
    return { knownBy: 'occurred', because: 'as asked: every event is taken as received when it occurred' };
  }
  const isImported = daysLate * 2 > events;
  const late = `${daysLate} of ${events} events were received more than a day after they had occurred`;
  if (asked === 'auto' && isImported) {
    const because = `${late}, so the history was imported: every event is taken as received when it occurred`;
    return { knownBy: 'occurred', because };
  }
  if (asked === 'received' && isImported) {
    const because = `as asked; but ${late}, so little or nothing was known at most evaluations. With knownBy occurred every event is taken as received when it occurred`;
    return { knownBy: 'received', because };
  }
  return {
    knownBy: 'received',
    because: `an evaluation knows what had been received by then; ${missed} of ${events} events came after one that they belonged to`,
  };
}
