import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StandaloneConfig } from '../config.ts';
import { loadDemo } from '../demo/load-demo.ts';
import type { DemoTruth } from '../demo/truth.ts';
import { demoEndUs, type SimulateOptions } from '../demo/world.ts';
import { waitUntilVisible } from '../drain-log.ts';
import type { Stores } from '../open-stores.ts';
import { type Progress, startProgress } from '../terminal/progress.ts';
import type { Api } from './api.ts';
import { applyDemoDefinitions } from './demo-definitions.ts';
import { removeDemoMarker, writeDemoMarker } from './demo-marker.ts';
import type { Io } from './io.ts';
import type { JourneyTarget } from './journey-progress.ts';

/** The demo that the flags describe, ending at the last midnight in Tokyo. */
export function simulationOf(flags: { seed: number; customers: number }, nowUs: number): SimulateOptions {
  return { seed: flags.seed, customers: flags.customers, endUs: demoEndUs(nowUs) };
}

export interface FilledDemo {
  readonly truth: DemoTruth;
  /** The journeys that were applied; their derivation is under way. */
  readonly targets: readonly JourneyTarget[];
}

/** File in the data folder that says what is true of the demo. */
export function truthPath(config: Pick<StandaloneConfig, 'data'>): string {
  return join(config.data, 'demo-truth.json');
}

/**
 * Appends the demo, waits until it is visible, writes `demo-truth.json`, applies its journeys, and shows how far it is.
 *
 * @param signal stops in order
 * @returns the truth and what is being derived, or `null` if it was stopped: the marker stays, and the next start does the rest
 */
export async function fillWithDemo(
  io: Io,
  config: StandaloneConfig,
  stores: Pick<Stores, 'log'>,
  api: Api,
  simulation: SimulateOptions,
  signal: AbortSignal,
): Promise<FilledDemo | null> {
  const shows: Progress[] = [];
  const show = (title: string, total: number): Progress => {
    const progress = startProgress({
      title,
      total,
      isInteractive: io.isInteractive,
      columns: io.columns,
      line: io.err,
    });
    shows.push(progress);
    return progress;
  };
  try {
    writeDemoMarker(config.data, simulation);
    let loading: Progress | undefined;
    const { truth, appended } = await loadDemo({
      log: stores.log,
      simulation,
      signal,
      onProgress(done, { events }) {
        loading ??= show('Telling 18 months ', events.deliveries);
        loading.update(done, `${done.toLocaleString('en-US')} events`);
      },
    });
    loading?.stop();
    const settling = show('Making it visible', appended);
    await waitUntilVisible({
      log: stores.log,
      group: config.processor.group,
      wait: io.wait,
      signal,
      onLag: (lag) => settling.update(appended - lag, `${lag.toLocaleString('en-US')} to go`),
    });
    await writeFile(truthPath(config), `${JSON.stringify(truth, null, 2)}\n`);
    const targets = await applyDemoDefinitions(api, truth);
    removeDemoMarker(config.data);
    return { truth, targets };
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  } finally {
    for (const progress of shows) progress.stop();
  }
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
