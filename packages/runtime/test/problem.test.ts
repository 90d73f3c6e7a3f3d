import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { createProblemRegistry, sendProblem } from '../src/index.ts';

const registry = createProblemRegistry({ missing_key: { status: 401, title: 'No API key' } });

describe('problems', () => {
  it('carry the members of RFC 9457 and a code', () => {
    expect(registry.problem('missing_key', 'Send one.', [{ pointer: '/a', message: 'b' }])).toEqual({
      type: 'urn:michinori:problem:missing_key',
      title: 'No API key',
      status: 401,
      code: 'missing_key',
      detail: 'Send one.',
      errors: [{ pointer: '/a', message: 'b' }],
    });
    expect(registry.problem('missing_key', 'Send one.', [])).not.toHaveProperty('errors');
    expect(registry.codes).toEqual(['missing_key']);
  });

  it('must be registered, and registered sensibly', () => {
    expect(() => registry.problem('toString' as 'missing_key', 'x')).toThrow(
      expect.objectContaining({ code: 'problem_code' }),
    );
    for (const [code, kind] of [
      ['Bad', { status: 400, title: 'x' }],
      ['ok', { status: 200, title: 'x' }],
      ['ok', { status: 499, title: 'x' }],
      ['ok', { status: 400, title: '' }],
    ] as const) {
      expect(() => createProblemRegistry({ [code]: kind })).toThrow(expect.objectContaining({ code: 'problem_code' }));
    }
  });

  it('are sent with status and content type', async () => {
    const app = fastify();
    app.get('/', (_request, reply) => sendProblem(reply, registry.problem('missing_key', 'Send one.')));
    const answer = await app.inject('/');
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.json()).toMatchObject({ code: 'missing_key', status: 401 });
  });
});
