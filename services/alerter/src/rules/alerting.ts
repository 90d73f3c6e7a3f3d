import type { Logger } from '@michinori/runtime';
import type { Clock } from '../channels/channel.ts';
import type { DeliveryMetrics } from '../channels/delivery-metrics.ts';
import type { HealthTerm } from '../health/health-term.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { AlertingMetrics } from './alerting-metrics.ts';
import type { FileWatch } from './file-watch.ts';
import type { Lease } from './lease.ts';
import { createRounds } from './rounds.ts';
import { createTerm, type Term, type TermOptions } from './term.ts';

const minuteUs = 60_000_000;

/** What comes from files. */
export interface AlertingSetup extends Pick<TermOptions, 'files' | 'channels'> {
  /** A new outbox over the stored one, for every term. */
  readonly openOutbox: () => Outbox;
  /** Health, for every term; missing: it isn't evaluated. */
  readonly openHealth?: ((given: { readonly outbox: Outbox; assertLeading(): void }) => HealthTerm) | undefined;
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

/** Builds alerting. Opens nothing and starts nothing. */
export function createAlerting(options: AlertingOptions): Alerting {
  const { lease, setup, clock, logger, metrics } = options;
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
  /** The minute in which the files were looked at, and whether the term doesn't know yet what they say. */
  let filesMinute = Number.NaN;
  let isOutdated = false;
  let renewing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function begin(): NonNullable<typeof led> {
    const { files, channels, openOutbox, openHealth } = setup.current();
    const outbox = openOutbox();
    const assertLeading = () => {
      if (stopper.signal.aborted || own.hasEnded || !lease.isHeld()) throw new Error('another alerter may lead by now');
    };
    const evaluated: TermOptions['evaluated'] = (outcome) => metrics.evaluated(outcome);
    const term = createTerm({ ...options, files, channels, outbox, evaluated, assertLeading });
    const own = { term, health: openHealth?.({ outbox, assertLeading }) ?? null, outbox, hasEnded: false };
    logger.info('leads: evaluates rules and sends notifications');
    isOutdated = false;
    rules.reset();
    health.reset();
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

  async function tick(): Promise<void> {
    if (stopper.signal.aborted) return;
    lookAtFiles();
    const leads = await lease.hold();
    metrics.leads(leads);
    if (!leads) return stepDown();
    if (renewing !== undefined) return renewing;
    if (led !== null && isOutdated && !rules.isRunning() && !health.isRunning()) await renew();
    if (stopper.signal.aborted || !lease.isHeld()) return;
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
      await renewing;
      await led?.outbox.stop();
      await lease.release();
    },
  };
}
