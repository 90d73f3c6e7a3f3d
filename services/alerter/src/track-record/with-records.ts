import type { HealthTerm, HealthTermOptions } from '../health/health-term.ts';
import { createRecordTerm, type RecordTermOptions } from './record-term.ts';

type OpenHealth = (given: Pick<HealthTermOptions, 'outbox' | 'assertLeading'>) => HealthTerm;

/** Health whose every round also judges the scores of one horizon before, once those of the night are there. */
export function withRecords(openHealth: OpenHealth, options: Omit<RecordTermOptions, 'assertLeading'>): OpenHealth {
  return (given) => {
    const health = openHealth(given);
    const records = createRecordTerm({ ...options, assertLeading: () => given.assertLeading() });
    return {
      async round(nowUs) {
        await health.round(nowUs);
        await records.round(nowUs);
      },
    };
  };
}
