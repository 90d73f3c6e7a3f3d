import type { Metrics } from '@michinori/runtime';

/** `ok`: read and judged. `failed`: something couldn't be read, and is `query-failed`. */
export const ruleOutcomes = ['ok', 'failed'] as const;
export type RuleOutcome = (typeof ruleOutcomes)[number];

export interface AlertingMetrics {
  evaluated(outcome: RuleOutcome): void;
  /** Whether this process evaluates and sends. */
  leads(is: boolean): void;
  /** Whether rules and channels are used as their files have them. */
  filesAreUsed(are: boolean): void;
}

/** Registers the metrics of rules; see docs/metrics.md. */
export function createAlertingMetrics(metrics: Metrics): AlertingMetrics {
  const evaluations = metrics.counter({
    name: 'michinori_alert_evaluations_total',
    help: 'Evaluations of rules, by outcome.',
    labels: ['outcome'],
  });
  const leader = metrics.gauge({
    name: 'michinori_alert_leader_state',
    help: '1 while this process evaluates rules and sends notifications, else 0.',
  });
  const files = metrics.gauge({
    name: 'michinori_alert_files_state',
    help: '1 while rules and channels are used as their files have them, 0 while a file was changed to what can not be used.',
  });
  for (const outcome of ruleOutcomes) evaluations.inc({ outcome }, 0);
  leader.set(0);
  return {
    evaluated(outcome) {
      evaluations.inc({ outcome });
    },
    leads(is) {
      leader.set(is ? 1 : 0);
    },
    filesAreUsed(are) {
      files.set(are ? 1 : 0);
    },
  };
}
