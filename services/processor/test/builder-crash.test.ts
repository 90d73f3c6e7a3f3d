import { expect, test, vi } from 'vitest';
import { builderFaultPoints } from '../src/index.ts';
import { answering, apply, built, config, derivationsOf, pathsOf, patience, step, unitsOf } from './journeys.ts';
import { append, buildProcessor, clickhouseOfFile, temporaryLog } from './world.ts';

const clickhouse = clickhouseOfFile();

test.each(builderFaultPoints)('a builder that dies at %s is followed by one that gets it done', async (point) => {
  const closers: (() => Promise<void>)[] = [];
  const shared = await clickhouse();
  const log = await temporaryLog({ onTestFinished: (close) => closers.push(close) });
  const journey = 'built';
  const prefix = `built-${point}-`;
  const version = 1 + 2 * builderFaultPoints.indexOf(point);
  const quick = { ...config, retireAfterMs: 0 };
  await append(log, [step(`${prefix}1`, 'opened', 1)]);
  await apply(log, journey, { version });
  await built(log, shared, journey, version);
  await apply(log, journey, { version: version + 1, used: 'opened-again' });
  let isDead = false;
  const dying = buildProcessor({
    ...{ log, clickhouse: shared, config: quick },
    faults: {
      at(passed) {
        if (passed !== point && !isDead) return;
        isDead = true;
        throw new Error(`died at ${point}`);
      },
    },
  });
  await dying.start();
  await vi.waitFor(() => expect(isDead).toBe(true), patience);
  await dying.stop();
  const next = buildProcessor({ log, clickhouse: shared, config: quick });
  await next.start();
  const derivation = await answering(shared, journey, version + 1);
  await vi.waitFor(async () => {
    const rows = await derivationsOf(shared, journey);
    expect(rows.filter(({ state }) => state !== 'retired')).toHaveLength(1);
    for (const row of rows) {
      if (row.state === 'retired') expect(await unitsOf(shared, row.derivation)).toEqual([]);
    }
  }, patience);
  await next.stop();
  expect(await pathsOf(shared, derivation, prefix)).toEqual([{ unit: `${prefix}1`, path: ['opened'], visits: 1 }]);
  for (const close of closers) await close();
});
