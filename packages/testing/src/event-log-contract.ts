import { describe } from 'vitest';
import { appendContract } from './event-log-contract-append.ts';
import { consumeContract } from './event-log-contract-consume.ts';
import { groupContract } from './event-log-contract-group.ts';
import type { OpenEventLogHarness } from './event-log-harness.ts';

/**
 * What every adapter of the port `EventLog` has to do, as a test suite. `open` is called once per test and must hand out storage that no
 * other test uses.
 */
export function eventLogContract(name: string, open: OpenEventLogHarness): void {
  describe(`event log contract: ${name}`, () => {
    appendContract(open);
    consumeContract(open);
    groupContract(open);
  });
}

export type { EventLogContext, EventLogHarness, OpenEventLogHarness } from './event-log-harness.ts';
