import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { contentTypes, type Format, formatOf } from './format.ts';
import { type Answer, serialise } from './serialise.ts';

/**
 * Sends an answer in the format that was asked for, with an ETag over its content (`generatedInMs` left out, so that
 * the same answer has the same tag); a GET or HEAD whose `If-None-Match` names it gets 304.
 */
export function sendAnswer(request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply {
  const format = formatOf(request);
  const etag = entityTag(format, answer);
  reply
    .header('etag', etag)
    .header('cache-control', 'private, no-cache')
    .header('vary', 'accept, authorization, x-api-key');
  if (format !== 'json') reply.header('michinori-meta', encodeMeta(answer.meta));
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead && wasSeen(request.headers['if-none-match'], etag)) return reply.code(304).send();
  return reply.type(contentTypes[format]).send(serialise(answer, format));
}

function entityTag(format: Format, { rows, meta }: Answer): string {
  const { generatedInMs: _, ...stable } = meta;
  const digest = createHash('sha256')
    .update(`${format}\n${JSON.stringify([rows, stable])}`)
    .digest('base64url');
  return `"${digest.slice(0, 27)}"`;
}

function wasSeen(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}

const metaBytesMax = 6_000;

/** JSON with everything outside of ASCII escaped: what a header may carry. The longest list is left out if it has to be. */
function encodeMeta(meta: Answer['meta']): string {
  const text = asciiJson(meta);
  if (text.length <= metaBytesMax) return text;
  return asciiJson(Object.fromEntries(Object.entries(meta).filter(([, value]) => !Array.isArray(value))));
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
