import type { Logger } from '@michinori/runtime';
import type { Clock } from '../channels/channel.ts';

const minuteUs = 60_000_000;
/** Pause after a round that failed. */
const retryUs = 5_000_000;

/** Rounds of one kind: one in every minute, again after a failure, never two at once. */
export interface Rounds {
  /** Begins a round if one is due. Resolves when the one under way is through, if there is any; never rejects. */
  run(round: (nowUs: number) => Promise<void>): Promise<void>;
  /** The next round is due at once. */
  reset(): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

export interface RoundsOptions {
  /** What can't be evaluated after a failure, for the log. */
  readonly what: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly isStopped: () => boolean;
}

/** Makes rounds. Cron knows nothing shorter than a minute, so each minute is looked at once. */
export function createRounds({ what, clock, logger, isStopped }: RoundsOptions): Rounds {
  let seenMinute = Number.NaN;
  let failedUs = Number.NaN;
  let running: Promise<void> | undefined;

  async function once(round: (nowUs: number) => Promise<void>): Promise<void> {
    const nowUs = clock.nowUs();
    const minute = Math.floor(nowUs / minuteUs);
    const isTooEarly = nowUs >= failedUs && nowUs < failedUs + retryUs;
    if (minute === seenMinute || isTooEarly) return;
    try {
      await round(nowUs);
      seenMinute = minute;
    } catch (err) {
      failedUs = nowUs;
      if (!isStopped()) logger.error({ err }, `${what} can not be evaluated; it is tried again`);
    }
  }

  return {
    run(round) {
      running ??= once(round).finally(() => {
        running = undefined;
      });
      return running;
    },
    reset() {
      seenMinute = Number.NaN;
      failedUs = Number.NaN;
    },
    settled: async () => running,
  };
}
