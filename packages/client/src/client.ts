import { jsonLines } from './lines.ts';
import { answerCut, noAnswer, ProblemError, refusal, unexpectedAnswer } from './problem-error.ts';
import type { Answer, PagedMeta, Question } from './question.ts';
import { type Format, requestOf } from './request.ts';
import { passingStatuses, readRetryAfter, retryWaitMs, wait } from './retry.ts';

export interface ClientOptions {
  /** Address of the query API, e.g. `http://127.0.0.1:8080`; a path in it is kept. */
  url: string | URL;
  /** API key with the scope `query`, or `admin` to write; leave it out where no keys are in use. */
  key?: string | undefined;
  /** Instead of the global `fetch`. */
  fetch?: typeof fetch | undefined;
  /** Attempts after the first one at 429, 503 or no answer; default 3. Every question can be repeated without harm. */
  retriesMax?: number | undefined;
}

export interface CallOptions {
  /** Ends the question and what waits for it; the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** Rows that arrive one by one. `meta` comes before them; of a very large one the lists may be missing. */
export interface RowStream<Row, Meta> {
  meta: Partial<Meta>;
  rows: AsyncGenerator<Row, void>;
}

/** CSV as it arrives: RFC 4180 in UTF-8, with a heading. */
export interface CsvStream<Meta> {
  meta: Partial<Meta>;
  body: ReadableStream<Uint8Array>;
}

export interface Client {
  /** Asks (or writes) and waits for the whole answer. @throws ProblemError */
  ask<Row, Meta>(question: Question<Row, Meta>, options?: CallOptions): Promise<Answer<Row, Meta>>;
  /** Page after page of a question with a cursor, from the one that it names or the first. @throws ProblemError */
  pages<Row, Meta extends PagedMeta>(
    question: Question<Row, Meta>,
    options?: CallOptions,
  ): AsyncGenerator<Answer<Row, Meta>, void>;
  /** The rows of all pages; the next page is asked for when its first row is. @throws ProblemError */
  all<Row, Meta extends PagedMeta>(question: Question<Row, Meta>, options?: CallOptions): AsyncGenerator<Row, void>;
  /** The rows as NDJSON, one by one. @throws ProblemError, also while the rows are read (`answer_cut`) */
  stream<Row, Meta>(question: Question<Row, Meta>, options?: CallOptions): Promise<RowStream<Row, Meta>>;
  /** The rows as CSV. @throws ProblemError */
  csv<Row, Meta>(question: Question<Row, Meta>, options?: CallOptions): Promise<CsvStream<Meta>>;
}

type AnyQuestion = Question<unknown, unknown>;

/** A client of one query API. It opens nothing and holds nothing. */
export function createClient({ url, key, fetch: given, retriesMax = 3 }: ClientOptions): Client {
  const base = String(url);
  const call: typeof fetch = given ?? ((input, init) => fetch(input, init));

  async function attempt(question: AnyQuestion, format: Format, signal?: AbortSignal): Promise<Response> {
    const request = requestOf(question, { base, key, format });
    const response = await call(request.url, { ...request.init, ...(signal && { signal }) }).catch((error: unknown) => {
      if (signal?.aborted) throw signal.reason;
      throw noAnswer(base, error);
    });
    if (response.ok) return response;
    const retryAfter = readRetryAfter(response.headers.get('retry-after'), Date.now());
    throw refusal(response.status, await textOf(response, signal), retryAfter);
  }

  async function send(question: AnyQuestion, format: Format, signal?: AbortSignal): Promise<Response> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt(question, format, signal);
      } catch (error) {
        const waitMs = tries > retriesMax ? null : waitBefore(error, tries);
        if (waitMs === null) throw error;
        await wait(waitMs, signal);
      }
    }
  }

  async function ask<Row, Meta>(question: Question<Row, Meta>, { signal }: CallOptions = {}) {
    const response = await send(question, 'json', signal);
    const text = await textOf(response, signal);
    const answer = parseAnswer(text);
    if (answer === null) throw unexpectedAnswer(response.status, text);
    return answer as Answer<Row, Meta>;
  }

  async function* pages<Row, Meta extends PagedMeta>(question: Question<Row, Meta>, options: CallOptions = {}) {
    for (let page = question; ; ) {
      const answer = await ask(page, options);
      yield answer;
      const { cursor } = answer.meta;
      if (cursor === null) return;
      page = withCursor(question, cursor);
    }
  }

  async function sendForStream(question: AnyQuestion, format: Format, signal: AbortSignal | undefined) {
    const response = await send(question, format, signal);
    const { body, status, headers } = response;
    const meta = parseMeta(headers.get('michinori-meta'));
    if (body === null || meta === null)
      throw unexpectedAnswer(status, body === null ? '' : await textOf(response, signal));
    return { body, meta, status };
  }

  return {
    ask,
    pages,
    async *all(question, options) {
      for await (const { rows } of pages(question, options)) yield* rows;
    },
    async stream<Row, Meta>(question: Question<Row, Meta>, { signal }: CallOptions = {}) {
      const { body, meta, status } = await sendForStream(question, 'ndjson', signal);
      return { meta: meta as Partial<Meta>, rows: rowsOf<Row>(body, status, signal) };
    },
    async csv<Row, Meta>(question: Question<Row, Meta>, { signal }: CallOptions = {}) {
      const { body, meta } = await sendForStream(question, 'csv', signal);
      return { meta: meta as Partial<Meta>, body };
    },
  };
}

function waitBefore(error: unknown, tries: number): number | null {
  if (!(error instanceof ProblemError)) return null;
  const mayPass = error.code === 'no_answer' || passingStatuses.includes(error.status);
  return mayPass ? retryWaitMs(tries, error.retryAfterSeconds, Math.random()) : null;
}

async function textOf(response: Response, signal: AbortSignal | undefined): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw answerCut(response.status, error);
  }
}

async function* rowsOf<Row>(body: ReadableStream<Uint8Array>, status: number, signal: AbortSignal | undefined) {
  try {
    for await (const row of jsonLines(body)) yield row as Row;
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw answerCut(status, error);
  }
}

function parseAnswer(text: string): Answer<unknown, unknown> | null {
  const answer = parseJson(text) as Partial<Answer<unknown, unknown>> | null;
  return Array.isArray(answer?.rows) ? (answer as Answer<unknown, unknown>) : null;
}

const parseMeta = (header: string | null): object | null =>
  header === null ? null : (parseJson(header) as object | null);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function withCursor<Row, Meta>(question: Question<Row, Meta>, cursor: string): Question<Row, Meta> {
  const { body, query } = question;
  if (typeof body === 'object') return { ...question, body: { ...body, cursor } };
  return { ...question, query: { ...query, cursor } };
}
