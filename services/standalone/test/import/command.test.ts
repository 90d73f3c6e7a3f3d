import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createSilentLogger } from '@michinori/runtime';
import { expect, it, onTestFinished } from 'vitest';
import { runCommandLine } from '../../src/cli/run.ts';
import { createStandalone } from '../../src/compose.ts';
import { loadStandaloneConfig } from '../../src/config.ts';
import { waitUntilVisible } from '../../src/drain-log.ts';
import { temporaryFolder } from './helpers.ts';

async function michinori(...args: string[]): Promise<{ exitCode: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const exitCode = await runCommandLine(
    {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      columns: 100,
      isInteractive: false,
      env: {},
      onStop: () => {},
      nowUs: () => Date.now() * 1_000,
      wait: (ms) => wait(ms),
    },
    args,
  );
  return { exitCode, out, err };
}

function files(): { folder: string; data: string; good: string; bad: string } {
  const folder = temporaryFolder();
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return {
    folder,
    data: join(folder, 'data'),
    good: write('good.csv', 'customer,touchpoint\nc1,a\nc2,a\n'),
    bad: write('bad.csv', 'customer,touchpoint\nc3,b\n,b\n'),
  };
}

it('goes into the data folder, and over HTTP to the process that owns it: one and the same import', async () => {
  const { data, good, bad, folder } = files();
  const into = (...args: string[]) => michinori('--data', data, 'import', ...args);
  expect(await into(good)).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining('2 events imported, 0 rows rejected'),
  });

  const { config } = loadStandaloneConfig({ flags: { data, port: 0 }, env: {}, file: null });
  const standalone = createStandalone({ config, logger: createSilentLogger(), nowUs: () => Date.now() * 1_000 });
  onTestFinished(() => standalone.lifecycle.stop('the test is done'));
  await standalone.lifecycle.start();
  const both = await into(good, bad, '--json');
  expect(both.exitCode).toBe(1);
  expect(both.err).toContain(`sending to ${standalone.url()}`);
  expect(JSON.parse(both.out)).toMatchObject([
    { file: good, outcome: 'already-imported', accepted: 2 },
    {
      file: bad,
      outcome: 'finished',
      accepted: 1,
      rejected: 1,
      firstRejects: [{ line: 3, code: 'customer_required' }],
    },
  ]);
  expect((await into(good, '--again')).out).toContain('2 events imported');
  expect((await michinori('--data', join(folder, 'other'), 'import', good, '--to', standalone.url())).exitCode).toBe(0);
  const { log } = standalone.stores();
  await waitUntilVisible({ log, group: config.processor.group, wait: (ms) => wait(ms) });
  const answer = await fetch(`${standalone.url()}/v1/touchpoints`);
  expect(await answer.json()).toMatchObject({
    rows: [
      { touchpoint: 'a', events: 2, customers: 2 },
      { touchpoint: 'b', events: 1, customers: 1 },
    ],
  });
});

it('says what was done before the file that can not be read, also as JSON', async () => {
  const { data, good, folder } = files();
  const run = await michinori('--data', data, 'import', good, join(folder, 'none.csv'), '--json');
  expect(run).toMatchObject({ exitCode: 1, err: expect.stringContaining('none.csv') });
  expect(JSON.parse(run.out)).toMatchObject([{ file: good, outcome: 'finished', accepted: 2 }]);
});

it.each([
  ['--timezone', 'Mars/Base'],
  ['--unmapped', 'drop'],
  ['--format', 'xlsx'],
  ['--delimiter', ',,'],
  ['--delimiter', '"'],
  ['--to', 'ftp://example.org'],
  ['--to', 'localhost'],
])('refuses %s %s as wrong usage', async (flag, value) => {
  const { data, good } = files();
  expect(await michinori('--data', data, 'import', good, flag, value, '--dry-run')).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining(value),
  });
});

it('takes a tab as the delimiter by its name', async () => {
  const { data, folder } = files();
  writeFileSync(join(folder, 'tabs.csv'), 'customer\ttouchpoint,x\nc\ta,b\n');
  for (const name of ['tab', '\\t']) {
    const { out } = await michinori(
      '--data',
      data,
      'import',
      join(folder, 'tabs.csv'),
      '--delimiter',
      name,
      '--map',
      'touchpoint=touchpoint,x',
      '--dry-run',
      '--json',
    );
    expect(JSON.parse(out)).toMatchObject([{ accepted: 1, preview: [{ touchpoint: 'a,b' }] }]);
  }
});
