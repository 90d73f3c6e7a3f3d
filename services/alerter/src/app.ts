import { addHealthRoutes, type Health, type Metrics } from '@michinori/runtime';
import Fastify, { type FastifyInstance } from 'fastify';

/** The alerter's HTTP side: health and metrics, nothing else. Built, not listening. */
export function createAlerterApp(deps: { health: Health; metrics: Metrics }): FastifyInstance {
  const app = Fastify({ logger: false });
  addHealthRoutes(app, deps);
  return app;
}
