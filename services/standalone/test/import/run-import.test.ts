import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMapping } from '../../src/import/mapping.ts';
import { type ImportOptions, runImport } from '../../src/import/run-import.ts';
import { importText, type MemoryTarget, memoryTarget, nowUs, readRejects, temporaryFolder } from './helpers.ts';

const numRuns = Number(process.env.MICHINORI_TEST_RUNS ?? 20);

/** `count` rows; every seventh has no time, every eleventh is broken. */
function manyRows(count: number): string {
  const row = (index: number): string => {
    if (index % 11 === 0) return `"broken ${index}`;
    return `c${index % 13},t${index % 5},${index % 7 === 0 ? 'never' : `2024-05-01T10:${String(index % 60).padStart(2, '0')}:00Z`}`;
  };
  return ['customer,touchpoint,occurredAt', ...Array.from({ length: count }, (_, index) => row(index + 1))].join('\n');
}

const idsOf = (target: MemoryTarget): string[] => [...new Set(target.events().map(({ id }) => id))].sort();

interface World {
  path: string;
  folder: string;
  options(target: MemoryTarget, extra?: Partial<ImportOptions>): ImportOptions;
}

function world(name: string, content: string | Uint8Array): World {
  const folder = temporaryFolder();
  const path = join(folder, name);
  writeFileSync(path, content);
  const mapping = readMapping({ map: [], set: [] });
  const stateFolder = join(folder, 'imports');
  return {
    path,
    folder,
    options: (target, extra = {}) => ({ path, mapping, target, stateFolder, again: false, nowUs, ...extra }),
  };
}

