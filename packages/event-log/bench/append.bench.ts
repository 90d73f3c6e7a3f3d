import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open as openLmdb } from 'lmdb';
import { afterAll, test } from 'vitest';
import { openEmbeddedLog } from '../src/embedded/index.ts';
import { measure, printRows, recordsOf, shapes, value } from './measure.ts';

const folder = await mkdtemp(join(process.env.MICHINORI_BENCH_FOLDER ?? tmpdir(), 'michinori-bench-'));

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  printRows();
});

for (const { writers, batch } of shapes) {
  const label = `${writers}×${batch}`;

  test(`embedded log ${label}`, { timeout: 600_000 }, async () => {
    const log = await openEmbeddedLog({ path: join(folder, `log-${label}`), partitions: 16 });
    await log.generation('events');
    await measure('embedded log', writers, batch, (first) => log.append('events', recordsOf(first, batch)));
    await log.close();
  });

  test(`raw file: append and fdatasync, grouped, ${label}`, { timeout: 600_000 }, async () => {
    const file = await open(join(folder, `raw-${label}`), 'a');
    let waiting: { bytes: Buffer; resolve: () => void }[] = [];
    let running = false;
    async function flush(): Promise<void> {
      running = true;
      while (waiting.length > 0) {
        const group = waiting;
        waiting = [];
        await file.appendFile(Buffer.concat(group.map(({ bytes }) => bytes)));
        await file.datasync();
        for (const { resolve } of group) resolve();
      }
      running = false;
    }
    const bytes = Buffer.concat(new Array(batch).fill(value));
    await measure('raw file', writers, batch, () => {
      const written = new Promise<void>((resolve) => waiting.push({ bytes, resolve }));
      if (!running) setImmediate(() => running || flush());
      return written;
    });
    await file.close();
  });

  test(`raw lmdb-js: one put per record, default settings, flushed, ${label}`, { timeout: 600_000 }, async () => {
    const store = openLmdb<Buffer, number>({ path: join(folder, `lmdb-${label}.mdb`), encoding: 'binary' });
    await measure('raw lmdb put', writers, batch, async (first) => {
      for (let index = 0; index < batch; index += 1) store.put(first + index, value);
      await store.flushed;
    });
    await store.close();
  });
}
