// Appends until the disk refuses, then prints what was acknowledged and how the refusal was classified. Arguments: module, folder.
import { writeSync } from 'node:fs';

const [, , embedded, path] = process.argv;
const { openEmbeddedLog } = await import(embedded);
const log = await openEmbeddedLog({ path, partitions: 1 });
let acknowledged = 0;
let failure;
while (!failure && acknowledged < 1000) {
  try {
    await log.append('events', [{ key: 'k', value: Buffer.alloc(50_000, acknowledged % 256) }]);
    acknowledged += 1;
  } catch (error) {
    failure = { code: error.code, canRetry: error.canRetry };
  }
}
const next = await log.append('events', [{ key: 'k', value: Buffer.alloc(50_000) }]).then(
  () => 'stored',
  (error) => error.code,
);
const readable = await log.read('events', 0, 0, { recordsMax: 10_000, bytesMax: 1 << 30 });
await log.close();
writeSync(1, `\n${JSON.stringify({ acknowledged, failure, next, readable: readable.length })}\n`);
