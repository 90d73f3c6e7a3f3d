// The services on Kafka and ClickHouse, each a process of its own: ingest beside a bare kafkajs producer of the same records,
// the processor beside a bare insert of the same rows over HTTP, and the delay from end to end at half of what they bear.
// node test/load/topology.mjs [events per turn] [turns] [seconds at half load]
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectServer, defineQuery, defineStatement } from '@michinori/clickhouse';
import { topics } from '@michinori/events';
import { connectAdmin, provideKafka } from '@michinori/testing/kafka';
import { startTopology } from '@michinori/testing/topology';
import { z } from 'zod';
import { decodeRecords } from '../../services/processor/dist/sink/decode-records.js';
import { eventColumns, eventRow } from '../../services/processor/dist/sink/event-row.js';
import { journeyOf } from './journey-world.mjs';
import { count, median, seconds, table } from './measure.mjs';
import { measureDelays } from './topology-delay.mjs';
import { timeLoad } from './topology-load.mjs';

const partitions = 4;
const batchRows = 20_000;
const singleEvents = 4_000;
const idsOf = defineQuery({
  name: 'probe-ids',
  sql: 'SELECT event_id AS id FROM events WHERE customer_key = cityHash64({customer:String})',
  params: z.object({ customer: z.string() }),
  row: z.object({ id: z.string() }),
});

/** The rows that the sink makes of the last events of every partition. */
async function rowsOf(log, fromOffsets) {
  const batches = [];
  for (const { partition, next } of await log.positions(topics.events)) {
    for (let at = fromOffsets.get(partition); at < next; ) {
      const records = await log.read(topics.events, partition, at, { recordsMax: batchRows, bytesMax: 64 << 20 });
      batches.push(decodeRecords(records, { log: 'events@bare', partition }).events.map(eventRow));
      at = records.at(-1).offset + 1;
    }
  }
  return batches;
}

async function endsOf(log) {
  return new Map((await log.positions(topics.events)).map(({ partition, next }) => [partition, next]));
}

async function applyJourney({ queryApi, key }) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'text/yaml' };
  const url = `${queryApi.url}/v1/journeys`;
  const response = await fetch(url, { method: 'POST', headers, body: journeyOf('customer-success').source });
  if (!response.ok) throw new Error(await response.text());
  for (;;) {
    const { rows } = await (await fetch(url, { headers })).json();
    if (rows.length > 0 && rows.every(({ version, activeVersion }) => version === activeVersion)) return;
    await wait(50);
  }
}

/** Events per second of one turn: the bare producer, ingest, the bare insert, the processor. */
async function turn(topology, clickhouse, { from, events, batch }) {
  const { kafka, ingest, key, log, processors } = topology;
  const stream = { from, events, batch };
  for (const processor of processors) await processor.stop();
  const producer = await timeLoad('kafka', { brokers: kafka.brokers, topic: 'bare', ...stream });
  const before = await endsOf(log);
  const http = await timeLoad('http', { port: Number(new URL(ingest.url).port), key, ...stream });
  const batches = await rowsOf(log, before);
  const insert = await seconds(async () => {
    for (const rows of batches) await clickhouse.insert({ table: 'bare_events', columns: eventColumns, rows });
  });
  for (const processor of processors) processor.start();
  for (const processor of processors) await processor.ready();
  const sink = await seconds(() => topology.untilVisible());
  return Object.fromEntries(
    Object.entries({ producer, http, insert, sink }).map(([name, took]) => [name, events / took]),
  );
}

const middle = (turns, name) => median(turns.map((each) => each[name]));

async function createBareTopic({ kafka }) {
  const admin = await connectAdmin(kafka.client);
  const replicationFactor = Math.min(3, kafka.brokers.length);
  const configEntries = [{ name: 'max.message.bytes', value: String(8 << 20) }];
  const topic = { topic: 'bare', numPartitions: partitions, replicationFactor, configEntries };
  await admin.createTopics({ topics: [topic], waitForLeaders: true });
  await admin.disconnect();
}

/** The tables of the section, or a sentence why there are none. */
export async function measureTopology({ events = 200_000, turns = 3, halfSeconds = 20 } = {}) {
  const provided = await provideKafka({ jvm: 'throughput', controlled: true });
  if (provided.outcome === 'unavailable') return `Not measured: ${provided.reason}.`;
  const closers = [() => provided.server.remove()];
  const context = { onTestFinished: (close) => closers.push(close) };
  try {
    const topology = await startTopology(context, {
      kafka: provided.server,
      partitions,
      env: { MICHINORI_PROCESSOR_AUDIT_SHARE_MAX: '0' },
    });
    await createBareTopic(topology);
    const clickhouse = await connectServer(topology.clickhouse);
    closers.push(() => clickhouse.close());
    await clickhouse.command(defineStatement({ name: 'bare', sql: 'CREATE TABLE bare_events AS events' }));
    let from = 0;
    const take = async (number, batch, howMany) => {
      const results = [];
      for (let each = 0; each < number; each += 1) {
        results.push(await turn(topology, clickhouse, { from, events: howMany, batch }));
        from += howMany;
        console.error(JSON.stringify(results.at(-1)));
      }
      return results;
    };
    await take(1, 500, Math.min(20_000, events));
    const large = await take(turns, 500, events);
    const single = await take(turns, 1, singleEvents);
    await applyJourney(topology);
    const journey = await take(turns, 500, events);

    const receiver = { url: topology.ingest.url, key: topology.key };
    const readIds = async (customer) => (await clickhouse.query(idsOf, { customer })).map(({ id }) => id);
    const bears = Math.min(middle(journey, 'http'), middle(journey, 'sink'));
    const delays = [];
    for (let each = 0; each < turns; each += 1) {
      const run = await measureDelays({ receiver, rate: bears / 2, lastsSeconds: halfSeconds, from, readIds });
      from = run.next;
      await topology.untilVisible();
      delays.push({
        p50: run.delays[Math.floor(run.delays.length * 0.5)],
        p99: run.delays[Math.floor(run.delays.length * 0.99)],
      });
      console.error(JSON.stringify(delays.at(-1)));
    }
    return describe({ large, single, journey, delays, bears, kind: topology.clickhouse.kind, events });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

function describe({ large, single, journey, delays, bears, kind, events }) {
  const row = (name, turns, ours, bare) => {
    const [a, b] = [middle(turns, ours), middle(turns, bare)];
    return [name, count(a), count(b), (a / b).toFixed(2)];
  };
  const ingest = table(
    ['ingest over HTTP → Kafka, acks=all', 'events/s', 'bare kafkajs producer, events/s', 'ratio'],
    [row('1 event a request', single, 'http', 'producer'), row('500 events a request', large, 'http', 'producer')],
  );
  const sink = table(
    ['Kafka → visible, read back, committed', 'events/s', 'bare insert of the same rows over HTTP, rows/s', 'ratio'],
    [
      row(`${count(events)} events, no journey`, large, 'sink', 'insert'),
      row(`${count(events)} events, one journey`, journey, 'sink', 'insert'),
    ],
  );
  const delay = table(
    ['from before the request until a reader sees the event', 'p50, ms', 'p99, ms'],
    [[`${count(bears / 2)} events/s, one journey`, count(middle(delays, 'p50')), count(middle(delays, 'p99'))]],
  );
  return `${ingest}\n\n${sink}\n\n${delay}\n\nClickHouse: \`${kind}\`; one broker, ${partitions} partitions, one process of each service.`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [events = 200_000, turns = 3, halfSeconds = 20] = process.argv.slice(2).map(Number);
  console.log(await measureTopology({ events, turns, halfSeconds }));
}
