import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type Engine, type EngineAnswer, openEngine } from './clickhouse-http-engine.ts';
import type { FaultPlan, HttpFault } from './clickhouse-http-faults.ts';
import { type ProtocolRequest, readProtocolRequest } from './clickhouse-http-request.ts';

/** Where the server keeps its data and who may ask. */
export interface ListenerOptions {
  readonly path: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

/** A listening server. */
export interface Listener {
  readonly port: number;
  /** Stops listening, cuts all sockets, lets go of the engine. */
  close(): Promise<void>;
}

const exceptionTag = 'michinoritesttag';
const pretended: EngineAnswer = { outcome: 'ok', bytes: new Uint8Array(), rowsRead: 0, bytesRead: 0 };

function statusOf(code: number): number {
  if (code === 516 || code === 192 || code === 193) return 403;
  if (code === 60 || code === 81) return 404;
  return code === 62 || code === 6 ? 400 : 500;
}

async function answer(engine: Engine, request: ProtocolRequest, options: ListenerOptions): Promise<EngineAnswer> {
  if (request.user !== options.username || request.password !== options.password) {
    const message = `Code: 516. DB::Exception: ${request.user}: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)`;
    return { outcome: 'exception', code: 516, message };
  }
  return engine.run(request);
}

function cut(socket: Socket | null, { isReset }: { readonly isReset?: boolean }): void {
  if (isReset === true) socket?.resetAndDestroy();
  else socket?.destroy();
}

function send(response: ServerResponse, request: ProtocolRequest, result: EngineAnswer, fault: HttpFault | null): void {
  const ok = result.outcome === 'ok';
  const plain = ok ? Buffer.from(result.bytes) : Buffer.from(`${result.message}\n`);
  const rows = ok ? result.rowsRead : 0;
  response.setHeader('X-ClickHouse-Query-Id', request.queryId ?? randomUUID());
  response.setHeader('X-ClickHouse-Server-Display-Name', 'chdb');
  response.setHeader('X-ClickHouse-Timezone', 'UTC');
  response.setHeader('X-ClickHouse-Format', request.format);
  response.setHeader('X-ClickHouse-Summary', JSON.stringify({ read_rows: String(rows), written_rows: '0' }));
  response.setHeader('X-ClickHouse-Exception-Tag', exceptionTag);
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
  if (!ok) response.setHeader('X-ClickHouse-Exception-Code', String(result.code));
  response.statusCode = ok ? 200 : statusOf(result.code);

  if (fault?.kind === 'exception-mid-answer') {
    const message = `Code: ${fault.code}. DB::Exception: made by a test. (MADE_BY_A_TEST)\n`;
    if (!fault.tagged) response.removeHeader('X-ClickHouse-Exception-Tag');
    const tail = fault.tagged
      ? `\r\n__exception__\r\n${exceptionTag}\r\n${message}${message.length} ${exceptionTag}\r\n__exception__\r\n`
      : `\n${message}`;
    response.end(Buffer.concat([plain.subarray(0, plain.length / 2), Buffer.from(tail)]));
    return;
  }
  const body = request.gzip ? gzipSync(plain) : plain;
  if (request.gzip) response.setHeader('Content-Encoding', 'gzip');
  if (fault?.kind === 'cut' && fault.at === 'mid-answer') {
    response.setHeader('Content-Length', body.length + 1);
    response.write(body.subarray(0, Math.ceil(body.length / 2)), () => cut(response.socket, fault));
    if (body.length === 0) response.flushHeaders();
    return;
  }
  response.end(body);
}

/** Starts to listen. Resolves when the port is open. */
export async function startListener(options: ListenerOptions, faults: FaultPlan): Promise<Listener> {
  const engine = openEngine(options.path);
  const running = new Set<Promise<void>>();

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(incoming.url ?? '/', 'http://localhost').pathname;
    if (path === '/ping') return void response.end('Ok.\n');
    const request = await readProtocolRequest(incoming);
    const fault = faults.take(request.sql);
    if (fault?.kind === 'delay') await delay(fault.ms);
    if (fault?.kind === 'status')
      return void response.writeHead(fault.status, { 'Content-Type': 'text/html' }).end(fault.body);
    if (fault?.kind === 'cut' && fault.at === 'before-query') return cut(incoming.socket, fault);
    const result = fault?.kind === 'pretend' ? pretended : await answer(engine, request, options);
    if (fault?.kind === 'cut' && fault.at === 'after-query') return cut(incoming.socket, fault);
    send(response, request, result, fault);
  }

  const server: Server = createServer((incoming, response) => {
    const done = handle(incoming, response).catch(() => {
      incoming.socket.destroy();
    });
    running.add(done);
    done.finally(() => running.delete(done));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await Promise.all(running);
      engine.close();
    },
  };
}
