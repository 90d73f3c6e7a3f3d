import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import type { ClickHouse } from '@michinori/clickhouse';
import type { EventLog } from '@michinori/event-log';
import {
  type Authorize,
  addHealthRoutes,
  type Health,
  type Logger,
  type Metrics,
  type NamedCheck,
} from '@michinori/runtime';
import Fastify, { type FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { addAccessHook } from './access-hook.ts';
import { formatOf } from './answer/format.ts';
import { addBoard } from './board.ts';
import type { QueryApiConfig } from './config.ts';
import { createErrorHandler } from './error-handler.ts';
import { answerNotFound } from './not-found.ts';
import { completeOpenApi, openApiHead } from './openapi.ts';
import { givenParameters } from './question/given-parameters.ts';
import { readJsonBody } from './question/json-body.ts';
import { questionValidator } from './question/validator.ts';
import { createQuestionDesk, type QuestionDesk } from './question-desk.ts';
import { QuestionError } from './question-error.ts';
import { addAlertRoutes } from './routes/alerts.ts';
import { addBacktestRoute } from './routes/backtest.ts';
import { addCustomerRoutes } from './routes/customer.ts';
import { addDeadLetterRoutes } from './routes/dead-letters.ts';
import { addDefinitionRoutes } from './routes/definitions/routes.ts';
import { addEventRoutes } from './routes/export-events.ts';
import { addFunnelRoutes } from './routes/funnels.ts';
import { addJourneyRoutes } from './routes/journeys/index-of-endpoints.ts';
import { addSegmentRoutes } from './routes/segments.ts';
import { addTouchpointRoutes } from './routes/touchpoints.ts';

export interface QueryApiOptions {
  clickhouse: ClickHouse;
  /** Where definitions are written. Without it they can only be seen, and writing is answered 501. */
  log?: EventLog;
  authorize: Authorize;
  health: Health;
  metrics: Metrics;
  logger: Logger;
  config: QueryApiConfig;
  /** Microseconds since the epoch. */
  nowUs: () => number;
  /** Whether the tables can be asked; while they can't, every question is answered 503. Default: always. */
  isOpen?: () => boolean;
  /** Folder of the built board; default: that of `@michinori/board`. */
  board?: string;
}

export interface QueryRoutes {
  /** Turns new questions away with 503 and resolves when those under way are answered. */
  drain(): Promise<void>;
  /** What readiness depends on. */
  checks: readonly NamedCheck[];
}

export interface QueryApi extends QueryRoutes {
  app: FastifyInstance;
}

/**
 * Adds the query API to a Fastify app that may serve other things too: the routes, parsers, hooks and error handlers
 * live in a context of their own.
 */
export function addQueryRoutes(app: FastifyInstance, options: QueryApiOptions): QueryRoutes {
  const { clickhouse, logger, config } = options;
  const desk = createQuestionDesk(options);
  app.register(async (scope) => {
    scope.setValidatorCompiler(questionValidator);
    scope.setSerializerCompiler(() => (value) => JSON.stringify(value));
    scope.setErrorHandler(createErrorHandler({ logger, bodyBytesMax: config.bodyBytesMax }));
    await scope.register(fastifySwagger, {
      openapi: openApiHead,
      transform: jsonSchemaTransform,
      transformObject: (document) => ('openapiObject' in document ? completeOpenApi(document.openapiObject) : {}),
    });
    await scope.register(fastifySwaggerUi, { routePrefix: '/docs' });
    await addBoard(scope, options.board);
    scope.get('/openapi.json', { schema: { hide: true } }, () => scope.swagger());
    scope.register(async (questions) => addQuestionRoutes(questions, desk, options));
  });
  return {
    drain: desk.drain,
    checks: [{ name: 'clickhouse', check: () => clickhouse.ping().then(() => ({ ok: true })) }],
  };
}

/** Everything below `/v1`: asks for a key, reads JSON bodies, refuses while draining. */
function addQuestionRoutes(scope: FastifyInstance, desk: QuestionDesk, options: QueryApiOptions): void {
  const { authorize, config, log = null, isOpen = () => true } = options;
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    /^application\/(?:[\w.-]+\+)?json(?:\s*;|$)/,
    { parseAs: 'buffer', bodyLimit: config.bodyBytesMax },
    async (_request: unknown, body: string | Buffer) => readJsonBody(Buffer.from(body)),
  );
  scope.addHook('onRequest', async () => {
    if (desk.isDraining()) throw new QuestionError('draining', 'The service is stopping; ask again in a moment.');
    if (!isOpen()) throw new QuestionError('starting', 'The service is starting; /readyz says what it waits for.');
  });
  addAccessHook(scope, authorize);
  scope.addHook('preValidation', async (request) => {
    request.query = givenParameters(request.query);
  });
  scope.addHook('preHandler', async (request) => {
    formatOf(request);
  });
  addFunnelRoutes(scope, desk);
  addTouchpointRoutes(scope, desk);
  addEventRoutes(scope, desk);
  addDeadLetterRoutes(scope, desk);
  addDefinitionRoutes(scope, desk, log);
  addJourneyRoutes(scope, desk);
  addCustomerRoutes(scope, desk);
  addSegmentRoutes(scope, desk);
  addAlertRoutes(scope, desk);
  addBacktestRoute(scope, desk);
}

/** A customer's id of 256 characters, each as up to twelve bytes of a URL. */
const idBytesMax = 256 * 12;

/** The query API as a Fastify app of its own, which listens nowhere. To stop: `drain()`, then `app.close()`. */
export function createQueryApi(options: QueryApiOptions): QueryApi {
  const answerError = createErrorHandler({ logger: options.logger, bodyBytesMax: options.config.bodyBytesMax });
  const app = Fastify({
    logger: false,
    bodyLimit: options.config.bodyBytesMax,
    frameworkErrors: answerError,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: idBytesMax },
    return503OnClosing: false,
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);
  addHealthRoutes(app, options);
  return { app, ...addQueryRoutes(app, options) };
}
