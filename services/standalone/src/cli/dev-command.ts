import { createLogger } from '@michinori/runtime';
import { createStandalone } from '../compose.ts';
import type { StandaloneConfig } from '../config.ts';
import { demoFunnel } from '../demo/demo-funnel.ts';
import { drawFunnel } from '../terminal/funnel-bars.ts';
import { askEmbedded } from './ask.ts';
import { type DemoFlags, describeDemo, fillWithDemo } from './demo-command.ts';
import type { Io } from './io.ts';

export interface DevFlags extends Omit<DemoFlags, 'json'> {
  demo: boolean;
}

/**
 * `michinori dev` (= `npm start`): everything in one process. An empty data folder is filled with demo data first, and
 * a first funnel is printed. Runs until it is told to stop.
 */
export async function devCommand(io: Io, config: StandaloneConfig, flags: DevFlags): Promise<number> {
  const logger = createLogger({
    service: 'standalone',
    level: config.logLevel,
    format: io.isInteractive ? 'human' : 'json',
  });
  const standalone = createStandalone({ config, logger, nowUs: io.nowUs });
  io.onStop(() => void standalone.lifecycle.stop('told to stop'));
  await standalone.lifecycle.start();
  if (flags.demo && (await isEmpty(standalone))) {
    const truth = await fillWithDemo(io, config, standalone.stores(), { ...flags, json: false });
    io.out(describeDemo(truth, `${config.data}/demo-truth.json`));
    const body = demoFunnel(truth);
    const { rows } = await askEmbedded(standalone.stores().clickhouse, body, io.nowUs());
    io.out(
      `\nA first funnel, by plan: ${body.steps.map(({ touchpoint }) => String(touchpoint).replaceAll(',', ' or ')).join(' → ')}\n${drawFunnel(rows, io.columns)}`,
    );
  }
  io.out(describeAddresses(standalone.url(), config));
  const { exitCode } = await standalone.lifecycle.finished;
  return exitCode;
}

async function isEmpty(standalone: ReturnType<typeof createStandalone>): Promise<boolean> {
  const ranges = await standalone.stores().log.positions('events');
  return ranges.every(({ next }) => next === 0);
}

function describeAddresses(url: string, config: StandaloneConfig): string {
  return (
    '\nMichinori is running (^C stops it).\n' +
    `  Send events   POST ${url}/v1/events\n` +
    `  Ask           POST ${url}/v1/funnels/query   (all questions: ${url}/docs)\n` +
    `  Look after it GET  ${url}/readyz  ${url}/metrics\n` +
    `  Data          ${config.data}\n`
  );
}
