import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedLog } from '@michinori/event-log/embedded';
import { decodeEnvelope, topics } from '@michinori/events';
import { describe, expect, it } from 'vitest';
import { importText, readRejects, temporaryFolder } from './helpers.ts';

const compiled = join(import.meta.dirname, '..', '..', 'dist', 'import', 'run-import.js');
const child = join(import.meta.dirname, 'children', 'import.mjs');
const moments = ['before', 'during', 'after', 'while noting'] as const;
const seed = Number(process.env.MICHINORI_TEST_SEED ?? 1);

const content = [
  'customer,touchpoint,occurredAt',
  ...Array.from(
    { length: 400 },
    (_, index) => `c${index % 17},t${index % 5},${index % 6 === 0 ? 'never' : '2024-05-01T10:00:00Z'}`,
  ),
].join('\n');

async function run(args: readonly (string | number)[]): Promise<{ signal: string | null; out: string }> {
  const process_ = spawn(process.execPath, [child, ...args.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  process_.stdout.on('data', (bytes: Buffer) => {
    out += bytes.toString();
  });
  const [, signal] = (await once(process_, 'close')) as [number | null, string | null];
  return { signal, out };
}

async function idsInLog(path: string): Promise<string[]> {
  const log = await openEmbeddedLog({ path, partitions: 2 });
  try {
    const ids: string[] = [];
    for (const { partition, earliest } of await log.positions(topics.events)) {
      const records = await log.read(topics.events, partition, earliest, { recordsMax: 100_000, bytesMax: 1e9 });
      for (const { value } of records) {
        const decoded = decodeEnvelope(value);
        if (decoded.kind === 'event') ids.push(decoded.event.id);
      }
    }
    return ids;
  } finally {
    await log.close();
  }
}

describe.skipIf(!existsSync(compiled))('an import that is killed with kill -9 (needs a build)', () => {
  it.each(moments)('%s a batch is sent ends, called again, in the same events and rejects', async (when) => {
    const whole = await importText({ content });
    const folder = temporaryFolder();
    const path = join(folder, 'rows.csv');
    writeFileSync(path, content);
    const dieIn = 1 + ((seed * 7 + moments.indexOf(when) * 5) % 10);
    const args = (death: number) => [path, join(folder, 'log'), join(folder, 'imports'), 30, death, when];
    expect((await run(args(dieIn))).signal).toBe('SIGKILL');
    const { signal, out } = await run(args(0));
    expect(signal).toBeNull();
    const result = JSON.parse(out) as typeof whole.result;
    expect(result).toMatchObject({
      outcome: 'finished',
      accepted: whole.result.accepted,
      rejected: whole.result.rejected,
    });
    expect(result.resumedFrom).toBeGreaterThanOrEqual((dieIn - 1) * 30);
    const ids = await idsInLog(join(folder, 'log'));
    expect([...new Set(ids)].sort()).toEqual(whole.events.map(({ id }) => id).sort());
    expect(ids.length - new Set(ids).size).toBeLessThanOrEqual(30);
    expect(readRejects(result.rejectsFile)).toEqual(whole.rejects);
  });
});