describe('an import', () => {
  it('sends batches of bounded size', async () => {
    const target = memoryTarget();
    await importText({ content: manyRows(1_000), target, options: { batchRows: 100 } });
    expect(Math.max(...target.batches.map((batch) => batch.length))).toBeLessThanOrEqual(100);
    expect(target.batches.length).toBeGreaterThan(7);
    const long = memoryTarget();
    const content = `customer,touchpoint,x\n${`c,t,${'x'.repeat(60_000)}\n`.repeat(100)}`;
    await importText({ content, target: long });
    expect(long.batches.length).toBe(3);
    expect(long.events()).toHaveLength(100);
  });

  it('done before does nothing; --again sends everything under the same ids', async () => {
    const { result, again, events } = await importText({ content: manyRows(50) });
    const repeated = memoryTarget();
    const second = await again(repeated);
    expect(repeated.events()).toEqual([]);
    expect(second).toMatchObject({ outcome: 'already-imported', accepted: result.accepted, rejected: result.rejected });
    expect(second.rejectsFile).toBe(result.rejectsFile);
    const { options, folder } = world('rows.csv', manyRows(50));
    const [first, third] = [memoryTarget(), memoryTarget()];
    await runImport(options(first));
    const repeat = await runImport(options(third, { again: true }));
    expect(third.events()).toEqual(first.events());
    expect(first.events().map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    expect(repeat).toMatchObject({ outcome: 'finished', resumedFrom: 0, accepted: result.accepted });
    expect(readRejects(repeat.rejectsFile)).toHaveLength(result.rejected);
    expect(readdirSync(join(folder, 'imports')).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  it('begins anew for a changed file, mapping or place', async () => {
    const { options, path } = world('rows.csv', manyRows(20));
    const first = memoryTarget();
    await runImport(options(first));
    const elsewhere = memoryTarget();
    await runImport(options({ ...elsewhere, place: 'elsewhere' }));
    expect(elsewhere.events()).toEqual(first.events());
    const mapped = memoryTarget();
    await runImport(options(mapped, { mapping: readMapping({ map: [], set: ['team=x'] }) }));
    expect(mapped.events()).toHaveLength(first.events().length);
    appendFileSync(path, '\nc,t,2024-05-01T10:00:00Z');
    const changed = memoryTarget();
    await runImport(options(changed));
    expect(changed.events()).toHaveLength(first.events().length + 1);
    expect(idsOf(changed)).toEqual(expect.arrayContaining(idsOf(first)));
    utimesSync(path, 1, 1);
    const touched = memoryTarget();
    await runImport(options(touched));
    expect(idsOf(touched)).toEqual(idsOf(changed));
  });

  it('goes on where it was stopped', async () => {
    const { options } = world('rows.csv', manyRows(100));
    const target = memoryTarget();
    const stopped = await runImport(options(target, { batchRows: 10, isStopped: () => target.batches.length >= 3 }));
    expect(stopped).toMatchObject({ outcome: 'stopped' });
    expect(stopped.accepted + stopped.rejected).toBe(30);
    const rest = await runImport(options(target, { batchRows: 10 }));
    expect(rest).toMatchObject({ outcome: 'finished', resumedFrom: 30 });
    expect(rest.accepted + rest.rejected).toBe(100);
    expect(target.events()).toHaveLength(rest.accepted);
    expect(readRejects(rest.rejectsFile)).toHaveLength(rest.rejected);
  });

  it('ends in the same events and rejects however often it is broken off', async () => {
    const content = manyRows(60);
    const whole = await importText({ content });
    const breaks = fc.array(fc.record({ call: fc.integer({ min: 1, max: 6 }), isAfter: fc.boolean() }), {
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(breaks, fc.integer({ min: 1, max: 25 }), fc.boolean(), async (series, batchRows, isZipped) => {
        const { options } = world('rows.csv', isZipped ? gzipSync(content) : content);
        const kept = memoryTarget();
        for (const { call, isAfter } of series) {
          let calls = 0;
          const breaking: MemoryTarget = {
            ...kept,
            async send(events) {
              calls += 1;
              if (calls === call && !isAfter) throw new Error('broken off');
              await kept.send(events);
              if (calls === call) throw new Error('broken off');
              return [];
            },
          };
          await runImport(options(breaking, { batchRows })).catch((error: Error) => {
            if (error.message !== 'broken off') throw error;
          });
        }
        const result = await runImport(options(kept, { batchRows }));
        expect(result).toMatchObject({ accepted: whole.result.accepted, rejected: whole.result.rejected });
        expect(idsOf(kept)).toEqual(whole.events.map(({ id }) => id).sort());
        expect(readRejects(result.rejectsFile)).toEqual(whole.rejects);
      }),
      { numRuns },
    );
  });

  it('cuts the rejects file back to what the state knows', async () => {
    const { options } = world('rows.csv', manyRows(100));
    const target = memoryTarget();
    const first = await runImport(options(target, { batchRows: 25, isStopped: () => true }));
    appendFileSync(first.rejectsFile ?? '', '{"line":1,"half":');
    const rest = await runImport(options(target));
    expect(readRejects(rest.rejectsFile)).toHaveLength(rest.rejected);
    expect(new Set(readRejects(rest.rejectsFile).map(({ line }) => line)).size).toBe(rest.rejected);
  });

  it('goes on when somebody has removed the rejects file', async () => {
    const { options } = world('rows.csv', manyRows(100));
    const target = memoryTarget();
    const first = await runImport(options(target, { batchRows: 50, isStopped: () => true }));
    rmSync(first.rejectsFile ?? '');
    const rest = await runImport(options(target));
    expect(readRejects(rest.rejectsFile)).toHaveLength(rest.rejected - first.rejected);
  });

  it('says what is wrong with a state that it can not read', async () => {
    const { options, folder } = world('rows.csv', manyRows(30));
    await runImport(options(memoryTarget(), { batchRows: 10, isStopped: () => true }));
    const state = readdirSync(join(folder, 'imports')).find((name) => name.endsWith('.json')) ?? '';
    for (const text of ['', '{"version":2}', '{"version":1,"extra":1}']) {
      writeFileSync(join(folder, 'imports', state), text);
      await expect(runImport(options(memoryTarget()))).rejects.toMatchObject({ code: 'import_state_unusable' });
    }
  });

  it('keeps what the other side refuses as rejected rows, in order of lines', async () => {
    const refuseSecond = memoryTarget((_events, call) =>
      call === 1 ? [{ index: 1, code: 'time_out_of_range', path: '/occurredAt', message: 'too far ahead' }] : [],
    );
    const content = 'customer,touchpoint\nc1,t\nc2,t\n"broken\nc4,t\n';
    const { result, rejects } = await importText({ content, target: refuseSecond });
    expect(result).toMatchObject({ accepted: 2, rejected: 2 });
    expect(rejects.map(({ line, code, raw }) => [line, code, raw])).toEqual([
      [3, 'time_out_of_range', 'c2,t'],
      [4, 'unreadable_row', '"broken'],
    ]);
    expect(result.preview.map(({ customer }) => customer)).toEqual(['c1', 'c4']);
  });

  it('as a dry run shows the first ten events and problems, and writes nothing', async () => {
    const { options, folder } = world('rows.csv', manyRows(400));
    const result = await runImport({ ...options(memoryTarget()), target: undefined });
    expect(result).toMatchObject({ outcome: 'dry-run', rejectsFile: null });
    expect(result.accepted + result.rejected).toBe(400);
    expect(result.preview).toHaveLength(10);
    expect(result.firstRejects.map(({ line }) => line)).toEqual([8, 12, 15, 22, 23, 29, 34, 36, 43, 45]);
    expect(existsSync(join(folder, 'imports'))).toBe(false);
    expect((await runImport(options(memoryTarget()))).outcome).toBe('finished');
    expect((await runImport({ ...options(memoryTarget()), target: undefined })).accepted).toBe(result.accepted);
  });

  it('reports progress in bytes of the file up to its end', async () => {
    const { options, path } = world('rows.csv.gz', gzipSync(manyRows(500)));
    const seen: number[] = [];
    await runImport(
      options(memoryTarget(), {
        batchRows: 50,
        onProgress: ({ readBytes, sizeBytes }) => {
          expect(sizeBytes).toBe(readFileSync(path).length);
          seen.push(readBytes / sizeBytes);
        },
      }),
    );
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });
});

describe('files', () => {
  it('may be gzipped, by content and not by name, also in several members', async () => {
    const plain = await importText({ content: manyRows(40) });
    const bytes = Buffer.from(manyRows(40));
    const members = Buffer.concat([gzipSync(bytes.subarray(0, 700)), gzipSync(bytes.subarray(700))]);
    for (const [name, content] of [
      ['rows.csv.gz', gzipSync(bytes)],
      ['rows.csv', gzipSync(bytes)],
      ['rows.csv.gz', bytes],
      ['rows.csv.gz', members],
    ] as const) {
      const { events } = await importText({ name, content });
      expect(events.map(({ id }) => id)).toEqual(plain.events.map(({ id }) => id));
    }
  });

  it('that are cut off or damaged end the import clearly and keep what was sent', async () => {
    const zipped = gzipSync(manyRows(20_000));
    const damaged = Buffer.from(zipped);
    damaged.fill(0xff, Math.floor(zipped.length * 0.8), Math.floor(zipped.length * 0.8) + 64);
    for (const content of [zipped.subarray(0, Math.floor(zipped.length * 0.8)), damaged]) {
      const { options, path } = world('rows.csv.gz', content);
      const target = memoryTarget();
      await expect(runImport(options(target, { batchRows: 500 }))).rejects.toMatchObject({
        code: 'import_file_unreadable',
        message: expect.stringContaining('damaged or cut off'),
      });
      const sent = target.events().length;
      expect(sent).toBeGreaterThan(0);
      await expect(runImport(options(target, { batchRows: 500 }))).rejects.toMatchObject({
        code: 'import_file_unreadable',
      });
      expect(target.events()).toHaveLength(sent);
      writeFileSync(path, zipped);
      await runImport(options(target));
      expect(idsOf(target)).toEqual((await importText({ content: zipped })).events.map(({ id }) => id).sort());
    }
  });

  it('that are not there, folders, or of an unknown kind are errors', async () => {
    const { options, folder } = world('rows.csv', '');
    const run = (path: string) => runImport(options(memoryTarget(), { path: join(folder, path) }));
    mkdirSync(join(folder, 'sub.csv'));
    writeFileSync(join(folder, 'rows.xlsx'), 'x');
    await expect(run('none.csv')).rejects.toMatchObject({ code: 'import_file_unreadable' });
    await expect(run('sub.csv')).rejects.toMatchObject({ code: 'import_file_unreadable' });
    await expect(run('rows.xlsx')).rejects.toMatchObject({ code: 'import_format_unknown' });
    await expect(
      runImport(options(memoryTarget(), { path: join(folder, 'rows.xlsx'), format: 'csv' })),
    ).resolves.toMatchObject({ accepted: 0 });
  });

  it('of the same name in two folders have states of their own', async () => {
    const first = world('rows.csv', manyRows(20));
    const second = world('rows.csv', manyRows(20));
    const target = memoryTarget();
    await runImport(first.options(target));
    await runImport(first.options(target, { path: second.path }));
    expect(target.events()).toHaveLength(2 * idsOf(target).length);
  });
});
