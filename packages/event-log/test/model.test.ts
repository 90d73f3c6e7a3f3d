import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startRecorder, textOf, until } from '../../testing/src/event-log-harness.ts';
import { type EmbeddedLog, openEmbeddedLog } from '../src/embedded/index.ts';
import { partitionOf } from '../src/index.ts';
import { temporaryFolder } from './helpers.ts';

const partitions = 3;
const runs = Number(process.env.MICHINORI_TEST_RUNS ?? 20);

interface Model {
  texts: string[][];
  earliest: number[];
  committed: number[];
}

interface Real {
  log: EmbeddedLog;
  open: () => Promise<EmbeddedLog>;
}

type Command = fc.AsyncCommand<Model, Real>;

function command(name: string, run: (model: Model, real: Real) => Promise<void>): Command {
  return { check: () => true, run, toString: () => name };
}

function append(batches: { key: string; text: string }[][]): Command {
  return command(`append ${JSON.stringify(batches)}`, async (model, { log }) => {
    const records = (batch: (typeof batches)[number]) =>
      batch.map(({ key, text }) => ({ key, value: Buffer.from(text) }));
    const answers = await Promise.all(batches.map((batch) => log.append('t', records(batch))));
    for (const [batchIndex, batch] of batches.entries())
      for (const [index, { key, text }] of batch.entries()) {
        const partition = partitionOf(key, partitions);
        const offset = model.texts[partition]?.push(text) ?? 0;
        expect(answers[batchIndex]?.[index]).toEqual({ partition, offset: offset - 1 });
      }
  });
}

function read(partition: number, share: number, recordsMax: number, bytesMax: number): Command {
  return command(`read ${partition} ${share} ${recordsMax} ${bytesMax}`, async (model, { log }) => {
    const texts = model.texts[partition] ?? [];
    const from = Math.floor(share * (texts.length + 1));
    const answer = log.read('t', partition, from, { recordsMax, bytesMax });
    if (from < (model.earliest[partition] ?? 0)) {
      await expect(answer).rejects.toMatchObject({ code: 'offset_out_of_range' });
      return;
    }
    const wanted: string[] = [];
    let bytes = 0;
    for (const text of texts.slice(from)) {
      bytes += Buffer.byteLength(text);
      if (wanted.length >= recordsMax || (wanted.length > 0 && bytes > bytesMax)) break;
      wanted.push(text);
    }
    expect((await answer).map(textOf)).toEqual(wanted);
  });
}

function consume(share: number, batchRecordsMax: number): Command {
  return command(`consume ${share} ${batchRecordsMax}`, async (model, { log }) => {
    const wanted = model.texts.map((texts, partition) => texts.slice(model.committed[partition] ?? 0));
    const recorder = await startRecorder(log, 't', { batchRecordsMax });
    await until(() => expect(recorder.records().length).toBe(wanted.flat().length));
    const delivered = wanted.map((_, partition) => recorder.records().filter((found) => found.partition === partition));
    expect(delivered.map((records) => records.map(textOf))).toEqual(wanted);
    for (const [partition, texts] of wanted.entries()) {
      const committed = (model.committed[partition] ?? 0) + Math.floor(share * texts.length);
      await recorder.consumption.commit(partition, committed);
      model.committed[partition] = committed;
    }
    await recorder.consumption.stop();
    expect(recorder.fatal).toEqual([]);
  });
}

const trim = command('trim', async (model, { log }) => {
  await log.trim();
  for (const { partition, earliest, next } of await log.positions('t')) {
    expect(next).toBe(model.texts[partition]?.length);
    expect(earliest).toBeGreaterThanOrEqual(model.earliest[partition] ?? 0);
    expect(earliest).toBeLessThanOrEqual(model.committed[partition] ?? 0);
    model.earliest[partition] = earliest;
    const limits = { recordsMax: 1e9, bytesMax: 1e9 };
    expect((await log.read('t', partition, earliest, limits)).map(textOf)).toEqual(
      model.texts[partition]?.slice(earliest),
    );
  }
});

const reopen = command('reopen', async (model, real) => {
  const generation = await real.log.generation('t');
  const before = await real.log.positions('t');
  await real.log.close();
  real.log = await real.open();
  expect(await real.log.generation('t')).toBe(generation);
  expect(await real.log.positions('t')).toEqual(before);
  const committed = await real.log.committed('readers', 't');
  expect(model.committed.map((_, partition) => committed.get(partition) ?? 0)).toEqual(model.committed);
});

const share = fc.double({ min: 0, max: 1, noNaN: true });
const text = fc.oneof(fc.string({ maxLength: 40 }), fc.constant('x'.repeat(40_000)));
const batch = fc.array(fc.record({ key: fc.string({ maxLength: 3 }), text }), { maxLength: 8 });
const commands = fc.commands(
  [
    fc.array(batch, { minLength: 1, maxLength: 6 }).map(append),
    fc.tuple(fc.nat(partitions - 1), share, fc.nat(10), fc.nat(100_000)).map((args) => read(...args)),
    fc.tuple(share, fc.integer({ min: 1, max: 20 })).map((args) => consume(...args)),
    fc.constant(trim),
    fc.constant(reopen),
  ],
  { maxCommands: 30 },
);

test.each([
  ['without retention', undefined],
  ['with a retention that removes all it may', { bytesMax: 1 }],
] as const)('any sequence of calls behaves like lists in memory: %s', { timeout: 600_000 }, async (_, retention) => {
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      const closes: (() => Promise<void> | void)[] = [];
      const path = await temporaryFolder({ onTestFinished: (close) => closes.push(close) });
      const open = () => openEmbeddedLog({ path, partitions, ...(retention && { retention: { ...retention } }) });
      const real: Real = { log: await open(), open };
      const model: Model = { texts: [[], [], []], earliest: [0, 0, 0], committed: [0, 0, 0] };
      try {
        await fc.asyncModelRun(() => ({ model, real }), [...sequence, trim, reopen, consume(1, 5), trim]);
      } finally {
        await real.log.close();
        for (const close of closes) await close();
      }
    }),
    { numRuns: runs },
  );
});
