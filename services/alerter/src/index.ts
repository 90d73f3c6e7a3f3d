export { type Alerter, type AlerterOptions, createAlerter } from './alerter.ts';
export { type EvaluationOutcome, evaluationOutcomes } from './alerter-metrics.ts';
export {
  type AlerterConfig,
  type AlerterProcessConfig,
  alerterProcessSettings,
  alerterSettings,
  loadAlerterConfig,
} from './config.ts';
export type { Schedule, StartSchedule } from './schedule.ts';
export { alerterService } from './service.ts';
export type { StageSample } from './stage-samples.ts';
