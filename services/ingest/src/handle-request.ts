import type { EventLog } from '@michinori/event-log';
import { limits } from '@michinori/events';
import type { Authorize, Logger } from '@michinori/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Admission, Lease } from './admission.ts';
import { refusalOfAppend } from './append-failure.ts';
import type { IngestConfig } from './config.ts';
import type { Answer, Dialect } from './dialect.ts';
import type { Drain } from './drain.ts';
import type { IngestFaults } from './faults.ts';
import type { IngestMetrics, Observation } from './ingest-metrics.ts';
import type { LogReadiness } from './log-readiness.ts';
import { type Refusal, refuse } from './problems.ts';
import { readBody } from './read-body.ts';
import { sendRefusal } from './send-refusal.ts';
import { settleWithin } from './settle-within.ts';
import { storeVerdicts } from './store-verdicts.ts';

/** `nowUs`: microseconds since the epoch. */
export interface Clock {
  nowUs(): number;
}

export interface HandlerOptions {
  log: EventLog;
  authorize: Authorize;
  admission: Admission;
  readiness: LogReadiness;
  metrics: IngestMetrics;
  logger: Logger;
  config: IngestConfig;
  clock: Clock;
  newId: () => string;
  drain: Drain;
  faults: IngestFaults;
}

type Facts = Omit<Observation, 'outcome' | 'seconds'>;

/** Takes the content type as it was sent; it is hidden from Fastify, which would refuse the ones that it doesn't know. */
export type SentContentType = (request: FastifyRequest) => string | null;

/** Requests whose key isn't known before the body is read share the limit of one key. */
const unidentified = '';

/**
 * Handles one request from its headers to its answer: may it come in, what is its body, what is the verdict on each of its
 * events, are they durable. Every step either goes on or refuses; a throw is a bug.
 */
export function createRequestHandler(options: HandlerOptions, sentContentType: SentContentType) {
  const { log, authorize, admission, readiness, metrics, logger, config, clock, newId, drain, faults } = options;

  function identify(lease: Lease, key: string | null): { outcome: 'identified' } | Refusal {
    const access = authorize(key === null ? {} : { 'x-api-key': key }, 'ingest');
    if (access.outcome === 'refused') return refuse(access.code, access.detail);
    return lease.countFor(access.keyPrefix);
  }

  async function take(request: FastifyRequest, dialect: Dialect, facts: Facts): Promise<Answer | Refusal> {
    const receivedAtUs = clock.nowUs();
    if (drain.isDraining()) return refuse('draining', 'The process is stopping. Repeat the request.');
    const access = authorize(request.headers, 'ingest');
    const mayHaveKey = dialect.hasKeyInBody === true && access.outcome === 'refused' && access.code === 'missing_key';
    if (access.outcome === 'refused' && !mayHaveKey) return refuse(access.code, access.detail);
    const entry = admission.enter(access.outcome === 'allowed' ? access.keyPrefix : unidentified);
    if (entry.outcome === 'refused') return entry;

    let storing: Promise<void> = Promise.resolve();
    try {
      const body = await readBody({
        stream: request.raw,
        contentEncoding: request.headers['content-encoding'],
        contentLength: request.headers['content-length'],
        bytesMax: limits.requestBytesMax,
        hasSilentGzip: dialect.hasSilentGzip === true,
        lease: entry.lease,
        signal: drain.bodySignal,
      });
      if (body.outcome === 'refused') return body;
      facts.wireBytes = body.wireBytes;
      facts.bodyBytes = body.bytes.length;

      const parsed = dialect.parse(body.bytes, {
        receivedAtUs,
        newId,
        contentType: sentContentType(request),
        headers: request.headers,
        query: request.query as Readonly<Record<string, unknown>>,
      });
      if (parsed.outcome === 'malformed') return refuse(parsed.code, parsed.message, parsed.path);
      if (mayHaveKey) {
        const identified = identify(entry.lease, parsed.key ?? null);
        if (identified.outcome === 'refused') return identified;
      }
      const { verdicts } = parsed;
      facts.dialect = parsed.sender ?? dialect.name;
      const accepted = verdicts.filter((verdict) => verdict.accepted).length;

      storing = storeVerdicts(verdicts, { log, dialect: facts.dialect, receivedAtUs, faults });
      const stored = await settleWithin(storing, config.appendTimeoutMs);
      if (stored.outcome === 'done') {
        await faults.at('ingest.before-answer');
        readiness.appended();
        facts.accepted = accepted;
        facts.rejected = verdicts.length - accepted;
        return dialect.answer(verdicts);
      }
      facts.unstored = verdicts.length;
      const error =
        stored.outcome === 'failed' ? stored.error : new Error(`no answer within ${config.appendTimeoutMs} ms`);
      if (readiness.failed(error)) logger.error({ err: error }, 'the event log takes no events');
      return stored.outcome === 'failed'
        ? refusalOfAppend(stored.error)
        : refuse(
            'log_unavailable',
            `The event log didn't answer within ${config.appendTimeoutMs} ms. Repeat the request.`,
          );
    } finally {
      // What the log still holds is still in memory, also when the client has been answered.
      storing.catch(() => {}).finally(entry.lease.release);
    }
  }

  return async function handleRequest(
    request: FastifyRequest,
    reply: FastifyReply,
    dialect: Dialect,
  ): Promise<FastifyReply> {
    const startedMs = performance.now();
    const facts: Facts = {
      ...{ dialect: dialect.name, accepted: 0, rejected: 0, unstored: 0 },
      ...{ wireBytes: null, bodyBytes: null },
    };
    let result: Answer | Refusal;
    try {
      result = await take(request, dialect, facts);
    } catch (error) {
      logger.error({ err: error }, 'a request failed');
      result = refuse('internal_error', 'The request could not be handled. Nothing was accepted.');
    }
    const outcome = 'outcome' in result ? result.code : result.status < 300 ? 'accepted' : 'rejected';
    metrics.observe({ ...facts, outcome, seconds: (performance.now() - startedMs) / 1000 });
    if (drain.isDraining()) reply.header('connection', 'close');
    if ('outcome' in result) {
      logger.debug({ code: result.code, dialect: facts.dialect }, 'refused');
      return sendRefusal(reply, result, config.retryAfterSeconds);
    }
    return reply.code(result.status).type('application/json; charset=utf-8').send(JSON.stringify(result.body));
  };
}
