import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import type { ClickHouse } from '@michinori/clickhouse';
import {
  type Authorize,
  addHealthRoutes,
  type Health,
  type Logger,
  type Metrics,
  sendProblem,
} from '@michinori/runtime';
import Fastify, { type FastifyInstance } from 'fastify';
import { jsonSchemaTransform, validatorCompiler } from 'fastify-type-provider-zod';

import type { QueryApiConfig } from './config.ts';
import { landingPage } from './landing-page.ts';
import { answerNotFound } from './not-found.ts';
import { openApiHead } from './openapi.ts';
import { createQuestionDesk } from './question-desk.ts';
import { QuestionError } from './question-error.ts';
import { addDeadLetterRoutes } from './routes/dead-letters.ts';
import { addFunnelRoutes } from './routes/funnels.ts';
import { addTouchpointRoutes } from './routes/touchpoints.ts';

import { translateError } from './translate-error.ts';

export interface QueryApiOptions {
  clickhouse: ClickHouse;
  authorize: Authorize;
  health: Health;
  metrics: Metrics;
  logger: Logger;
  config: QueryApiConfig;
  /** Microseconds since the epoch. */
  nowUs: () => number;
}

export interface QueryRoutes {
  /** Turns new questions away with 503 and resolves when those under way are answered. */
  drain(): Promise<void>;
}

export interface QueryApi extends QueryRoutes {
  app: FastifyInstance;
}

const retryAfterSeconds = 2;

/**
 * Adds the query API to a Fastify app that may serve other things too: the routes, parsers, hooks and error handlers
 * live in a context of their own.
 */
export function addQueryRoutes(app: FastifyInstance, options: QueryApiOptions): QueryRoutes {
  const { authorize, logger } = options;
  const desk = createQuestionDesk(options);

  app.register(async (scope) => {
    scope.setValidatorCompiler(validatorCompiler);
    scope.setSerializerCompiler(() => (value) => JSON.stringify(value));
    await scope.register(fastifySwagger, { openapi: openApiHead, transform: jsonSchemaTransform });
    await scope.register(fastifySwaggerUi, { routePrefix: '/docs' });

    scope.addHook('onRequest', async (request) => {
      if (!request.url.startsWith('/v1/')) return;
      if (desk.isDraining()) throw new QuestionError('draining', 'The service is stopping; ask again in a moment.');
      const verdict = authorize(request.headers, 'query');
      if (verdict.outcome === 'refused') throw new QuestionError(verdict.code, verdict.detail);
    });
    scope.setErrorHandler((error, request, reply) => {
      const problem = translateError(error).toProblem();
      if (problem.status >= 500) {
        logger.error({ err: error, url: request.routeOptions.url, code: problem.code }, 'question failed');
      }
      if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="michinori"');
      if (problem.status === 503) reply.header('retry-after', String(retryAfterSeconds));
      return sendProblem(reply, problem);
    });
    scope.get('/', { schema: { hide: true } }, (_request, reply) =>
      reply.type('text/html; charset=utf-8').send(landingPage),
    );
    scope.get('/openapi.json', { schema: { hide: true } }, () => scope.swagger());
    addFunnelRoutes(scope, desk);
    addTouchpointRoutes(scope, desk);
    addDeadLetterRoutes(scope, desk);
  });
  return { drain: desk.drain };
}

/** The query API as a Fastify app of its own, which listens nowhere. To stop: `drain()`, then `app.close()`. */
export function createQueryApi(options: QueryApiOptions): QueryApi {
  const app = Fastify({ logger: false, bodyLimit: options.config.bodyBytesMax });
  app.setNotFoundHandler(answerNotFound);
  addHealthRoutes(app, options);
  return { app, ...addQueryRoutes(app, options) };
}
