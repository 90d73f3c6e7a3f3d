export { type AdvancedSignals, advanceSignals, type CustomerSignals, type SignalChange } from './advance-signals.ts';
export type { CustomerFacts, GoldenFact, RuleFact } from './facts.ts';
export { type GoldenEvidence, goldenTime } from './golden-time.ts';
export type { Evidence } from './judge.ts';
export { type Movement, movementsOf } from './movements.ts';
export { type JudgedScore, judgeScores, type Loss, leadSeconds } from './past-scores.ts';
export { type PlannedAction, type PlannedTask, planActions } from './plan-actions.ts';
export { type HealthScore, type LedgerLine, type ScoreRules, scoreCustomer } from './score-customer.ts';
