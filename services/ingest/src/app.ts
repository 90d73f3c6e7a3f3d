import type { EventLog } from '@michinori/event-log';
import {
  addHealthRoutes,
  createAccess,
  createHealth,
  createSilentLogger,
  didYouMean,
  type Health,
  type KeyStore,
  type Logger,
  type Metrics,
} from '@michinori/runtime';
import fastify, { type FastifyInstance } from 'fastify';
import { createAdmission } from './admission.ts';
import { createClientErrorHandler } from './client-errors.ts';
import type { IngestConfig } from './config.ts';
import { createConnections } from './connections.ts';
import { createDrain } from './drain.ts';
import { type IngestFaults, noIngestFaults } from './faults.ts';
import type { Clock } from './handle-request.ts';
import { createIngestMetrics } from './ingest-metrics.ts';
import { createLogReadiness } from './log-readiness.ts';
import { refuse } from './problems.ts';
import { addDialectRoutes, createErrorHandler, refuseMethod } from './routes.ts';
import { sendRefusal } from './send-refusal.ts';
import { createUuidV7 } from './uuid-v7.ts';
import { dialects } from './vendor-dialects.ts';

export interface IngestOptions {
  log: EventLog;
  keys: KeyStore;
  metrics: Metrics;
  logger: Logger;
  config: IngestConfig;
  /** Default: the system's clock. */
  clock?: Clock;
  /** Ids for events that bring none; default UUIDv7. */
  newId?: () => string;
  faults?: IngestFaults;
}

const systemClock: Clock = { nowUs: () => Date.now() * 1000 };

export interface IngestRoutes {
  /** New requests are refused; resolves when everything that was inside has been decided. */
  drain(): Promise<void>;
}

/**
 * Adds ingest to a Fastify app that serves other things too. The routes live in a context of their own, so the app's
 * parsers and handlers stay as they are. Also adds the readiness check `event-log`.
 */
export function addIngestRoutes(app: FastifyInstance, options: IngestOptions & { health: Health }): IngestRoutes {
  const { log, keys, metrics, logger, config, health } = options;
  const { clock = systemClock, faults = noIngestFaults } = options;
  const newId = options.newId ?? createUuidV7(() => Math.floor(clock.nowUs() / 1000));
  const admission = createAdmission(config);
  const readiness = createLogReadiness({ log, nowUs: () => clock.nowUs() });
  const drain = createDrain({ admission, bodyTimeoutMs: config.drainBodyTimeoutMs });
  const authorize = createAccess({ keys, host: config.host, allowedOrigins: config.corsOrigins });
  const ingestMetrics = createIngestMetrics(metrics, admission);
  const handler = {
    ...{ log, authorize, admission, readiness, logger, config, clock, newId, drain, faults },
    metrics: ingestMetrics,
  };
  health.addCheck({ name: 'event-log', check: readiness.check });
  app.register((scope, _options, done) => {
    addDialectRoutes(scope, dialects, handler);
    done();
  });
  return { drain: drain.drain };
}

/** An ingest server that doesn't listen yet. To stop: `drain()`, then `app.close()`. */
export interface Ingest extends IngestRoutes {
  app: FastifyInstance;
  health: Health;
}

/**
 * A Fastify app with ingest's limits on connections, headers and slow requests, without any route: for `createIngest`,
 * and for a process that serves other things from the same port.
 */
export function createIngestServer({ config, logger }: { config: IngestConfig; logger?: Logger }): FastifyInstance {
  const connections = createConnections();
  const app = fastify({
    frameworkErrors: createErrorHandler(logger ?? createSilentLogger()),
    // Standalone serves customers by id on this server too: 256 characters, each as up to twelve bytes of a URL.
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 3072 },
    return503OnClosing: false,
    requestTimeout: config.requestTimeoutMs,
    keepAliveTimeout: config.keepAliveTimeoutMs,
    clientErrorHandler: createClientErrorHandler(connections),
    http: {
      headersTimeout: Math.min(config.headersTimeoutMs, config.requestTimeoutMs),
      connectionsCheckingInterval: Math.min(1000, config.headersTimeoutMs),
      maxHeaderSize: config.headerBytesMax,
    },
  });
  app.server.maxConnections = config.connectionsMax;
  app.server.on('connection', connections.opened);
  app.addHook('onRequest', (request, reply, done) => {
    connections.began(request.raw, reply.raw);
    done();
  });
  app.addHook('preClose', (done) => {
    connections.endIdle();
    done();
  });
  return app;
}

/** Ingest as a server of its own. `health`: of the process, where there is one already. */
export function createIngest(options: IngestOptions & { health?: Health }): Ingest {
  const { config, metrics, logger } = options;
  const app = createIngestServer({ config, logger });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.setErrorHandler(createErrorHandler(logger));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    if (dialects.some((dialect) => dialect.path === path.replace(/\/+$/, ''))) return refuseMethod(request, reply);
    const known = [...dialects.map((dialect) => dialect.path), '/livez', '/readyz', '/metrics'];
    return sendRefusal(
      reply,
      refuse('not_found', `There is nothing at ${path.slice(0, 200)}.${didYouMean(path, known)}`),
      0,
    );
  });

  const health = options.health ?? createHealth();
  const routes = addIngestRoutes(app, { ...options, health });
  addHealthRoutes(app, { health, metrics });
  return {
    app,
    health,
    drain() {
      health.startDraining();
      return routes.drain();
    },
  };
}
