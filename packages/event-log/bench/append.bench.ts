import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open as openLmdb } from 'lmdb';
import { afterAll, test } from 'vitest';
import { openEmbeddedLog } from '../src/embedded/index.ts';

const secondsPerCase = Number(process.env.MICHINORI_BENCH_SECONDS ?? 4);
const valueBytes = 400;
const value = Buffer.alloc(valueBytes, 'michinori ');
const folder = await mkdtemp(join(process.env.MICHINORI_BENCH_FOLDER ?? tmpdir(), 'michinori-bench-'));
const rows: Record<string, unknown>[] = [];

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  process.stdout.write(`${rows.map((row) => JSON.stringify(row)).join('\n')}\n`);
});

/** Runs `writers` loops of `append(records)` side by side and notes records and megabytes per second. */
async function measure(name: string, writers: number, batch: number, append: (first: number) => Promise<unknown>) {
  const beganAt = performance.now();
  const endsAt = beganAt + secondsPerCase * 1000;
  const latenciesMs: number[] = [];
  let appended = 0;
  async function loop(): Promise<void> {
    while (performance.now() < endsAt) {
      const at = performance.now();
      const first = appended;
      appended += batch;
      await append(first);
      latenciesMs.push(performance.now() - at);
    }
  }
  await Promise.all(Array.from({ length: writers }, loop));
  const seconds = (performance.now() - beganAt) / 1000;
  latenciesMs.sort((a, b) => a - b);
  const quantile = (q: number) => Number((latenciesMs[Math.floor(q * (latenciesMs.length - 1))] ?? 0).toFixed(2));
  const recordsPerSecond = Math.round(appended / seconds);
  const megabytesPerSecond = Number(((appended * valueBytes) / seconds / 1e6).toFixed(2));
  rows.push({
    name,
    writers,
    batch,
    recordsPerSecond,
    megabytesPerSecond,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
  });
}

const shapes = [
  { writers: 1, batch: 1 },
  { writers: 64, batch: 1 },
  { writers: 1, batch: 500 },
  { writers: 4, batch: 500 },
];
const recordsOf = (first: number, batch: number) =>
  Array.from({ length: batch }, (_, index) => ({ key: `customer-${(first + index) % 10_000}`, value }));

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
