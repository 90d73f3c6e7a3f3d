import { loadAlertingFiles } from '@michinori/alerter';
import { type Logger, MichinoriError } from '@michinori/runtime';
import { createStandalone, type Standalone } from '../compose.ts';
import type { StandaloneConfig } from '../config.ts';
import { demoFunnel } from '../demo/demo-funnel.ts';
import type { SimulateOptions } from '../demo/world.ts';
import { readServerFile } from '../server-file.ts';
import { drawFunnel } from '../terminal/funnel-bars.ts';
import { embeddedApi } from './api.ts';
import { askEmbedded } from './ask.ts';
import type { DemoFlags } from './demo-command.ts';
import { showDemoStages } from './demo-definitions.ts';
import { readDemoMarker } from './demo-marker.ts';
import { describeDemo, fillWithDemo, simulationOf, truthPath } from './fill-demo.ts';
import type { Io } from './io.ts';
import { assertPortIsFree } from './port.ts';
import { commandLogger } from './stores-command.ts';

export interface DevFlags extends Omit<DemoFlags, 'json'> {
  demo: boolean;
}

/**
 * `michinori dev` (= `npm start`): everything in one process, which listens first and then fills an empty data folder
 * with demo data and prints a first funnel. Runs until it is told to stop; stopped while the demo is loading, it
 * completes it at the next start.
 */
export async function devCommand(io: Io, config: StandaloneConfig, flags: DevFlags): Promise<number> {
  const logger = commandLogger(io, config, io.isInteractive ? 'human' : 'json');
  const alertingFiles = loadAlertingFiles(config.alerter, io.env);
  await assertFolderIsFree(config);
  await assertPortIsFree(config);
  const standalone = createStandalone({ config, logger, nowUs: io.nowUs, alertingFiles });
  const { lifecycle } = standalone;
  const stopping = new AbortController();
  let filling: Promise<unknown> = Promise.resolve();
  io.onStop(() => {
    stopping.abort();
    void filling.catch(() => {}).then(() => lifecycle.stop('told to stop'));
  });
  await lifecycle.start();
  if (lifecycle.state() === 'running') {
    io.out(describeAddresses(standalone.url(), config));
    filling = fillIfWanted(io, config, standalone, logger, flags, stopping.signal);
    await Promise.race([filling, lifecycle.finished]);
  }
  const { exitCode } = await lifecycle.finished;
  return exitCode;
}

/** Says it in one sentence where a process that answers owns the folder; whoever doesn't answer is met by the lock. */
async function assertFolderIsFree({ data }: StandaloneConfig): Promise<void> {
  const owner = readServerFile(data);
  if (owner === undefined) return;
  const answer = await fetch(new URL('/livez', owner), { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
  if (answer === undefined) return;
  throw new MichinoriError(
    'already_running',
    `A process has the data folder ${data} already and answers at ${owner}. Ask it, stop it, or name another folder with --data.`,
  );
}

async function fillIfWanted(
  io: Io,
  config: StandaloneConfig,
  standalone: Standalone,
  logger: Logger,
  flags: DevFlags,
  signal: AbortSignal,
): Promise<void> {
  const simulation = await wantedDemo(io, config, standalone, flags);
  if (simulation === undefined) return;
  try {
    const api = embeddedApi(standalone.stores(), config, logger, io.nowUs);
    const filled = await fillWithDemo(io, config, standalone.stores(), api, simulation, signal);
    if (filled === null) {
      io.err('\nStopped while the demo data were being loaded; the next start does the rest.\n');
      return;
    }
    const { truth, targets } = filled;
    io.out(`\n${describeDemo(truth, truthPath(config))}`);
    const body = demoFunnel(truth);
    const { rows } = await askEmbedded(standalone.stores().clickhouse, body, io.nowUs());
    const steps = body.steps.map(({ touchpoint }) => [touchpoint].flat().join(' or ')).join(' → ');
    io.out(`\nA first funnel, by plan: ${steps}\n${drawFunnel(rows, io.columns)}`);
    io.out(`\nMore: npx michinori funnel trial.started contract.signed --by trait:industry${dataFlag(config)}\n`);
    io.out(await showDemoStages(io, api, truth, targets, signal));
  } catch (error) {
    // A process that is ending takes its stores away; why it ends has been said already.
    if (standalone.lifecycle.state() === 'running') throw error;
  }
}

/** The demo that was broken off, or the one of the flags for an empty folder. */
async function wantedDemo(
  io: Io,
  config: StandaloneConfig,
  standalone: Standalone,
  flags: DevFlags,
): Promise<SimulateOptions | undefined> {
  const brokenOff = readDemoMarker(config.data);
  if (!flags.demo) {
    if (brokenOff !== undefined)
      io.err('The demo data in this folder are incomplete; start without --no-demo to complete them.\n');
    return undefined;
  }
  if (brokenOff !== undefined) {
    io.err('\nThe demo data in this folder are incomplete: loading them again (nothing is counted twice).\n');
    return brokenOff;
  }
  const ranges = await standalone.stores().log.positions('events');
  return ranges.every(({ next }) => next === 0) ? simulationOf(flags, io.nowUs()) : undefined;
}

const dataFlag = ({ data }: StandaloneConfig): string => (data === './data' ? '' : ` --data ${data}`);

function describeAddresses(url: string, config: StandaloneConfig): string {
  return (
    '\nMichinori is running (^C stops it).\n' +
    `  Send events    POST ${url}/v1/events\n` +
    `  Ask            POST ${url}/v1/funnels/query   GET ${url}/v1/journeys\n` +
    `  Look around         ${url}/  ${url}/docs\n` +
    `  Look after it       ${url}/readyz  ${url}/metrics\n` +
    `  Data                ${config.data}\n\n`
  );
}
