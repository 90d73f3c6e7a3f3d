import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { QuestionError } from '../question-error.ts';
import { contentTypes, formatOf, formats } from './format.ts';
import { type Answer, serialise } from './serialise.ts';

/**
 * Sends an answer in the format that was asked for, with an ETag over its content (`generatedInMs` left out, so that
 * the same answer has the same tag); a GET whose `If-None-Match` names it gets 304.
 */
export function sendAnswer(request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply {
  const format = formatOf(request);
  if (format === undefined) {
    throw new QuestionError('unknown_format', `Ask for one of ${formats.join(', ')} by ?format= or by Accept.`);
  }
  const { generatedInMs: _generatedInMs, ...stable } = answer.meta;
  const etag = `"${createHash('sha256')
    .update(`${format}\n${JSON.stringify([answer.rows, stable])}`)
    .digest('base64url')
    .slice(0, 27)}"`;
  reply.header('etag', etag).header('cache-control', 'private, no-cache').header('vary', 'accept, authorization');
  if (format !== 'json') reply.header('michinori-meta', encodeMeta(answer.meta));
  if (request.method === 'GET' && wasSeen(request.headers['if-none-match'], etag)) return reply.code(304).send();
  return reply.type(contentTypes[format]).send(serialise(answer, format));
}

function wasSeen(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}

/** JSON with everything outside of ASCII escaped: what a header may carry. */
function encodeMeta(meta: Answer['meta']): string {
  return JSON.stringify(meta).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
