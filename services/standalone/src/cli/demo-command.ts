import { exitCodes } from '@michinori/runtime';
import type { StandaloneConfig } from '../config.ts';
import { embeddedApi } from './api.ts';
import { showDemoStages } from './demo-definitions.ts';
import { readDemoMarker } from './demo-marker.ts';
import { describeDemo, fillWithDemo, simulationOf, truthPath } from './fill-demo.ts';
import { type Io, printJson } from './io.ts';
import { commandLogger, withStores } from './stores-command.ts';

export interface DemoFlags {
  seed: number;
  customers: number;
  json: boolean;
}

/**
 * `michinori demo`: fills the data folder with the invented company and writes its truth beside it. First completes a
 * load that was broken off. Exit code 1 if it is stopped; the same command goes on.
 */
export async function demoCommand(io: Io, config: StandaloneConfig, flags: DemoFlags): Promise<number> {
  const stopping = new AbortController();
  io.onStop(() => stopping.abort());
  const simulation = readDemoMarker(config.data) ?? simulationOf(flags, io.nowUs());
  const logger = commandLogger(io, config);
  const filled = await withStores(config, logger, async (stores) => {
    const api = embeddedApi(stores, config, logger, io.nowUs);
    const done = await fillWithDemo(io, config, stores, api, simulation, stopping.signal);
    if (done === null) return null;
    const stages = await showDemoStages(io, api, done.truth, done.targets, stopping.signal);
    return { truth: done.truth, stages };
  });
  if (filled === null) {
    io.err('Stopped. The same command, or "michinori dev", does the rest.\n');
    return exitCodes.failure;
  }
  const { truth, stages } = filled;
  const { units, events, start, end } = truth;
  if (flags.json) printJson(io, { units, events, start, end, truth: truthPath(config) });
  else io.out(`${describeDemo(truth, truthPath(config))}${stages}`);
  return exitCodes.ok;
}
