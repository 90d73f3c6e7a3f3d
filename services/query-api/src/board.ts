import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { boardAddresses, boardFolder } from '@michinori/board';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { landingPage } from './landing-page.ts';

/** Scripts, styles, pictures and questions come from here and nowhere else; nothing that stands in the page is run. */
const boardPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
].join('; ');

const landingPolicy = "default-src 'none'; style-src 'unsafe-inline'";

/**
 * Serves the board: its files with names that carry a hash for ever, `index.html` at every address of a page and never kept.
 * No key is asked for, because there is no data in it. Where the board hasn't been built, a page at `/` says what runs here.
 */
export async function addBoard(scope: FastifyInstance, folder: string = boardFolder): Promise<void> {
  if (readIndex(folder) === null) {
    scope.get('/', { schema: { hide: true } }, (request, reply) =>
      sendPage(reply, landingPage(request.host), landingPolicy),
    );
    return;
  }
  await scope.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    decorateReply: false,
    index: false,
    preCompressed: true,
    immutable: true,
    maxAge: '365d',
    schemaHide: true,
    setHeaders: (reply) => {
      reply.header('x-content-type-options', 'nosniff');
    },
  });
  for (const address of boardAddresses) {
    // Read each time: whoever builds the board anew while the process runs is sent the new names of its files.
    scope.get(address, { schema: { hide: true } }, (_request, reply) =>
      sendPage(reply, readIndex(folder) ?? '', boardPolicy),
    );
  }
}

function sendPage(reply: FastifyReply, page: string, policy: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-cache')
    .header('content-security-policy', policy)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'same-origin')
    .send(page);
}

function readIndex(folder: string): string | null {
  try {
    return readFileSync(join(folder, 'index.html'), 'utf8');
  } catch {
    return null;
  }
}
