import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StandaloneConfig } from '../config.ts';
import { loadDemo } from '../demo/load-demo.ts';
import type { DemoTruth } from '../demo/truth.ts';
import { demoEndUs } from '../demo/world.ts';
import { waitUntilVisible } from '../drain-log.ts';
import type { Stores } from '../open-stores.ts';
import { startProgress } from '../terminal/progress.ts';
import { type Io, printJson } from './io.ts';
import { commandLogger, withStores } from './stores-command.ts';

export interface DemoFlags {
  seed: number;
  customers: number;
  json: boolean;
}

/** `michinori demo`: fills the data folder with the invented company and writes its truth beside it. */
export async function demoCommand(io: Io, config: StandaloneConfig, flags: DemoFlags): Promise<number> {
  const truth = await withStores(config, commandLogger(io, config), (stores) =>
    fillWithDemo(io, config, stores, flags),
  );
  if (flags.json)
    printJson(io, {
      units: truth.units,
      events: truth.events,
      start: truth.start,
      end: truth.end,
      truth: truthPath(config),
    });
  else io.out(describeDemo(truth, truthPath(config)));
  return 0;
}

/** Appends the demo, waits until it is visible, and writes `demo-truth.json`; shows how far it is on a terminal. */
export async function fillWithDemo(
  io: Io,
  config: StandaloneConfig,
  stores: Stores,
  flags: DemoFlags,
): Promise<DemoTruth> {
  const simulation = { seed: flags.seed, endUs: demoEndUs(io.nowUs()), customers: flags.customers };
  let progress: ReturnType<typeof startProgress> | undefined;
  const { truth, appended } = await loadDemo({
    log: stores.log,
    simulation,
    onProgress(done, { events }) {
      progress ??= startProgress({
        title: 'Simulating 18 months',
        total: events.deliveries,
        isInteractive: io.isInteractive,
      });
      progress.update(done, `${done.toLocaleString('en-US')} events`);
    },
  }).finally(() => progress?.stop());
  const settling = startProgress({ title: 'Making them visible ', total: appended, isInteractive: io.isInteractive });
  await waitUntilVisible({
    log: stores.log,
    group: config.processor.group,
    wait: io.wait,
    onLag: (lag) => settling.update(appended - lag, `${lag.toLocaleString('en-US')} to go`),
  }).finally(() => settling.stop());
  await writeFile(truthPath(config), `${JSON.stringify(truth, null, 2)}\n`);
  return truth;
}

/** What the demo holds, in three lines. */
export function describeDemo({ units, events, start, end }: DemoTruth, path: string): string {
  const count = (number: number): string => number.toLocaleString('en-US');
  return (
    `Demo data: ${count(units.customers)} customers of ${count(units.accounts)} companies, ${start.slice(0, 10)} to ${end.slice(0, 10)}\n` +
    `  ${count(events.unique)} events (${count(events.deliveries)} deliveries: copies and late ones are part of it)\n` +
    `  what is true of them stands in ${path}\n`
  );
}

function truthPath(config: StandaloneConfig): string {
  return join(config.data, 'demo-truth.json');
}
