// Log → visible, verified and committed rows, beside a bare insert of the same rows in the same batches.
// node test/load/sink.mjs [events] [turns]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectEmbedded, defineStatement, migrate } from '@michinori/clickhouse';
import { openEmbeddedLog } from '@michinori/event-log/embedded';
import { encodeEnvelope, eventFromObject, partitionKey, topics } from '@michinori/events';
import { createProcessor, processorSettings } from '@michinori/processor';
import { createMetrics, createSilentLogger } from '@michinori/runtime';
import { decodeRecords } from '../../services/processor/dist/sink/decode-records.js';
import { eventColumns, eventRow } from '../../services/processor/dist/sink/event-row.js';
import { nativeEvent } from './events.mjs';
import { count, median, seconds, table } from './measure.mjs';

const batchRows = 20_000;

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

/** Rows per second of the sink and of the bare insert, and the ratio. */
export async function measureSink({ events = 200_000, turns = 3 } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'michinori-load-'));
  const log = await openEmbeddedLog({ path: join(folder, 'log'), partitions: 1 });
  const clickhouse = await connectEmbedded({ path: join(folder, 'clickhouse') });
  await migrate(clickhouse);
  await clickhouse.command(defineStatement({ name: 'bare', sql: 'CREATE TABLE bare_events AS events' }));
  const config = processorSettings.parse({ auditShareMax: 0, batchRecordsMax: batchRows });
  const bare = [];
  const ours = [];
  for (let turn = 0; turn < turns; turn += 1) {
    await append(log, turn * events, events);
    bare.push(await bareInsert(log, clickhouse, turn * events, (turn + 1) * events));
    const metrics = createMetrics({ service: 'load', version: '0', withProcessMetrics: false });
    const processor = createProcessor({ log, clickhouse, metrics, logger: createSilentLogger(), config });
    ours.push(
      await seconds(async () => {
        await processor.start();
        while ((await log.lag(config.group, topics.events)).some(({ lag }) => lag > 0)) await wait(5);
      }),
    );
    await processor.stop();
  }
  await clickhouse.close();
  await log.close();
  await rm(folder, { recursive: true, force: true });
  const [oursSeconds, bareSeconds] = [median(ours), median(bare)];
  const row = [
    `${count(events)} events`,
    count(events / oursSeconds),
    count(events / bareSeconds),
    (bareSeconds / oursSeconds).toFixed(2),
  ];
  return table(
    ['log → visible, read back, committed', 'rows/s', 'bare insert of the same rows, rows/s', 'ratio'],
    [row],
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [events = 200_000, turns = 3] = process.argv.slice(2).map(Number);
  console.log(await measureSink({ events, turns }));
}
