import { sendProblem } from '@michinori/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { QuestionError } from './question-error.ts';

/** 405 with `Allow` where another method would do, else 404. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const url = request.url.split('?', 1)[0] ?? '/';
  const allowed = (['GET', 'POST'] as const).filter((method) => request.server.hasRoute({ method, url }));
  if (allowed.length === 0) {
    return sendProblem(
      reply,
      new QuestionError('not_found', `There is nothing at ${url.slice(0, 200)}; see /docs.`).toProblem(),
    );
  }
  reply.header('allow', allowed.join(', '));
  const error = new QuestionError('method_not_allowed', `${url} answers ${allowed.join(' and ')}.`);
  return sendProblem(reply, error.toProblem());
}
