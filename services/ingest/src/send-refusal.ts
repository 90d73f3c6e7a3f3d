import { sendProblem } from '@michinori/runtime';
import type { FastifyReply } from 'fastify';
import { acceptedEncodings } from './content-encoding.ts';
import { problems, type Refusal } from './problems.ts';

/** Answers with a problem and the headers that belong to its status. */
export function sendRefusal(
  reply: FastifyReply,
  { code, detail, path }: Refusal,
  retryAfterSeconds: number,
): FastifyReply {
  const problem = problems.problem(code, detail, path === undefined ? undefined : [{ pointer: path, message: detail }]);
  const { status } = problem;
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="michinori"');
  if (status === 429 || status === 503) reply.header('retry-after', String(retryAfterSeconds));
  if (code === 'unsupported_encoding') reply.header('accept-encoding', acceptedEncodings);
  if (code === 'draining') reply.header('connection', 'close');
  return sendProblem(reply, problem);
}
