import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/cli/run.ts';
import { fakeIo, run } from '../cli/fake-io.ts';
import { finish, michinori } from '../cli/michinori.ts';
import { temporaryFolder } from '../import/helpers.ts';

const journey = `journey: buying
version: 1
unit: customer
timezone: Asia/Tokyo
progress: forward
segments: [plan]
stages:
  - { id: interest, enter: [{ touchpoint: page.seen }], horizon: 30d }
  - { id: bought, enter: [{ touchpoint: ordered }], terminal: true }
`;
const rows = ['id,customer,touchpoint,occurredAt,trait.plan,price'];
for (let c = 0; c < 50; c += 1) {
  rows.push(`s${c},c${c},page.seen,2026-01-0${1 + (c % 9)}T00:00:00Z,pro,`);
  if (c % 2 === 0) rows.push(`o${c},c${c},ordered,2026-01-1${c % 9}T00:00:00Z,pro,${c}.50`);
}

/** A data folder with 50 customers, of whom 25 bought, and a journey about them. */
async function dataFolder(): Promise<{ folder: string; data: string }> {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  writeFileSync(join(folder, 'rows.csv'), rows.join('\n'));
  writeFileSync(join(folder, 'buying.yaml'), journey);
  expect(await run(['--data', data, 'import', join(folder, 'rows.csv')])).toMatchObject({ exitCode: 0 });
  expect(await run(['--data', data, 'journey', 'apply', join(folder, 'buying.yaml')], real())).toMatchObject({
    exitCode: 0,
  });
  return { folder, data };
}

const real = () => ({ nowUs: () => Date.now() * 1_000, wait: (ms: number) => wait(ms) });

describe('michinori export', () => {
  it('writes events and visits of a data folder to a file or to standard output, in a range', async () => {
    const { folder, data } = await dataFolder();
    const exported = (...args: string[]) => run(['--data', data, 'export', ...args], real());
    const file = join(folder, 'events.xes');
    expect(await exported('events', '-o', file)).toEqual({
      exitCode: 0,
      out: `${file}: 75 events in 50 traces\n`,
      err: '',
    });
    const some = await exported('events', '--from', '2026-01-02T00:00:00Z', '--to', '2026-01-03T00:00:00Z');
    expect(
      some.out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 's1', occurredAt: '2026-01-02T00:00:00.000000Z' })]),
    );
    expect(some.out.trimEnd().split('\n')).toHaveLength(6);
    const visits = await exported('visits', '--format', 'csv', '--as-of', '2026-01-05T00:00:00+09:00');
    const lines = visits.out.trimEnd().split('\r\n');
    expect(lines[0]).toBe(
      'customer,account,anonymous,stage,cycle,visit,enteredAt,endedAt,outcome,next,reason,lastActivityAt,seconds,segment.plan',
    );
    expect(lines).toHaveLength(1 + 24);
    const asJson = await exported('visits', '--journey', 'buying', '-o', join(folder, 'v.parquet'), '--json');
    expect(JSON.parse(asJson.out)).toMatchObject({ what: 'visits', format: 'parquet', rows: 75, traces: null });
    expect(readFileSync(join(folder, 'v.parquet')).subarray(0, 4).toString()).toBe('PAR1');
    expect(await exported('visits', '--journey', 'buyin')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('buyin'),
    });
    expect(await exported('events', '--from', 'yesterday')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('/from'),
    });
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('stops at ^C and leaves nothing', async () => {
    const { folder, data } = await dataFolder();
    const { io, told, stop } = fakeIo(real());
    const running = runCommandLine(io, ['--data', data, 'export', 'events', '-o', join(folder, 'x.csv')]);
    stop();
    expect(await running).toBe(1);
    expect(told.err).toContain('no file was written');
    expect(readdirSync(folder).filter((name) => name.includes('x.csv'))).toEqual([]);
  });

  it('and import work beside a process that owns the data folder, Parquet too', async () => {
    const { folder, data } = await dataFolder();
    const server = michinori('--data', data, 'dev', '--port', '0', '--no-demo');
    const url = await server.url();
    const file = join(folder, 'events.parquet');
    expect(await finish('--data', data, 'export', 'events', '-o', file)).toMatchObject({
      exitCode: 0,
      out: `${file}: 75 events\n`,
    });
    const visits = await finish('export', 'visits', '--url', url);
    expect(visits.out.trimEnd().split('\n')).toHaveLength(75);
    const other = await finish('--data', join(folder, 'other'), 'import', file);
    expect(other).toMatchObject({ exitCode: 0, out: `${file}: 75 events imported, 0 rows rejected\n` });
    const again = await finish('--data', data, 'import', file);
    expect(again).toMatchObject({ exitCode: 0, out: `${file}: 75 events imported, 0 rows rejected\n` });
    const after = await finish('export', 'events', '--url', url);
    expect(after.out.trimEnd().split('\n')).toHaveLength(75);
  });
});

it('everything arrives at a reader that takes its time', async () => {
  const { folder, data } = await dataFolder();
  const many = ['customer,touchpoint,note', ...Array.from({ length: 5_000 }, (_, i) => `c${i},t,${'x'.repeat(300)}`)];
  writeFileSync(join(folder, 'many.csv'), many.join('\n'));
  await run(['--data', data, 'import', join(folder, 'many.csv')], real());
  const exporting = michinori('--data', data, 'export', 'events');
  exporting.child.stdout?.pause();
  await once(exporting.child.stdout ?? exporting.child, 'readable');
  exporting.child.stdout?.resume();
  expect(await exporting.ended).toBe(0);
  expect(exporting.out().trimEnd().split('\n')).toHaveLength(5_075);
});

describe('wrong usage of michinori export', () => {
  let data = '';
  beforeAll(() => {
    data = 'no-such-folder';
  });

  it.each([
    [['customers'], 'events'],
    [['events', '--format', 'xlsx'], 'parquet, xes, csv, ndjson'],
    [['events', '-o', 'events.txt'], '--format'],
    [['events', '--format', 'parquet'], '-o'],
    [['events', '-o', 'e.parquet.gz'], '.gz'],
    [['events', '--journey', 'x'], '--journey'],
    [['events', '--as-of', '2026-01-01T00:00:00Z'], '--as-of'],
    [['events', '--json'], '-o'],
    [['events', '--url', 'localhost'], '--url'],
  ])('%j is told', async (args, hint) => {
    expect(await run(['--data', data, 'export', ...args])).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining(hint),
    });
  });

  it('a folder without data is not made', async () => {
    expect(await run(['--data', data, 'export', 'events'])).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('There is no data'),
    });
  });
});
