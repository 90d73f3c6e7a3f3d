const secondsPerCase = Number(process.env.MICHINORI_BENCH_SECONDS ?? 4);
const valueBytes = 400;
const rows: Record<string, unknown>[] = [];

/** The value of every record. */
export const value = Buffer.alloc(valueBytes, 'michinori ');

/** What was measured, one JSON object per line. */
export function printRows(): void {
  process.stdout.write(`${rows.map((row) => JSON.stringify(row)).join('\n')}\n`);
}

/** Runs `writers` loops of `append(records)` side by side and notes records and megabytes per second. */
export async function measure(
  name: string,
  writers: number,
  batch: number,
  append: (first: number) => Promise<unknown>,
) {
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

/** Writers side by side, and records per append. */
export const shapes = [
  { writers: 1, batch: 1 },
  { writers: 64, batch: 1 },
  { writers: 1, batch: 500 },
  { writers: 4, batch: 500 },
];

/** Records of ten thousand customers in turn. */
export const recordsOf = (first: number, batch: number) =>
  Array.from({ length: batch }, (_, index) => ({ key: `customer-${(first + index) % 10_000}`, value }));
