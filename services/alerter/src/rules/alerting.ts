import type { Logger } from '@michinori/runtime';
import type { Clock } from '../channels/channel.ts';
import type { DeliveryMetrics } from '../channels/delivery-metrics.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { AlertingMetrics } from './alerting-metrics.ts';
import type { FileWatch } from './file-watch.ts';
import type { Lease } from './lease.ts';
import { createTerm, type Term, type TermOptions } from './term.ts';

/** What comes from files. */
export interface AlertingSetup extends Pick<TermOptions, 'files' | 'channels'> {
  /** A new outbox over the stored one, for every term. */
  readonly openOutbox: () => Outbox;
}

export interface AlertingOptions
  extends Omit<TermOptions, 'outbox' | 'assertLeading' | 'evaluated' | 'files' | 'channels'> {
  readonly lease: Lease;
  readonly setup: Pick<FileWatch<AlertingSetup>, 'current' | 'refresh'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: AlertingMetrics & Pick<DeliveryMetrics, 'showAlerts'>;
}

/** Rules evaluated at their instants, and what follows from them sent. */
export interface Alerting {
  /**
   * Looks whether this process leads; if so, evaluates what is due and sends what is due. Ticks may overlap: an evaluation that takes long
   * holds up neither the lease nor what is to be sent. Never rejects.
   */
  tick(): Promise<void>;
  /** Ticks once a second. */
  start(): void;
  /** Breaks off what is under way and lets another one lead. */
  stop(): Promise<void>;
}

const minuteUs = 60_000_000;
/** Pause after a round that failed. */
const retryUs = 5_000_000;

/** Builds alerting. Opens nothing and starts nothing. */
export function createAlerting(options: AlertingOptions): Alerting {
  const { lease, setup, clock, logger, metrics } = options;
  const stopper = new AbortController();
  let led: { readonly term: Term; readonly outbox: Outbox; hasEnded: boolean } | null = null;
  /** The minute that was looked at last, and when to try again after a failure; cron knows nothing shorter than a minute. */
  let seenMinute = Number.NaN;
  let failedUs = Number.NaN;
  /** The minute in which the files were looked at, and whether the term doesn't know yet what they say. */
  let filesMinute = Number.NaN;
  let isOutdated = false;
  let running: Promise<void> | undefined;
  let renewing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function begin(): NonNullable<typeof led> {
    const { files, channels, openOutbox } = setup.current();
    const outbox = openOutbox();
    const term = createTerm({
      ...{ ...options, files, channels, outbox },
      evaluated: (outcome) => metrics.evaluated(outcome),
      assertLeading() {
        if (stopper.signal.aborted || own.hasEnded || !lease.isHeld())
          throw new Error('another alerter may lead by now');
      },
    });
    const own = { term, outbox, hasEnded: false };
    logger.info('leads: evaluates rules and sends notifications');
    isOutdated = false;
    seenMinute = Number.NaN;
    failedUs = Number.NaN;
    return own;
  }

  async function endTerm(): Promise<void> {
    if (led === null) return;
    const { outbox } = led;
    led.hasEnded = true;
    led = null;
    await outbox.stop();
  }

  async function stepDown(): Promise<void> {
    if (led === null) return;
    logger.warn('leads no longer: neither evaluates nor sends');
    metrics.showAlerts(new Map());
    await endTerm();
  }

  /** What the files say now takes a term of its own, with its own channels. */
  function renew(): Promise<void> {
    renewing = endTerm().finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  function lookAtFiles(): void {
    const minute = Math.floor(clock.nowUs() / minuteUs);
    if (minute === filesMinute) return;
    filesMinute = minute;
    isOutdated = setup.refresh() || isOutdated;
  }

  async function round(term: Term): Promise<void> {
    const nowUs = clock.nowUs();
    const minute = Math.floor(nowUs / minuteUs);
    const isTooEarly = nowUs >= failedUs && nowUs < failedUs + retryUs;
    if (minute === seenMinute || isTooEarly) return;
    try {
      await term.round(nowUs);
      seenMinute = minute;
      metrics.showAlerts(term.firing());
    } catch (err) {
      failedUs = nowUs;
      if (!stopper.signal.aborted) logger.error({ err }, 'rules can not be evaluated; it is tried again');
    }
  }

  async function tick(): Promise<void> {
    if (stopper.signal.aborted) return;
    lookAtFiles();
    const leads = await lease.hold();
    metrics.leads(leads);
    if (!leads) return stepDown();
    if (renewing !== undefined) return renewing;
    if (led !== null && isOutdated && running === undefined) await renew();
    if (stopper.signal.aborted || !lease.isHeld()) return;
    led ??= begin();
    const { term, outbox } = led;
    running ??= round(term).finally(() => {
      running = undefined;
    });
    await Promise.all([outbox.tick(), running.then(() => outbox.tick())]);
  }

  return {
    tick,
    start() {
      timer = setInterval(() => void tick(), 1_000);
      void tick();
    },
    async stop() {
      clearInterval(timer);
      stopper.abort();
      await running;
      await renewing;
      await led?.outbox.stop();
      await lease.release();
    },
  };
}
