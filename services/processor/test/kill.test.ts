import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectEmbedded } from '@michinori/clickhouse';
import { openEmbeddedLog } from '@michinori/event-log/embedded';
import { topicSettings } from '@michinori/events';
import { expect, test } from 'vitest';
import { answering, apply, pathsOf, unitsOf } from './journeys.ts';
import { append, buildProcessor, expectConserved, touchpoint, visible } from './world.ts';

const worker = fileURLToPath(new URL('./kill-worker.mjs', import.meta.url));
const compiled = fileURLToPath(new URL('../dist/index.js', import.meta.url));

function runWorker(
  data: string,
  killAt: string,
  passage: number,
): Promise<{ code: number | null; signal: string | null; stderr: string }> {
  return new Promise((resolve, reject) => {
    const env = {
      ...process.env,
      MICHINORI_KILL_DATA: data,
      MICHINORI_KILL_AT: killAt,
      MICHINORI_KILL_PASSAGE: String(passage),
    };
    const child = spawn(process.execPath, [worker], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal, stderr }));
  });
}

test('kill -9 again and again, in the middle of different steps: every event once', async (context) => {
  if (!existsSync(compiled)) throw new Error('this test runs the compiled processor: tsc -b first');
  const data = await mkdtemp(join(tmpdir(), 'michinori-kill-'));
  context.onTestFinished(() => rm(data, { recursive: true, force: true }));
  const first = touchpoint();
  const events = [first, ...Array.from({ length: 34 }, () => touchpoint())];
  const filling = await openEmbeddedLog({ path: join(data, 'log'), partitions: 1, topics: topicSettings });
  await append(filling, [...events, { ...first, touchpoint: 'other', receivedAtUs: first.receivedAtUs + 1 }]);
  await apply(filling, 'killed', { used: 'app.opened' });
  await filling.close();

  for (const [point, passage] of [
    ['sink.after-announce', 1],
    ['sink.after-insert', 1],
    ['sink.after-insert', 2],
    ['sink.after-conflict-mark', 1],
    ['projector.after-mark', 1],
    ['projector.after-derive', 1],
    ['builder.after-range', 1],
    ['builder.before-activate', 1],
    ['sink.before-commit', 1],
  ] as const) {
    expect(await runWorker(data, point, passage)).toMatchObject({ signal: 'SIGKILL', stderr: '' });
  }
  expect(await runWorker(data, '', 1)).toEqual({ code: 0, signal: null, stderr: '' });

  const log = await openEmbeddedLog({ path: join(data, 'log'), partitions: 1, topics: topicSettings });
  const clickhouse = await connectEmbedded({ path: join(data, 'clickhouse') });
  context.onTestFinished(async () => {
    await clickhouse.close();
    await log.close();
  });
  const rows = await visible(clickhouse, log);
  expect(rows.map(({ id, copies }) => [id, copies]).sort()).toEqual(events.map(({ id }) => [id, 1]).sort());
  expect(rows.find(({ id }) => id === first.id)).toMatchObject({ touchpoint: first.touchpoint });
  await expectConserved(log, clickhouse);
  const derivation = await answering(clickhouse, 'killed');
  const units = await unitsOf(clickhouse, derivation);
  expect((await pathsOf(clickhouse, derivation, 'customer-')).flatMap(({ path }) => path)).toHaveLength(35);
  const processor = buildProcessor({ log, clickhouse });
  await processor.start();
  await processor.rebuild('killed');
  await processor.stop();
  expect(await unitsOf(clickhouse, await answering(clickhouse, 'killed'))).toEqual(units);
}, 120_000);
