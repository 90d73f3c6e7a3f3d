export {
  addIngestRoutes,
  createIngest,
  createIngestServer,
  type Ingest,
  type IngestOptions,
  type IngestRoutes,
} from './app.ts';
export {
  type IngestConfig,
  type IngestProcessConfig,
  ingestProcessSettings,
  ingestSettings,
  loadIngestConfig,
} from './config.ts';
export { type IngestFaultPoint, type IngestFaults, ingestFaultPoints, noIngestFaults } from './faults.ts';
export type { Clock } from './handle-request.ts';
export { type ProblemCode, problems } from './problems.ts';
export { createIngestService, ingestService } from './service.ts';
export { createUuidV7 } from './uuid-v7.ts';
