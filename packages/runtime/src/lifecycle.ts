import type { Logger } from './logger.ts';
import { MichinoriError } from './michinori-error.ts';

/** A part of the process that has to be started and stopped, in the order in which parts are given. */
export interface Part {
  name: string;
  /** The signal is aborted when the process is told to stop while it is still starting: give up then. */
  start?: (signal: AbortSignal) => unknown;
  /** Must resolve when nothing of the part is left running; what hasn't ended by the deadline is left behind. */
  stop?: () => unknown;
  /** `Infinity` for a part that waits, in its start, until something else is there. */
  startDeadlineMs?: number;
  stopDeadlineMs?: number;
}

export type LifecycleState = 'new' | 'starting' | 'running' | 'draining' | 'stopped';

export interface Lifecycle {
  state(): LifecycleState;
  /** Starts the parts one after the other. If one fails, those already started are stopped in reverse, then it rejects. */
  start(): Promise<void>;
  /** Drains and stops in reverse order; later calls get the same promise. Never rejects: failures are logged. */
  stop(reason: string): Promise<void>;
  /** A failure that nothing can mend: logs it, stops everything, and makes the exit code 1. */
  fatal(error: unknown): void;
  /** Settles when everything has been stopped. */
  readonly finished: Promise<{ exitCode: number; reason: string }>;
}

export interface LifecycleOptions {
  logger: Logger;
  parts: readonly Part[];
  /** Called once, first thing on stop: readiness goes false while the parts still work. */
  onDrain?: () => void;
  /** How long to go on serving after that, so that load balancers notice; default 0. */
  drainDelayMs?: number;
  /** Called once, when all parts have been started. */
  onRunning?: () => void;
}

const deadlineDefaultMs = 30_000;

type Ended = { outcome: 'done' } | { outcome: 'late' } | { outcome: 'failed'; error: unknown };

async function within(work: (() => unknown) | undefined, deadlineMs: number): Promise<Ended> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Ended>((resolve) => {
    if (Number.isFinite(deadlineMs)) timer = setTimeout(() => resolve({ outcome: 'late' }), deadlineMs);
  });
  const done = Promise.resolve()
    .then(() => work?.())
    .then((): Ended => ({ outcome: 'done' }))
    .catch((error: unknown): Ended => ({ outcome: 'failed', error }));
  const ended = await Promise.race([done, late]);
  clearTimeout(timer);
  return ended;
}

/** Ordered start, stop in reverse order, each part with a deadline; one state for the whole process. */
export function createLifecycle(options: LifecycleOptions): Lifecycle {
  const { logger, parts, onDrain, onRunning, drainDelayMs = 0 } = options;
  const started: Part[] = [];
  const stopped = new AbortController();
  let state: LifecycleState = 'new';
  let starting: Promise<void> = Promise.resolve();
  let stopping: Promise<void> | null = null;
  let exitCode = 0;
  let finish: (end: { exitCode: number; reason: string }) => void = () => {};
  const finished = new Promise<{ exitCode: number; reason: string }>((resolve) => {
    finish = resolve;
  });

  async function startParts(): Promise<void> {
    for (const part of parts) {
      if (state !== 'starting') return;
      const deadlineMs = part.startDeadlineMs ?? deadlineDefaultMs;
      started.push(part);
      const ended = await within(() => part.start?.(stopped.signal), deadlineMs);
      if (ended.outcome === 'late') {
        throw new MichinoriError('start_timeout', `${part.name} didn't start within ${deadlineMs} ms.`, {
          canRetry: true,
        });
      }
      if (ended.outcome === 'failed') {
        started.pop();
        if (stopped.signal.aborted) {
          logger.info({ part: part.name }, 'gave up starting');
          return;
        }
        const reason = ended.error instanceof Error ? ended.error.message : String(ended.error);
        throw new MichinoriError('start_failed', `${part.name} didn't start: ${reason}`, { cause: ended.error });
      }
      logger.debug({ part: part.name }, 'started');
    }
    if (state !== 'starting') return;
    state = 'running';
    onRunning?.();
  }

  async function stopParts(reason: string): Promise<void> {
    logger.info({ reason }, 'stopping');
    const wasRunning = state === 'running';
    state = 'draining';
    stopped.abort();
    onDrain?.();
    if (wasRunning && drainDelayMs > 0) await new Promise((resolve) => setTimeout(resolve, drainDelayMs));
    await starting.catch(() => {});
    for (const part of started.splice(0).reverse()) {
      const ended = await within(part.stop, part.stopDeadlineMs ?? deadlineDefaultMs);
      if (ended.outcome !== 'done') exitCode = 1;
      if (ended.outcome === 'late') logger.error({ part: part.name }, 'did not stop within its deadline');
      else if (ended.outcome === 'failed') logger.error({ part: part.name, err: ended.error }, 'failed to stop');
      else logger.debug({ part: part.name }, 'stopped');
    }
    state = 'stopped';
    logger.info({ reason, exitCode }, 'stopped');
    finish({ exitCode, reason });
  }

  const stop = (reason: string): Promise<void> => {
    stopping ??= stopParts(reason);
    return stopping;
  };

  return {
    state: () => state,
    finished,
    stop,

    async start() {
      if (state !== 'new') throw new MichinoriError('lifecycle_state', `A process that is ${state} can't be started.`);
      state = 'starting';
      starting = startParts();
      try {
        await starting;
      } catch (error) {
        logger.fatal({ err: error }, 'could not start');
        exitCode = 1;
        await stop('start failed');
        throw error;
      }
    },

    fatal(error) {
      logger.fatal({ err: error }, 'fatal');
      exitCode = 1;
      void stop('fatal error');
    },
  };
}
