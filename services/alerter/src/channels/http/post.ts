import { type ClientRequest, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Failure } from '../delivery-reasons.ts';
import type { AddressPolicy } from './address-policy.ts';
import { connectionFailure } from './connection-failure.ts';
import { guardedLookup, literalFault, type Resolve, systemResolve } from './guarded-lookup.ts';
import { readBounded } from './read-bounded.ts';

/** How a sender reaches its receivers. */
export interface PostSettings {
  readonly policy: AddressPolicy;
  /** Until the connection stands, including the name and TLS, ms. */
  readonly connectMsMax: number;
  /** Of the whole attempt, ms. */
  readonly wholeMsMax: number;
  /** Certificates to trust instead of the system's, PEM. */
  readonly ca?: string | null;
  readonly resolve?: Resolve;
}

export interface PostRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

export type PostResult =
  /** A response of whatever status. `text`: the beginning of its body. */
  | { readonly outcome: 'answered'; readonly status: number; readonly retryAfter: string | null; readonly text: string }
  | ({ readonly outcome: 'failed' } & Failure);

/** Posts a body. Never rejects. */
export type Post = (request: PostRequest) => Promise<PostResult>;

const responseBytesMax = 16 * 1024;

/**
 * Makes a sender of POST requests: no redirect is followed, no connection is kept, no proxy is asked; the address is judged where it is connected to; the
 * time of connecting and of the whole is bounded, and so is what is read of the answer. A status that came counts even if its body never ends.
 */
export function createPost(settings: PostSettings): Post {
  const { policy, connectMsMax, wholeMsMax, ca = null, resolve = systemResolve } = settings;
  const lookup = guardedLookup(policy, resolve);

  return ({ url, headers, body, signal }) =>
    new Promise((settle) => {
      const bytes = Buffer.from(body, 'utf8');
      const options: RequestOptions & { ca?: string } = {
        method: 'POST',
        headers: { ...headers, 'content-length': String(bytes.length), connection: 'close' },
        agent: false,
        lookup,
        ...(ca === null ? {} : { ca }),
      };
      const failed = (failure: Failure): void => finish({ outcome: 'failed', ...failure });
      let isConnected = false;
      let request: ClientRequest | undefined;
      const finish = (result: PostResult): void => {
        clearTimeout(connecting);
        clearTimeout(whole);
        signal.removeEventListener('abort', giveUp);
        settle(result);
        request?.destroy();
      };
      const giveUp = (): void => failed({ reason: 'connection_lost', detail: 'given up' });
      const late = (reason: 'connect_timeout' | 'timeout', afterMs: number) => (): void =>
        failed({ reason, detail: `after ${afterMs} ms` });
      const connecting = setTimeout(late('connect_timeout', connectMsMax), connectMsMax);
      let whole = setTimeout(late('timeout', wholeMsMax), wholeMsMax);
      signal.addEventListener('abort', giveUp);

      const fault = literalFault(policy, url.hostname);
      if (fault !== null || signal.aborted) {
        if (fault === null) giveUp();
        else failed(connectionFailure(fault, false));
        return;
      }
      const isSecure = url.protocol === 'https:';
      const deadlineMs = performance.now() + wholeMsMax;
      request = (isSecure ? requestHttps : requestHttp)(url, options);
      request.once('socket', (socket) => {
        socket.once(isSecure ? 'secureConnect' : 'connect', () => {
          isConnected = true;
          clearTimeout(connecting);
        });
      });
      request.on('error', (error) => failed(connectionFailure(error, isConnected)));
      request.once('response', (response) => {
        const answer = (text: string): void =>
          finish({
            outcome: 'answered',
            status: response.statusCode ?? 0,
            retryAfter: response.headers['retry-after'] ?? null,
            text,
          });
        clearTimeout(whole);
        whole = setTimeout(() => answer(''), Math.max(0, deadlineMs - performance.now()));
        void readBounded(response, responseBytesMax).then(answer);
      });
      request.end(bytes);
    });
}
