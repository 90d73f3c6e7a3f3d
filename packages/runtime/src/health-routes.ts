import type { FastifyInstance } from 'fastify';
import type { Health, HealthReport } from './health.ts';
import type { Metrics } from './metrics.ts';

function answer({ ok, checks }: HealthReport) {
  return { status: ok ? 'ok' : 'unavailable', checks };
}

/**
 * Adds `GET /livez`, `/readyz` (200 or 503, with every check and its reason) and `/metrics` to a Fastify app. They need
 * no key, are never cached, and go on answering while the process drains.
 */
export function addHealthRoutes(app: FastifyInstance, { health, metrics }: { health: Health; metrics: Metrics }): void {
  app.get('/livez', (_request, reply) => {
    const report = health.live();
    return reply
      .code(report.ok ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(answer(report));
  });

  app.get('/readyz', async (_request, reply) => {
    const report = await health.ready();
    return reply
      .code(report.ok ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(answer(report));
  });

  app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await metrics.exposition();
    return reply.header('content-type', contentType).header('cache-control', 'no-store').send(text);
  });
}
