import type { FastifyInstance } from 'fastify';
import type { QuestionDesk } from '../../question-desk.ts';
import { actionsEndpoint } from './actions.ts';
import { bottlenecksEndpoint } from './bottlenecks.ts';
import { contactsEndpoint } from './contacts.ts';
import { customersEndpoint } from './customers.ts';
import { cycleTimeEndpoint } from './cycle-time.ts';
import { emotionEndpoint } from './emotion.ts';
import { type AnyJourneyEndpoint, addJourneyEndpoint } from './endpoint.ts';
import { healthCustomersEndpoint, healthEndpoint } from './health.ts';
import { healthSuggestionsEndpoint } from './health-suggestions.ts';
import { healthTrackRecordEndpoint } from './health-track-record.ts';
import { improvementEffectsEndpoint } from './improvement-effects.ts';
import { lossesEndpoint } from './losses.ts';
import { mapEndpoint } from './map.ts';
import { npsEndpoint } from './nps.ts';
import { outlookEndpoint } from './outlook.ts';
import { outlookTrackRecordEndpoint } from './outlook-track-record.ts';
import { pathsEndpoint } from './paths.ts';
import { signalsEndpoint, tasksEndpoint } from './signals.ts';
import { stagesEndpoint } from './stages.ts';
import { touchpointsEndpoint } from './touchpoints.ts';
import { transitionsEndpoint } from './transitions.ts';
import { visitsEndpoint } from './visits.ts';

/** Every question about a journey, in the order of the documentation. */
export const journeyEndpoints: readonly AnyJourneyEndpoint[] = [
  mapEndpoint,
  stagesEndpoint,
  lossesEndpoint,
  outlookEndpoint,
  outlookTrackRecordEndpoint,
  transitionsEndpoint,
  touchpointsEndpoint,
  cycleTimeEndpoint,
  npsEndpoint,
  emotionEndpoint,
  healthTrackRecordEndpoint,
  healthSuggestionsEndpoint,
  pathsEndpoint,
  bottlenecksEndpoint,
  improvementEffectsEndpoint,
  contactsEndpoint,
  customersEndpoint,
  visitsEndpoint,
  healthEndpoint,
  healthCustomersEndpoint,
  signalsEndpoint,
  tasksEndpoint,
  actionsEndpoint,
];

/** `GET /v1/journeys/{journey}/…` */
export function addJourneyRoutes(app: FastifyInstance, desk: QuestionDesk): void {
  for (const endpoint of journeyEndpoints) addJourneyEndpoint(app, desk, endpoint);
}
