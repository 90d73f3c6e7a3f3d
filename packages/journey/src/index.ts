export { canonicalDefinition, definitionHash } from './definition-hash.ts';
export { describeJourney } from './describe-journey.ts';
export { formatDuration, type ParsedDuration, parseDuration } from './duration.ts';
export {
  type Health,
  type HealthAction,
  type HealthRule,
  type HealthSignal,
  type HealthTest,
  type HealthThresholds,
  healthDefault,
  healthOf,
  healthRulesOf,
  healthSignals,
  type ScopedHealthRule,
  taskPlaceholders,
} from './health.ts';
export { canonicalDerivation, derivationHash, healthHash } from './health-hash.ts';
export { healthRuleWords } from './health-words.ts';
export type {
  Condition,
  ConditionOperator,
  ConditionValue,
  ExitRule,
  Goal,
  Journey,
  Persona,
  Rule,
  Stage,
  Title,
} from './journey.ts';
export { journeyLimits } from './limits.ts';
export { lossLimits, segmentIndex, stageIndex, titleOf } from './lookups.ts';
export { nearestWord } from './nearest-word.ts';
export { type ParsedJourney, type ParsedJourneys, parseJourneys } from './parse-journeys.ts';
export { type Place, type Problem, type ProblemCode, problemCodes, problemText } from './problem.ts';
export { conditionOperators, conditionSubjects } from './read-condition.ts';
export { readDocuments, type SourceDocument } from './source.ts';
export { keyText } from './source-nodes.ts';
