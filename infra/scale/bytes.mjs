// `node infra/scale/bytes.mjs FOLDER`: bytes per event in the log and per row in the tables of a data folder that no process
// has open (`michinori --data FOLDER demo` makes one). The figures of SCALE.md come from here.
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const workspace = fileURLToPath(new URL('../../', import.meta.url));
const load = (path) => import(`${workspace}packages/${path}`);
const [{ connectClickHouse, clickhouseSettings, defineQuery, migrate }, { openEmbeddedLog }, { z }] = await Promise.all(
  [
    load('clickhouse/dist/index.js'),
    load('event-log/dist/embedded/index.js'),
    load('clickhouse/node_modules/zod/index.js'),
  ],
);

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write('Usage: node infra/scale/bytes.mjs FOLDER\n');
  process.exit(2);
}
const say = (line) => process.stdout.write(`${line}\n`);
/** Records that a producer sends to a partition at once: few at a trickle, many under load. */
const batchSizes = [10, 100, 1000];

/** Of a Kafka record batch of version 2: its header, and per record lengths, offset, timestamp and no headers. */
const batchHeaderBytes = 61;
const recordOverheadBytes = 10;

const log = await openEmbeddedLog({ path: `${folder}/log`, partitions: 1 });
const totals = new Map(batchSizes.map((size) => [size, { records: 0, plain: 0, gzipped: 0 }]));
for (const [batchRecords, total] of totals) {
  for (const { partition, earliest, next } of await log.positions('events')) {
    for (let at = earliest; at < next; ) {
      const read = await log.read('events', partition, at, { recordsMax: batchRecords, bytesMax: 8 * 1024 * 1024 });
      const last = read.at(-1);
      if (last === undefined) break;
      const parts = read.flatMap(({ key, value }) => [Buffer.alloc(recordOverheadBytes), Buffer.from(key), value]);
      const body = Buffer.concat(parts);
      total.records += read.length;
      total.plain += body.length + batchHeaderBytes;
      total.gzipped += gzipSync(body).length + batchHeaderBytes;
      at = last.offset + 1;
    }
  }
}
await log.close();
const records = totals.get(batchSizes[0]).records;
say(`log: ${records} records`);
for (const [size, { plain, gzipped }] of totals) {
  const [each, packed] = [plain, gzipped].map((bytes) => (bytes / records).toFixed(1));
  say(`  batches of ${size}: ${each} bytes per record, gzip ${packed}`);
}

const clickhouse = await connectClickHouse(clickhouseSettings.parse({}), `${folder}/clickhouse`);
await migrate(clickhouse);
const parts = defineQuery({
  name: 'bytes-of-tables',
  sql: `SELECT table, sum(rows) AS rows, sum(data_compressed_bytes) AS compressed, sum(data_uncompressed_bytes) AS uncompressed,
      sum(marks_bytes + primary_key_size) AS marks
    FROM system.parts WHERE database = currentDatabase() AND active GROUP BY table ORDER BY compressed DESC`,
  params: z.object({}),
  row: z.record(z.string(), z.unknown()),
});
for (const row of await clickhouse.query(parts, {})) {
  const [rows, compressed, uncompressed] = [row.rows, row.compressed, row.uncompressed].map(Number);
  const perRow = (bytes) => (bytes / rows).toFixed(1);
  const perEvent = (compressed / records).toFixed(1);
  say(
    `${row.table}: ${rows} rows, ${perRow(compressed)} bytes each (${perRow(uncompressed)} uncompressed), ${perEvent} bytes per event`,
  );
}
await clickhouse.close();
