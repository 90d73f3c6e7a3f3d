import type { CheckResult } from '@michinori/runtime';

/** What keeps single partitions from going on and won't pass by itself. */
export interface Troubles {
  /** Notes the trouble of a partition, or that it is over (null). */
  report(partition: string, reason: string | null): void;
  /** For `/readyz`: false while any partition is in trouble. */
  check(): CheckResult;
}

/** Keeps the latest trouble per partition. */
export function createTroubles(): Troubles {
  const reasons = new Map<string, string>();
  return {
    report(partition, reason) {
      if (reason === null) reasons.delete(partition);
      else reasons.set(partition, reason);
    },
    check() {
      const [first] = reasons;
      if (first === undefined) return { ok: true };
      const more = reasons.size > 1 ? ` (and ${reasons.size - 1} more partitions)` : '';
      return { ok: false, reason: `${first[0]}: ${first[1]}${more}` };
    },
  };
}
