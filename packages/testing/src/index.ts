export { type ConnectForContract, clickhouseContract } from './clickhouse-contract.ts';
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
export {
  type Cleanup,
  type TemporaryClickHouseOptions,
  temporaryClickHouse,
} from './clickhouse-temporary.ts';
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
export { copiesOf, describeWorld, type EventSketch, type Grid, type World, worlds } from './funnel-world.ts';
