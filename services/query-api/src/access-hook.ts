import type { Authorize, KeyScope } from '@michinori/runtime';
import type { FastifyInstance } from 'fastify';
import { QuestionError } from './question-error.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Scope that the route asks of a key; `query` if it says nothing. */
    keyScope?: KeyScope;
  }
  interface FastifyRequest {
    /** Visible part of the key that was used, `''` where none was asked for. */
    keyPrefix: string;
  }
}

/** Asks for a key with the scope of the route before anything of the request is read. */
export function addAccessHook(scope: FastifyInstance, authorize: Authorize): void {
  scope.decorateRequest('keyPrefix', '');
  scope.addHook('onRequest', async (request) => {
    const verdict = authorize(request.headers, request.routeOptions.config.keyScope ?? 'query');
    if (verdict.outcome === 'refused') throw new QuestionError(verdict.code, verdict.detail);
    request.keyPrefix = verdict.keyPrefix ?? '';
  });
}
