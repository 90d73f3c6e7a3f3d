import type { EventLog } from '@michinori/event-log';
import { topics } from '@michinori/events';
import type { CheckResult } from '@michinori/runtime';

const failureMemoryUs = 10_000_000;

/**
 * Whether the log takes events: it answers, and the last append didn't fail within the past ten seconds. The memory is
 * short, because without traffic no append could prove that the log has recovered.
 */
export function createLogReadiness({ log, nowUs }: { log: EventLog; nowUs: () => number }) {
  let lastFailure: { atUs: number; reason: string } | null = null;
  return {
    appended(): void {
      lastFailure = null;
    },
    /** True for the first failure after a success: the one that is worth a line in the log. */
    failed(error: unknown): boolean {
      const isFirst = lastFailure === null;
      lastFailure = { atUs: nowUs(), reason: error instanceof Error ? error.message : String(error) };
      return isFirst;
    },
    async check(): Promise<CheckResult> {
      if (lastFailure !== null && nowUs() - lastFailure.atUs < failureMemoryUs) {
        return { ok: false, reason: `the last append failed: ${lastFailure.reason}` };
      }
      await log.positions(topics.events);
      return { ok: true };
    },
  };
}

export type LogReadiness = ReturnType<typeof createLogReadiness>;
