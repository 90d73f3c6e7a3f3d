import type { EventLog } from '@michinori/event-log';
import type { FastifyInstance } from 'fastify';
import { createDefinitionDesk } from '../../definitions/definition-desk.ts';
import type { QuestionDesk } from '../../question-desk.ts';
import { addAnnotationRoutes } from './annotations.ts';
import { addApplyJourneysRoute } from './apply-journeys.ts';
import { addImprovementRoutes } from './improvements.ts';
import { addJourneyRoute } from './journey.ts';
import { addJourneyListRoute } from './journeys.ts';
import { addRebuildRoutes } from './rebuild.ts';
import { addReadRulesRoutes } from './rules/read-rules.ts';
import { addWriteRulesRoutes } from './rules/write-rules.ts';

/** How definitions get in and are seen. `log` null: they are only seen. */
export function addDefinitionRoutes(app: FastifyInstance, desk: QuestionDesk, log: EventLog | null): void {
  const definitions = createDefinitionDesk(log);
  addApplyJourneysRoute(app, definitions, desk.nowUs);
  addJourneyListRoute(app, desk);
  addJourneyRoute(app, desk);
  addRebuildRoutes(app, definitions, desk.nowUs);
  addImprovementRoutes(app, desk, definitions);
  addAnnotationRoutes(app, desk);
  addReadRulesRoutes(app, desk);
  addWriteRulesRoutes(app, desk, definitions);
}
