import Fastify, { type FastifyInstance } from 'fastify';
import type { Health } from '../health.ts';
import { addHealthRoutes } from '../health-routes.ts';
import type { Part } from '../lifecycle.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';

/** The HTTP side of a service that nobody asks anything: health and metrics, nothing else. Built, not listening. */
export function createHealthApp(deps: { health: Health; metrics: Metrics }): FastifyInstance {
  const app = Fastify({ logger: false });
  addHealthRoutes(app, deps);
  return app;
}

/** The part of such a service that listens, from the first moment on, so that whoever looks sees what it waits for. */
export function healthServer(
  { health, metrics, logger }: { health: Health; metrics: Metrics; logger: Logger },
  { host, port }: { readonly host: string; readonly port: number },
): Part {
  const app = createHealthApp({ health, metrics });
  return {
    name: 'health server',
    async start() {
      const url = await app.listen({ host, port });
      logger.info({ url }, 'listening');
    },
    stop: () => app.close(),
  };
}
