import { setTimeout as pause } from 'node:timers/promises';
import { ConfigError } from '../config/config-error.ts';
import { printConfig } from '../config/mask-config.ts';
import { readProcessConfig } from '../config/process-config.ts';
import { exitCodes } from '../error-codes.ts';
import { createHealth } from '../health.ts';
import { createLifecycle, type Lifecycle } from '../lifecycle.ts';
import { createLogger, type LogLevel } from '../logger.ts';
import { createMetrics } from '../metrics.ts';
import { attachSignals, type SignalSource } from '../signals.ts';
import { version } from '../version.ts';
import type { Service, WaitForOptions } from './service.ts';
import { canRetry, waitFor } from './wait-for.ts';

/** What the frame needs of a process; Node's `process` is one. */
export interface ServiceProcess extends SignalSource {
  stdout: { write(text: string): unknown; isTTY?: boolean };
  stderr: { write(text: string): unknown };
}

/** What a `main.ts` hands over. */
export interface ServiceInput {
  /** Without the program's own name. */
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  process: ServiceProcess;
}

/**
 * Runs a service as a process: reads the configuration (or only prints it), starts the parts in order, stops them in reverse on SIGTERM and
 * SIGINT, and resolves with the exit code when everything has ended: 0, 1 after a failure, 78 for a wrong configuration.
 */
export async function runService<C extends { logLevel: LogLevel }>(
  service: Service<C>,
  { argv, env, process }: ServiceInput,
): Promise<number> {
  try {
    const { loaded, isPrintOnly } = readProcessConfig((sources) => service.load(sources), { argv, env });
    if (isPrintOnly) {
      process.stdout.write(printConfig(loaded));
      return exitCodes.ok;
    }
    const lifecycle = assemble(service, loaded.config, process);
    attachSignals(lifecycle, process);
    await lifecycle.start();
    return (await lifecycle.finished).exitCode;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof ConfigError ? exitCodes.configuration : exitCodes.failure;
  }
}

/** The parts of a service under a lifecycle, with everything that each of them is handed. */
function assemble<C extends { logLevel: LogLevel }>(
  service: Service<C>,
  config: C,
  process: ServiceProcess,
): Lifecycle {
  const format = process.stdout.isTTY === true ? 'human' : 'json';
  const logger = createLogger({ service: service.name, level: config.logLevel, format });
  const metrics = createMetrics({ service: service.name, version });
  const health = createHealth();
  let waitingReason = 'starting';

  const parts = service.build({
    ...{ config, logger, metrics, health },
    nowUs: () => Date.now() * 1000,
    waitFor: <T>(what: string, attempt: () => Promise<T>, { signal, mayPass = canRetry }: WaitForOptions) =>
      waitFor({
        ...{ what, attempt, signal, mayPass, logger },
        pause: (ms, ended) => pause(ms, undefined, { signal: ended }),
        onWaiting(reason) {
          waitingReason = reason;
        },
      }),
    fatal(error) {
      health.markFatal(error.message);
      lifecycle.fatal(error);
    },
  });
  const lifecycle = createLifecycle({
    logger,
    parts,
    onDrain: health.startDraining,
    onRunning: () => logger.info('ready'),
  });
  health.addCheck({
    name: 'start',
    check: () => (lifecycle.state() === 'starting' ? { ok: false, reason: waitingReason } : { ok: true }),
  });
  return lifecycle;
}
