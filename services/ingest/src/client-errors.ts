import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { problemContentType } from '@michinori/runtime';
import type { Connections } from './connections.ts';
import { type ProblemCode, problems } from './problems.ts';

const byErrorCode = new Map<string, { code: ProblemCode; detail: string }>([
  ['ERR_HTTP_REQUEST_TIMEOUT', { code: 'request_timeout', detail: 'The request did not arrive in time.' }],
  ['HPE_HEADER_OVERFLOW', { code: 'headers_too_large', detail: 'The headers are larger than this server takes.' }],
]);

function rawAnswer(errorCode: string | undefined): string {
  const known = byErrorCode.get(errorCode ?? '');
  const code = known?.code ?? 'malformed_http';
  const problem = problems.problem(code, known?.detail ?? 'The request is not valid HTTP.');
  const body = JSON.stringify(problem);
  return (
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\nContent-Type: ${problemContentType}; charset=utf-8\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`
  );
}

/**
 * Answers what is not a request: bad syntax, too large headers, too slow. If complete requests before it on the same
 * connection are still being handled, theirs are the next answers: they are given first, then the connection ends.
 */
export function createClientErrorHandler(connections: Connections) {
  return function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
    if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
      socket.destroy();
      return;
    }
    const unanswered = connections.unanswered(socket);
    const complete = unanswered.filter(({ request }) => request.complete);
    const last = complete.at(-1);
    if (last !== undefined) {
      last.response.once('close', () => socket.destroy());
      return;
    }
    const hasBegunToAnswer = unanswered.some(({ response }) => response.headersSent);
    if (hasBegunToAnswer) socket.destroy();
    else socket.end(rawAnswer(error.code), () => socket.destroy());
  };
}
