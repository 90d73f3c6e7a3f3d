import { type Logger, sendProblem } from '@michinori/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { translateError } from './translate-error.ts';

const retryAfterSeconds = 2;

/** Answers what was thrown as problem+json; logs it when it is a fault of ours or of the store. */
export function createErrorHandler({ logger, bodyBytesMax }: { logger: Logger; bodyBytesMax: number }) {
  return function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const problem = translateError(error, bodyBytesMax).toProblem();
    const facts = { err: error, url: request.routeOptions.url, code: problem.code };
    if (problem.code === 'internal') logger.error(facts, 'question failed');
    if (problem.code === 'store_unavailable') logger.warn(facts, 'the store does not answer');
    if (problem.code === 'log_unavailable') logger.warn(facts, 'the event log does not take records');
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="michinori"');
    if (problem.status === 503) reply.header('retry-after', String(retryAfterSeconds));
    reply.header('cache-control', 'no-store');
    return sendProblem(reply, problem);
  };
}
