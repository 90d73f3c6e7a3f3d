import type { ConfigSources, LoadedConfig } from '../config/load-config.ts';
import type { Health } from '../health.ts';
import type { Part } from '../lifecycle.ts';
import type { Logger, LogLevel } from '../logger.ts';
import type { Metrics } from '../metrics.ts';

/** What a service is: a name, how its configuration is read, and the parts that it consists of. */
export interface Service<C extends { logLevel: LogLevel }> {
  /** As the command line, the log and `michinori_build_info` call it. */
  readonly name: string;
  load(sources: ConfigSources): LoadedConfig<C>;
  /**
   * Makes the parts, in the order in which they are to be started; opens nothing yet. The part that answers `/livez` and `/readyz` comes
   * first, so that a process which waits for something can say so. What it throws ends the process.
   */
  build(context: ServiceContext<C>): readonly Part[];
}

/** How to wait for something outside of the process. */
export interface WaitForOptions {
  /** That of the part's start: aborted when the process is told to stop. */
  signal: AbortSignal;
  /** Whether a failure passes with time; default: what the error itself says (`canRetry`). Any other failure is thrown. */
  mayPass?: (error: unknown) => boolean;
}

/** What the frame hands to a service. */
export interface ServiceContext<C> {
  config: C;
  logger: Logger;
  metrics: Metrics;
  health: Health;
  /** Microseconds since the epoch. */
  nowUs: () => number;
  /**
   * Attempts until it succeeds, with growing pauses. Meanwhile there is a line in the log for every attempt, and `/readyz` says what is
   * being waited for and why.
   */
  waitFor<T>(what: string, attempt: () => Promise<T>, options: WaitForOptions): Promise<T>;
  /** Ends the process with exit code 1: something is wrong that a restart or a person has to mend. */
  fatal(error: Error): void;
}
