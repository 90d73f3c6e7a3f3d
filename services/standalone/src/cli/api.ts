import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isEventLogError } from '@michinori/event-log';
import { definitionsTopic, topics } from '@michinori/events';
import { createQueryApi, QuestionError } from '@michinori/query-api';
import { createHealth, createMetrics, type KeyScope, type Logger, MichinoriError } from '@michinori/runtime';
import type { StandaloneConfig } from '../config.ts';
import { waitUntilVisible } from '../drain-log.ts';
import { isOnKafka, type Stores } from '../open-stores.ts';
import { readServerFile } from '../server-file.ts';
import { version } from '../version.ts';
import type { Io } from './io.ts';
import { commandLogger, withStores } from './stores-command.ts';
import { UsageError } from './usage-error.ts';

/** A query API: one that listens somewhere, or one in this process over stores that it has open. */
export interface Api {
  /**
   * The JSON answer.
   *
   * @throws QuestionError for 400, MichinoriError `api_refused` for any other refusal, `api_unreachable` when nobody answers
   */
  get<T>(path: string): Promise<T>;
  /** `scope`: what a key has to be allowed; `admin` unless it only asks. */
  post<T>(path: string, body?: RequestBody, scope?: KeyScope): Promise<T>;
}

/** One that takes things away, too. */
export interface FullApi extends Api {
  delete<T>(path: string): Promise<T>;
}

export interface RequestBody {
  readonly type: 'application/json' | 'text/yaml';
  readonly text: string;
}

export const jsonBody = (value: unknown): RequestBody => ({ type: 'application/json', text: JSON.stringify(value) });

interface ProblemBody {
  detail?: string;
  errors?: { pointer: string; message: string }[];
}

interface RawAnswer {
  status: number;
  text: string;
}

type Method = 'GET' | 'POST' | 'DELETE';
type Send = (method: Method, path: string, body: RequestBody | undefined) => Promise<RawAnswer>;

/** An API at an address. */
export function httpApi(url: string, key: string | undefined): FullApi {
  return createApi(url, async (method, path, body) => {
    const headers = {
      ...(body === undefined ? {} : { 'content-type': body.type }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    };
    const init = { method, headers, redirect: 'error' as const, ...(body === undefined ? {} : { body: body.text }) };
    const answer = await fetch(new URL(path, url), init);
    return { status: answer.status, text: await answer.text() };
  });
}

/** The same API over the stores of this process, without a port and without keys. */
export function embeddedApi(
  { clickhouse, log }: Pick<Stores, 'clickhouse' | 'log'>,
  config: Pick<StandaloneConfig, 'queryApi'>,
  logger: Logger,
  nowUs: () => number,
): FullApi {
  const { app } = createQueryApi({
    clickhouse,
    log,
    logger,
    nowUs,
    config: config.queryApi,
    authorize: () => ({ outcome: 'allowed', keyPrefix: null }),
    health: createHealth(),
    metrics: createMetrics({ service: 'michinori', version, withProcessMetrics: false }),
  });
  return createApi('', async (method, url, body) => {
    const headers = body === undefined ? {} : { 'content-type': body.type };
    const answer = await app.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body.text }) });
    return { status: answer.statusCode, text: answer.body };
  });
}

/** Refuses to ask a folder that holds nothing, rather than to make it. */
export function assertData({ data, log }: Pick<StandaloneConfig, 'data' | 'log'>): void {
  if (isOnKafka({ log }) || existsSync(join(data, 'log'))) return;
  throw new MichinoriError(
    'no_events',
    `There is no data in ${data}. Name its folder with --data, or send or import events first.`,
  );
}

/**
 * Gives the work an API: that of `url`, else of the data folder, with every definition of its log in the tables (`withEvents`: every event too); where a
 * process owns the folder, that of the process.
 */
export async function withApi<T>(
  io: Io,
  config: StandaloneConfig,
  flags: { url?: string; key?: string; mustExist?: boolean; withEvents?: boolean },
  work: (api: FullApi) => Promise<T>,
): Promise<T> {
  if (flags.url !== undefined) {
    if (!URL.canParse(flags.url))
      throw new UsageError(`--url is an address like http://127.0.0.1:8080, not "${flags.url}".`);
    return work(httpApi(flags.url, flags.key));
  }
  if (flags.mustExist === true) assertData(config);
  const logger = commandLogger(io, config);
  try {
    return await withStores(config, logger, async (stores) => {
      const { group } = config.processor;
      const awaited =
        flags.withEvents === true ? [topics.events, topics.deadLetters, definitionsTopic] : [definitionsTopic];
      await waitUntilVisible({ log: stores.log, group, topicNames: awaited, wait: io.wait });
      return work(embeddedApi(stores, config, logger, io.nowUs));
    });
  } catch (error) {
    const url = isEventLogError(error, 'log_locked') ? readServerFile(config.data) : undefined;
    if (url === undefined) throw error;
    return work(httpApi(url, flags.key));
  }
}

/** @param name who answers; `''` is this process */
function createApi(name: string, send: Send): FullApi {
  async function ask<T>(method: Method, path: string, scope: KeyScope, body?: RequestBody): Promise<T> {
    const { status, answer } = await readAnswer(name, send(method, path, body));
    if (status < 300) return answer as T;
    const { detail = '', errors } = answer as ProblemBody;
    if (status === 400) throw new QuestionError('invalid_request', detail || 'Bad request', errors);
    const hint = status === 401 || status === 403 ? ` Give a key with the scope ${scope}: --key KEY.` : '';
    const who = name === '' ? '' : `${name} answered ${status}: `;
    const canRetry = status === 503 || status === 429;
    throw new MichinoriError('api_refused', `${who}${detail}${hint}`, { canRetry });
  }
  return {
    get: (path) => ask('GET', path, 'query'),
    post: (path, body, scope = 'admin') => ask('POST', path, scope, body),
    delete: (path) => ask('DELETE', path, 'admin'),
  };
}

async function readAnswer(name: string, sent: Promise<RawAnswer>): Promise<{ status: number; answer: unknown }> {
  try {
    const { status, text } = await sent;
    return { status, answer: JSON.parse(text) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MichinoriError(
      'api_unreachable',
      `${name || 'The data folder'} does not answer as a query API: ${reason}`,
      {
        canRetry: true,
      },
    );
  }
}
