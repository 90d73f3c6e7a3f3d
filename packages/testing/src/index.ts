export { type ConnectForContract, clickhouseContract } from './clickhouse-contract.ts';
export { type GivenClickHouse, type ProvidedClickHouse, provideClickHouse } from './clickhouse-given.ts';
export {
  createFaultPlan,
  type FaultPlan,
  type HttpFault,
  type PlannedFault,
  type RandomCuts,
  seededRandom,
} from './clickhouse-http-faults.ts';
export {
  type ClickHouseHttpServer,
  type ClickHouseHttpServerOptions,
  startClickHouseHttpServer,
} from './clickhouse-http-server.ts';
export { type ClickHouseServer, type ClickHouseServerOptions, startClickHouse } from './clickhouse-start.ts';
export {
  type Cleanup,
  type TemporaryClickHouseOptions,
  temporaryClickHouse,
} from './clickhouse-temporary.ts';
export { freePorts } from './free-port.ts';
export { bucketStart, bucketStarts, type TrendInterval } from './funnel-buckets.ts';
export { contentHash, insertDeliveries } from './funnel-insert.ts';
export { microsecondsOf } from './funnel-plan.ts';
export {
  type CountedCustomer,
  type CustomersQuestion,
  type FunnelAnswer,
  referenceCustomers,
  referenceFunnel,
  referenceTimeToConvert,
  type TimeToConvertAnswer,
  type TimeToConvertQuestion,
} from './funnel-reference.ts';
export { type RequestSketch, requestBody, requests } from './funnel-request-world.ts';
export { customerOf, type EventCopy, winningCopies } from './funnel-timeline.ts';
export {
  atTick,
  copiesOf,
  describeWorld,
  type EventSketch,
  type Grid,
  identityWorlds,
  type World,
  worlds,
} from './funnel-world.ts';
export { storyHealth, withRandomHealth } from './health-definition-world.ts';
export { referenceHealthFacts } from './health-facts.ts';
export { type ReferenceScore, referenceHealthScores } from './health-reference.ts';
export { identifiedNames, referencePeople } from './identity-reference.ts';
export {
  referenceUnitsAsOf,
  referenceVisitsAsOf,
  type UnitAsOf,
  type VisitAsOf,
  visitsAsOf,
} from './journey-as-of.ts';
export { type CohortQuestion, type Counted, referenceCohort } from './journey-cohort.ts';
export { type CustomerRow, referenceCustomerRows } from './journey-customers.ts';
export { journeyDefinitions } from './journey-definition-world.ts';
export { activeDerivation, type DerivationOptions } from './journey-derivation.ts';
export type { PathStep, Response, Touch } from './journey-details.ts';
export { cityHashes, insertUnitJourneys, unitJourneyCells } from './journey-insert.ts';
export { type LossRow, referenceLosses } from './journey-losses.ts';
export { referenceOpenVisits, referenceStageTimes, type StageTimes } from './journey-outlook.ts';
export { referenceUnitJourneys, type UnitJourney, unitName, unitTexts } from './journey-reference.ts';
export { referenceStageTransitions } from './journey-signals.ts';
export { journeySource } from './journey-source.ts';
export {
  referenceStages,
  type StageRow,
} from './journey-stages.ts';
export {
  story,
  storyEvent,
  storyExit,
  storyHour,
  storyJourney,
  storyRule,
  storyStage,
} from './journey-story.ts';
export { referenceTouchpoints, type TouchpointRow } from './journey-touchpoints.ts';
export { referenceTransitions, type TransitionRow } from './journey-transitions.ts';
export type { Visit, VisitOutcome } from './journey-walk.ts';
export { journeyIdentityWorlds, journeyInstants, journeyWorlds } from './journey-world.ts';
