import type { Logger } from '@michinori/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createCors } from './cors.ts';
import type { Dialect } from './dialect.ts';
import { createRequestHandler, type HandlerOptions } from './handle-request.ts';
import { noPosthogFlags, posthogFlagPaths } from './posthog-flags.ts';
import { refuse } from './problems.ts';
import { sendRefusal } from './send-refusal.ts';

const allow = 'POST, OPTIONS';

export function refuseMethod(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.header('allow', allow);
  return sendRefusal(reply, refuse('method_not_allowed', `${request.method} is not allowed here, only ${allow}.`), 0);
}

/** Senders of CloudEvents ask whether they may ("HTTP 1.1 Web Hooks for Event Delivery" 1.0.2 §4); the key decides later. */
function webhookConsent({ headers }: FastifyRequest): Record<string, string> {
  const origin = headers['webhook-request-origin'];
  return typeof origin === 'string' ? { 'webhook-allowed-origin': origin, 'webhook-allowed-rate': '*' } : {};
}

/** Answers what the framework or a bug throws: the first with its 4xx as a problem, the second with 500 and a log line. */
export function createErrorHandler(logger: Logger) {
  return function answerError(error: unknown, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const status = (error as { statusCode?: unknown }).statusCode;
    if (error instanceof Error && typeof status === 'number' && status >= 400 && status < 500) {
      return sendRefusal(reply, refuse('malformed_http', `${error.message}.`), 0);
    }
    logger.error({ err: error }, 'a request failed');
    return sendRefusal(reply, refuse('internal_error', 'The request could not be handled. Nothing was accepted.'), 0);
  };
}

/**
 * Adds the routes of the dialects to a Fastify context of their own: bodies of any content type reach the handler as raw
 * bytes, every other method is answered 405, `OPTIONS` answers browsers. Call it inside `app.register`.
 */
export function addDialectRoutes(app: FastifyInstance, dialects: readonly Dialect[], options: HandlerOptions): void {
  const cors = createCors(options.config.corsOrigins);
  const sentTypes = new WeakMap<object, string>();
  const handle = createRequestHandler(options, (request) => sentTypes.get(request.raw) ?? null);

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.addHook('onRequest', (request, reply, done) => {
    const { headers } = request.raw;
    if (headers['content-type'] !== undefined) sentTypes.set(request.raw, headers['content-type']);
    headers['content-type'] = 'application/octet-stream';
    reply.header('cache-control', 'no-store').headers(cors.headers(request.headers.origin));
    done();
  });
  app.setErrorHandler(createErrorHandler(options.logger));

  const others = app.supportedMethods.filter((method) => method !== 'POST' && method !== 'OPTIONS');
  function addPost(path: string, answer: (request: FastifyRequest, reply: FastifyReply) => unknown): void {
    app.post(path, answer);
    app.options(path, (request, reply) => {
      const { origin, 'access-control-request-headers': wanted } = request.headers;
      const consent = webhookConsent(request);
      return reply
        .code(204)
        .headers({ allow, ...cors.preflightHeaders(origin, allow, wanted), ...consent })
        .send();
    });
    app.route({ method: others, url: path, exposeHeadRoute: false, handler: refuseMethod });
  }
  for (const dialect of dialects) addPost(dialect.path, (request, reply) => handle(request, reply, dialect));
  for (const path of posthogFlagPaths) addPost(path, (_request, reply) => reply.send(noPosthogFlags));
}
