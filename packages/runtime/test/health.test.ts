import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { addHealthRoutes, createHealth, createMetrics } from '../src/index.ts';

function setup() {
  const health = createHealth({ checkDeadlineMs: 20 });
  const app = fastify();
  addHealthRoutes(app, { health, metrics: createMetrics({ service: 'x', version: '1', withProcessMetrics: false }) });
  const get = async (url: string) => {
    const answer = await app.inject(url);
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: answer.body,
      json: () => answer.json<{ status: string; checks: unknown[] }>(),
    };
  };
  return { health, get };
}

describe('health', () => {
  it('is live and ready without checks', async () => {
    const { get } = setup();
    expect((await get('/livez')).status).toBe(200);
    const ready = await get('/readyz');
    expect([ready.status, ready.json().status, ready.headers['cache-control']]).toEqual([200, 'ok', 'no-store']);
  });

  it('names every check and its reason', async () => {
    const { health, get } = setup();
    health.addCheck({ name: 'fine', check: () => ({ ok: true }) });
    health.addCheck({ name: 'log', check: async () => ({ ok: false, reason: 'no leader' }) });
    health.addCheck({
      name: 'throws',
      check: () => {
        throw new Error('broken');
      },
    });
    health.addCheck({ name: 'hangs', check: () => new Promise(() => {}) });
    const ready = await get('/readyz');
    expect(ready.status).toBe(503);
    expect(ready.json().checks).toEqual([
      { name: 'process', ok: true, reason: null },
      { name: 'drain', ok: true, reason: null },
      { name: 'fine', ok: true, reason: null },
      { name: 'log', ok: false, reason: 'no leader' },
      { name: 'throws', ok: false, reason: 'broken' },
      { name: 'hangs', ok: false, reason: 'no answer within 20 ms' },
    ]);
    expect((await get('/livez')).status).toBe(200);
  });

  it('is not ready but live while draining', async () => {
    const { health, get } = setup();
    health.startDraining();
    expect((await get('/readyz')).status).toBe(503);
    expect((await get('/livez')).status).toBe(200);
  });

  it('is neither after a fatal failure, with the first reason', async () => {
    const { health, get } = setup();
    health.markFatal('offsets gone');
    health.markFatal('second');
    expect((await get('/readyz')).status).toBe(503);
    const live = await get('/livez');
    expect(live.status).toBe(503);
    expect(live.text).toContain('offsets gone');
  });

  it('serves the metrics', async () => {
    const metrics = await setup().get('/metrics');
    expect(metrics.headers['content-type']).toMatch(/^text\/plain; version=/);
    expect(metrics.text).toContain('michinori_build_info');
  });
});
