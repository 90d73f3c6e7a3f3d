import { didYouMean, sendProblem } from '@michinori/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { QuestionError } from './question-error.ts';
import { questionPaths } from './routes/paths.ts';

const methods = ['GET', 'HEAD', 'POST'] as const;
const otherPaths = [
  '/',
  '/funnel',
  '/customers',
  '/data',
  '/docs',
  '/openapi.json',
  '/livez',
  '/readyz',
  '/metrics',
  '/v1/events',
];

/** `OPTIONS` gets 204 with `Allow`, another wrong method 405 with it; else 404 with the nearest path. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?', 1)[0] ?? '/';
  const allowed = allowedAt(request.server, path);
  if (allowed.length === 0) {
    const hint = didYouMean(path, [...questionPaths, ...otherPaths]) || ' See /docs.';
    const detail = `There is nothing at ${path.slice(0, 200)}.${hint}`;
    return sendProblem(reply, new QuestionError('not_found', detail).toProblem());
  }
  reply.header('allow', [...allowed, 'OPTIONS'].join(', '));
  if (request.method === 'OPTIONS') return reply.code(204).send();
  const error = new QuestionError('method_not_allowed', `${path} takes ${allowed.join(', ')}; not ${request.method}.`);
  return sendProblem(reply, error.toProblem());
}

function allowedAt(app: FastifyInstance, path: string): string[] {
  const parts = path.split('/');
  const pattern = questionPaths.find((known) => isPathOf(known.split('/'), parts));
  const url = pattern === undefined ? path : pattern.replace(/\{(\w+)\}/g, ':$1');
  return methods.filter((method) => app.hasRoute({ method, url }));
}

function isPathOf(known: readonly string[], parts: readonly string[]): boolean {
  if (known.length !== parts.length) return false;
  return known.every((part, index) => part === parts[index] || (part.startsWith('{') && parts[index] !== ''));
}
