import { Readable } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ClickHouse } from './clickhouse.ts';
import { clusterCommand, shardLocalInsert } from './cluster-commands.ts';
import { createClickHouse } from './create-clickhouse.ts';
import { clientError } from './error.ts';
import { checkIdentifier } from './insert-format.ts';
import { withoutLongParameters } from './long-parameters.ts';
import { noParameters, type Parameters } from './parameters.ts';
import type { QuerySettings } from './query.ts';
import { classifyServerError, exceptionInAnswer } from './server-errors.ts';
import { parameterValues } from './server-parameters.ts';
import { readReplicas } from './server-replicas.ts';
import { readServerSettings, writeServerSettings } from './server-settings.ts';
import { limitSettings, type Read, type Transport } from './transport.ts';

/** Where the server is and who asks. */
export interface ServerOptions {
  /** `http://host:8123` or `https://…`. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** `michinori` by default; `createDatabase` or `migrate` creates it. */
  readonly database?: string;
  /** Creates and reads tables on this cluster. */
  readonly cluster?: string;
  /** Requests that run at the same time; 10 by default. */
  readonly requestsMax?: number;
  /** How long a write may take, milliseconds; 5 minutes by default. */
  readonly writeTimeoutMsMax?: number;
  /** Asks for gzipped answers; off by default, worth it across data centres. */
  readonly compression?: boolean;
}

const answerGraceMs = 10_000;

/** Connects to a server. Opens no socket yet: `ping` tells whether it is there. */
export async function connectServer(options: ServerOptions): Promise<ClickHouse> {
  const database = checkIdentifier(options.database ?? 'michinori');
  const cluster = options.cluster === undefined ? null : checkIdentifier(options.cluster);
  const writeTimeoutMsMax = options.writeTimeoutMsMax ?? 300_000;
  const client = openClient(database);
  let replicas: number | undefined;
  let closed = false;

  function openClient(useDatabase: string): ClickHouseClient {
    return createClient({
      url: options.url,
      username: options.username ?? 'default',
      password: options.password ?? '',
      database: useDatabase,
      application: 'michinori',
      request_timeout: writeTimeoutMsMax,
      max_open_connections: options.requestsMax ?? 10,
      compression: { request: false, response: options.compression ?? false },
      log: { level: ClickHouseLogLevel.OFF },
    });
  }

  function assertOpen(what: string): void {
    if (closed) throw clientError('CLOSED', `${what}: the connection is closed`);
  }

  async function read(request: Read): Promise<string> {
    const what = `query ${request.name}`;
    assertOpen(what);
    if (request.signal?.aborted) throw clientError('ABORTED_BY_CALLER', `${what}: aborted`);
    const deadline = AbortSignal.timeout(request.limits.timeMsMax + answerGraceMs);
    const abort_signal = request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]);
    const fail = (error: unknown, phase: 'request' | 'answer') => {
      if (request.signal?.aborted) return clientError('ABORTED_BY_CALLER', `${what}: aborted`, error);
      if (deadline.aborted) return clientError('REQUEST_TIMEOUT', `${what}: no answer in time`, error);
      return classifyServerError(what, error, phase);
    };
    const { sql, parameters } = withoutLongParameters(request.sql, request.parameters, 'form');
    const answer = await client
      .query({
        query: sql,
        format: 'JSONEachRow',
        query_params: parameterValues(parameters),
        use_multipart_params_auto: true,
        clickhouse_settings: {
          ...readServerSettings(cluster, request.lane),
          ...limitSettings(request.limits),
          ...request.settings,
        },
        abort_signal,
      })
      .catch((error: unknown) => {
        throw fail(error, 'request');
      });
    const text = await answer.text().catch((error: unknown) => {
      throw fail(error, 'answer');
    });
    const exception = exceptionInAnswer(what, text, headerText(answer.response_headers['x-clickhouse-exception-tag']));
    if (exception !== null) throw exception;
    return text;
  }

  async function writeSettings(): Promise<QuerySettings> {
    if (cluster === null) return writeServerSettings(null);
    if (replicas === undefined) {
      const outside = openClient('default');
      try {
        replicas = await readReplicas(outside, cluster);
      } finally {
        await outside.close();
      }
    }
    return writeServerSettings({ replicas });
  }

  function ownSql(sql: string, isShardLocal: boolean): string {
    if (cluster === null) return sql;
    return isShardLocal ? shardLocalInsert(sql, cluster, database) : clusterCommand(sql, cluster);
  }

  async function write(what: string, sql: string, parameters: Parameters | null, body?: string, using = client) {
    assertOpen(what);
    const short = withoutLongParameters(sql, parameters ?? noParameters, 'address');
    const request = {
      query: short.sql,
      clickhouse_settings: await writeSettings(),
      query_params: parameterValues(short.parameters),
    };
    const answer = await using
      .exec(body === undefined ? request : { ...request, values: Readable.from([body], { objectMode: false }) })
      .catch((error: unknown) => {
        throw classifyServerError(what, error, 'request');
      });
    const text = await readText(answer.stream).catch((error: unknown) => {
      throw classifyServerError(what, error, 'answer');
    });
    const exception = exceptionInAnswer(what, text, headerText(answer.response_headers['x-clickhouse-exception-tag']));
    if (exception !== null) throw exception;
  }

  const transport: Transport = {
    kind: 'server',
    database,
    cluster,
    read,
    write: ({ name, sql, parameters, isShardLocal }) => write(name, ownSql(sql, isShardLocal), parameters),
    insert: (table, columns, body) =>
      write(
        `insert into ${table}`,
        `INSERT INTO ${table} (${columns.join(', ')}) FORMAT JSONCompactEachRow`,
        null,
        body,
      ),
    async createDatabase() {
      const on = cluster === null ? '' : ` ON CLUSTER ${cluster}`;
      const outside = openClient('default');
      try {
        await write('create database', `CREATE DATABASE IF NOT EXISTS ${database}${on}`, null, undefined, outside);
      } finally {
        await outside.close();
      }
    },
    async close() {
      closed = true;
      await client.close();
    },
  };
  return createClickHouse(transport);
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
