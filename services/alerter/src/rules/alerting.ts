import type { Logger } from '@michinori/runtime';
import type { Clock } from '../channels/channel.ts';
import type { DeliveryMetrics } from '../channels/delivery-metrics.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { AlertingMetrics } from './alerting-metrics.ts';
import type { Lease } from './lease.ts';
import { createTerm, type Term, type TermOptions } from './term.ts';

export interface AlertingOptions extends Omit<TermOptions, 'outbox' | 'assertLeading' | 'evaluated'> {
  readonly lease: Lease;
  /** A new outbox over the stored one, for every time of leading. */
  readonly openOutbox: () => Outbox;
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
  const { lease, openOutbox, clock, logger, metrics } = options;
  const stopper = new AbortController();
  let led: { readonly term: Term; readonly outbox: Outbox; hasEnded: boolean } | null = null;
  /** The minute that was looked at last, and when to try again after a failure; cron knows nothing shorter than a minute. */
  let seenMinute = Number.NaN;
  let failedUs = Number.NaN;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function begin(): NonNullable<typeof led> {
    const outbox = openOutbox();
    const term = createTerm({
      ...options,
      outbox,
      evaluated: (outcome) => metrics.evaluated(outcome),
      assertLeading() {
        if (stopper.signal.aborted || own.hasEnded || !lease.isHeld())
          throw new Error('another alerter may lead by now');
      },
    });
    const own = { term, outbox, hasEnded: false };
    logger.info('leads: evaluates rules and sends notifications');
    seenMinute = Number.NaN;
    failedUs = Number.NaN;
    return own;
  }

  async function stepDown(): Promise<void> {
    if (led === null) return;
    const { outbox } = led;
    led.hasEnded = true;
    led = null;
    logger.warn('leads no longer: neither evaluates nor sends');
    metrics.showAlerts(new Map());
    await outbox.stop();
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
    const leads = await lease.hold();
    metrics.leads(leads);
    if (!leads) return stepDown();
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
      await led?.outbox.stop();
      await lease.release();
    },
  };
}
