// Appends batches for ever and prints each acknowledgement as a line of JSON. Arguments: module, folder, name of the run, options as JSON.
import { writeSync } from 'node:fs';

const [, , embedded, path, run, optionsJson] = process.argv;
const { retention, consume, writers, batchesMax = Number.POSITIVE_INFINITY } = JSON.parse(optionsJson);
const { openEmbeddedLog } = await import(embedded);
const log = await openEmbeddedLog({ path, partitions: 4, retention });
const say = (line) => writeSync(1, `${JSON.stringify(line)}\n`);
let batches = 0;

async function append() {
  while (batches < batchesMax) {
    const batch = `${run}-${batches}`;
    batches += 1;
    const size = 1 + (batches % 17);
    const texts = Array.from(
      { length: size },
      (_, index) => `${batch}/${index}/${size}/${'x'.repeat((batches * 37) % 700)}`,
    );
    const positions = await log.append(
      'events',
      texts.map((text) => ({ key: text.slice(0, 12 + (batches % 3)), value: Buffer.from(text) })),
    );
    say({ positions, texts });
  }
}

if (consume) {
  const consumption = await log.consume({
    group: 'readers',
    topic: 'events',
    batchRecordsMax: 50,
    batchBytesMax: 1 << 20,
    retryDelayMs: () => 1,
    onAssigned: async () => {},
    async onBatch({ partition, nextOffset }) {
      await consumption.commit(partition, nextOffset);
      say({ committed: { partition, nextOffset } });
    },
    onFatal: (error) => say({ fatal: error.message }),
  });
}
await Promise.all(Array.from({ length: writers }, append));
await log.close();
