import type { AlerterConfig } from '../config.ts';
import { answeringJourneys } from '../read-stages.ts';
import { createHealthTerm, type HealthTerm, type HealthTermOptions } from './health-term.ts';

export interface OpenHealthOptions extends Pick<HealthTermOptions, 'clickhouse' | 'logger' | 'asking' | 'always'> {
  readonly config: AlerterConfig;
}

/** Health by the settings, for whoever leads. Starts nothing. */
export function openHealthTerm({
  config,
  ...options
}: OpenHealthOptions): (given: Pick<HealthTermOptions, 'outbox' | 'assertLeading'>) => HealthTerm {
  const { healthHour: hour, healthBackfill: backfill, healthCatchUpMax: catchUpMax } = config;
  return (given) =>
    createHealthTerm({
      ...options,
      ...given,
      settings: { hour, backfill, catchUpMax },
      boardUrl: config.boardUrl ?? null,
      journeys: () => answeringJourneys(options.clickhouse, options.asking),
    });
}
