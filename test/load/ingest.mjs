// Ingest beside a bare Fastify server that only parses the JSON, in turns, in one run; every request has new event ids.
// node test/load/ingest.mjs [seconds per turn] [turns]
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastify from 'fastify';
import { nativeEvent } from './events.mjs';
import { count, median, table } from './measure.mjs';

const connections = 16;
const bodiesMade = 64;
const self = fileURLToPath(import.meta.url);

async function startBare() {
  const app = fastify({ bodyLimit: 8 << 20 });
  app.post('/v1/events', (request, reply) =>
    reply.code(202).send({ accepted: [].concat(request.body).length, rejected: [] }),
  );
  return app;
}

async function startIngest() {
  const { createIngest, ingestSettings } = await import('@michinori/ingest');
  const { openEmbeddedLog } = await import('@michinori/event-log/embedded');
  const runtime = await import('@michinori/runtime');
  const folder = mkdtempSync(join(tmpdir(), 'michinori-load-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return createIngest({
    log: await openEmbeddedLog({ path: join(folder, 'log'), partitions: 1 }),
    keys: runtime.createKeyStore({ file: join(folder, 'keys.json') }),
    metrics: runtime.createMetrics({ service: 'ingest', version: '0' }),
    logger: runtime.createSilentLogger(),
    config: ingestSettings.parse({}),
  }).app;
}

async function serve(kind) {
  const app = kind === 'bare' ? await startBare() : await startIngest();
  await app.listen({ port: 0, host: '127.0.0.1' });
  process.send(app.server.address().port);
  process.once('disconnect', () => process.exit(0));
}

function requestsOf(batch) {
  return Array.from({ length: bodiesMade }, (_, number) => {
    const events = Array.from({ length: batch }, (_, index) => nativeEvent(number * batch + index));
    const body = Buffer.from(JSON.stringify(batch === 1 ? events[0] : events));
    const head = `POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), body]);
  });
}

function load(port, requests, lastsSeconds) {
  const end = performance.now() + lastsSeconds * 1000;
  let done = 0;
  const runs = Array.from(
    { length: connections },
    () =>
      new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.1');
        socket.setNoDelay(true);
        socket.on('error', reject);
        socket.on('data', (bytes) => {
          const text = bytes.toString('latin1');
          if (!text.startsWith('HTTP/1.1 202')) return reject(new Error(text));
          done += 1;
          if (performance.now() < end) socket.write(requests[done % bodiesMade]);
          else socket.end(resolve);
        });
        socket.write(requests[0]);
      }),
  );
  const begin = performance.now();
  return Promise.all(runs).then(() => done / ((performance.now() - begin) / 1000));
}

/** Events per second of both servers, one event a request and 500, and the ratio. */
export async function measureIngest({ turnSeconds = 4, turns = 5 } = {}) {
  const kinds = ['bare', 'ingest'];
  const servers = kinds.map((kind) => fork(self, ['serve', kind]));
  const ports = await Promise.all(servers.map((server) => new Promise((resolve) => server.once('message', resolve))));
  const rows = [];
  for (const batch of [1, 500]) {
    const requests = requestsOf(batch);
    const rates = kinds.map(() => []);
    for (const port of ports) await load(port, requests, 1);
    for (let turn = 0; turn < turns; turn += 1) {
      for (const [index, port] of ports.entries()) rates[index].push((await load(port, requests, turnSeconds)) * batch);
    }
    const [bare, ours] = rates.map(median);
    rows.push([`${batch} event${batch > 1 ? 's' : ''} a request`, count(ours), count(bare), (ours / bare).toFixed(2)]);
  }
  for (const server of servers) server.disconnect();
  return table(['ingest (durable when answered)', 'events/s', 'bare Fastify + JSON.parse, events/s', 'ratio'], rows);
}

if (process.argv[2] === 'serve') await serve(process.argv[3]);
else if (process.argv[1] === self) {
  const [turnSeconds = 4, turns = 5] = process.argv.slice(2).map(Number);
  console.log(await measureIngest({ turnSeconds, turns }));
}
