import type { Logger } from '@michinori/runtime';
import type { Clock } from '../channels/channel.ts';
import type { DeliveryMetrics } from '../channels/delivery-metrics.ts';
import type { HealthTerm } from '../health/health-term.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { AlertingMetrics } from './alerting-metrics.ts';
import type { Lease } from './lease.ts';
import { createRounds } from './rounds.ts';
import { createTerm, type Term, type TermOptions } from './term.ts';

export interface AlertingOptions extends Omit<TermOptions, 'outbox' | 'assertLeading' | 'evaluated'> {
  readonly lease: Lease;
  /** A new outbox over the stored one, for every time of leading. */
  readonly openOutbox: () => Outbox;
  /** Health, for every time of leading; missing: it isn't evaluated. */
  readonly openHealth?: (given: { readonly outbox: Outbox; assertLeading(): void }) => HealthTerm;
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

/** Builds alerting. Opens nothing and starts nothing. */
export function createAlerting(options: AlertingOptions): Alerting {
  const { lease, openOutbox, openHealth, clock, logger, metrics } = options;
  const stopper = new AbortController();
  let led: {
    readonly term: Term;
    readonly health: HealthTerm | null;
    readonly outbox: Outbox;
    hasEnded: boolean;
  } | null = null;
  const isStopped = () => stopper.signal.aborted;
  const rules = createRounds({ what: 'rules', clock, logger, isStopped });
  const health = createRounds({ what: 'health', clock, logger, isStopped });
  let timer: NodeJS.Timeout | undefined;

  function begin(): NonNullable<typeof led> {
    const outbox = openOutbox();
    const assertLeading = () => {
      if (stopper.signal.aborted || own.hasEnded || !lease.isHeld()) throw new Error('another alerter may lead by now');
    };
    const evaluated: TermOptions['evaluated'] = (outcome) => metrics.evaluated(outcome);
    const term = createTerm({ ...options, outbox, evaluated, assertLeading });
    const own = { term, health: openHealth?.({ outbox, assertLeading }) ?? null, outbox, hasEnded: false };
    logger.info('leads: evaluates rules and sends notifications');
    rules.reset();
    health.reset();
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

  async function tick(): Promise<void> {
    if (stopper.signal.aborted) return;
    const leads = await lease.hold();
    metrics.leads(leads);
    if (!leads) return stepDown();
    led ??= begin();
    const { term, outbox, health: ownHealth } = led;
    const judged = rules.run(async (nowUs) => {
      await term.round(nowUs);
      metrics.showAlerts(term.firing());
    });
    const scored = ownHealth === null ? undefined : health.run((nowUs) => ownHealth.round(nowUs));
    await Promise.all([outbox.tick(), judged.then(() => outbox.tick()), scored?.then(() => outbox.tick())]);
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
      await Promise.all([rules.settled(), health.settled()]);
      await led?.outbox.stop();
      await lease.release();
    },
  };
}
