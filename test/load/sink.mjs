// Log → visible, verified and committed rows, beside a bare insert of the same rows in the same batches: the sink alone, and with
// the projector that derives the customers of every batch, each with a history of 20 events, under no journey, one and two.
// node test/load/sink.mjs [events] [turns] [customers]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectEmbedded, defineStatement, migrate } from '@michinori/clickhouse';
import { openEmbeddedLog } from '@michinori/event-log/embedded';
import {
  definitionKey,
  definitionsTopic,
  encodeDefinition,
  encodeEnvelope,
  eventFromObject,
  partitionKey,
  topicSettings,
  topics,
} from '@michinori/events';
import { createProcessor, processorSettings } from '@michinori/processor';
import { activeDerivation } from '@michinori/queries';
import { createMetrics, createSilentLogger } from '@michinori/runtime';
import { createDerive } from '../../services/processor/dist/projector/derive.js';
import { decodeRecords } from '../../services/processor/dist/sink/decode-records.js';
import { eventColumns, eventRow } from '../../services/processor/dist/sink/event-row.js';
import { nativeEvent } from './events.mjs';
import { journeyOf, writeEvents } from './journey-world.mjs';
import { count, median, seconds, table } from './measure.mjs';

const batchRows = 20_000;
const journeys = ['customer-success', 'second'];

async function append(log, from, events) {
  const receivedAtUs = Date.now() * 1000;
  for (let n = from; n < from + events; n += 5_000) {
    const records = Array.from({ length: Math.min(5_000, from + events - n) }, (_, index) => {
      const verdict = eventFromObject(nativeEvent(n + index), { receivedAtUs });
      return { key: partitionKey(verdict.event), value: encodeEnvelope(verdict.event, { dialect: 'native' }) };
    });
    await log.append(topics.events, records);
  }
}

async function bareInsert(log, clickhouse, from, to) {
  const batches = [];
  for (let at = from; at < to; ) {
    const records = await log.read(topics.events, 0, at, { recordsMax: batchRows, bytesMax: 32 << 20 });
    batches.push(decodeRecords(records, { log: 'events@bare', partition: 0 }).events.map(eventRow));
    at = records.at(-1).offset + 1;
  }
  return seconds(async () => {
    for (const rows of batches) await clickhouse.insert({ table: 'bare_events', columns: eventColumns, rows });
  });
}

async function applyJourneys(log) {
  for (const journey of journeys) {
    const { source } = journeyOf(journey);
    const appliedAtUs = Date.now() * 1000;
    const definition = { kind: 'journey', journey, version: 1, source, appliedAtUs, appliedBy: 'load' };
    await log.append(definitionsTopic, [{ key: definitionKey(definition), value: encodeDefinition(definition) }]);
  }
}

const nothing = async () => {};

/** What the projector does in each of the measurements: nothing, or all but the derivations of the last journeys. */
function derivesOf(clickhouse, derivations) {
  const derive = createDerive(clickhouse);
  const upTo = (journeysCount) => ({
    ...derive,
    async units(derivation, scope) {
      if (derivations.indexOf(derivation.id) < journeysCount) await derive.units(derivation, scope);
    },
  });
  return {
    'sink alone': { ...derive, members: nothing, customers: nothing, units: nothing, hot: async () => [] },
    'with the table of customers': upTo(0),
    'with one journey': upTo(1),
    'with two journeys': upTo(2),
  };
}

async function activeDerivations(clickhouse) {
  const active = await Promise.all(journeys.map((journey) => activeDerivation(clickhouse, journey)));
  return active.flatMap((one) => (one === null ? [] : [one.derivation]));
}

/** Rows per second of the sink with and without the projector, and of the bare insert, and the ratios. */
export async function measureSink({ events = 200_000, turns = 3, customers = 50_000 } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'michinori-load-'));
  const log = await openEmbeddedLog({ path: join(folder, 'log'), partitions: 1, topics: topicSettings });
  const clickhouse = await connectEmbedded({ path: join(folder, 'clickhouse') });
  await migrate(clickhouse);
  await clickhouse.command(defineStatement({ name: 'bare', sql: 'CREATE TABLE bare_events AS events' }));
  const config = processorSettings.parse({ auditShareMax: 0, batchRecordsMax: batchRows });
  const start = async (derive) => {
    const metrics = createMetrics({ service: 'load', version: '0', withProcessMetrics: false });
    const processor = createProcessor({ log, clickhouse, metrics, logger: createSilentLogger(), config, derive });
    await processor.start();
    return processor;
  };
  await applyJourneys(log);
  const building = await start();
  while ((await activeDerivations(clickhouse)).length < journeys.length) await wait(50);
  await building.stop();
  await writeEvents(clickhouse, { customers });
  const derives = Object.entries(derivesOf(clickhouse, await activeDerivations(clickhouse)));
  const bare = [];
  const ours = new Map(derives.map(([name]) => [name, []]));
  let from = 0;
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [name, derive] of derives) {
      await append(log, from, events);
      if (name === derives[0][0]) bare.push(await bareInsert(log, clickhouse, from, from + events));
      from += events;
      let processor;
      const took = await seconds(async () => {
        processor = await start(derive);
        while ((await log.lag(config.group, topics.events)).some(({ lag }) => lag > 0)) await wait(5);
      });
      ours.get(name).push(took);
      await processor.stop();
    }
  }
  await clickhouse.close();
  await log.close();
  await rm(folder, { recursive: true, force: true });
  const bareSeconds = median(bare);
  const sinkSeconds = median(ours.get(derives[0][0]));
  const rows = derives.map(([name]) => {
    const oursSeconds = median(ours.get(name));
    return [
      `${count(events)} events, ${name}`,
      count(events / oursSeconds),
      count(events / bareSeconds),
      (bareSeconds / oursSeconds).toFixed(2),
      (sinkSeconds / oursSeconds).toFixed(2),
    ];
  });
  return table(
    [
      'log → visible, read back, committed',
      'rows/s',
      'bare insert of the same rows, rows/s',
      'ratio',
      'of the sink alone',
    ],
    rows,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [events = 200_000, turns = 3, customers = 50_000] = process.argv.slice(2).map(Number);
  console.log(await measureSink({ events, turns, customers }));
}
