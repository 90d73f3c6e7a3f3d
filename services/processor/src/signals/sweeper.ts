import type { ClickHouse } from '@michinori/clickhouse';
import {
  activeOf,
  announcedDerivations,
  type DerivationRow,
  readDefinition,
  readDerivations,
} from '@michinori/queries';
import type { Logger } from '@michinori/runtime';
import type { Clock } from '../clock.ts';
import type { ProcessorConfig } from '../config.ts';
import type { Derive } from '../projector/derive.ts';
import { batchFailureOf } from '../sink/failure.ts';
import type { Announce } from './announce.ts';

export interface SignalSweeperDependencies {
  clickhouse: ClickHouse;
  derive: Pick<Derive, 'ranges'>;
  announce: Announce;
  clock: Clock;
  logger: Logger;
  /** Whether this processor is the one that sweeps: of several one is enough, more do no harm. */
  isOurs: () => boolean;
  config: Pick<ProcessorConfig, 'signals' | 'buildPollMs' | 'buildEventsPerRange'>;
  stopping: AbortSignal;
}

/**
 * Compares all units with the signals when a derivation has become the one that answers: rounds only look at units that change. Looks
 * every `buildPollMs`.
 */
export function createSignalSweeper(deps: SignalSweeperDependencies) {
  const { clickhouse, derive, announce, clock, logger, isOurs, config, stopping } = deps;
  let running: Promise<void> = Promise.resolve();

  async function sweep(row: DerivationRow): Promise<void> {
    const journey = await readDefinition(clickhouse, row, { onWriter: true });
    if (journey === null) return;
    const ranges = await derive.ranges(journey.unit, { eventsPerRange: config.buildEventsPerRange });
    for (const { fromKey, toKey } of ranges) {
      if (stopping.aborted || !isOurs()) return;
      await announce({ kind: 'range', fromKey, toKey }, row.journey);
    }
    const { derivation } = row;
    await clickhouse.insert({ table: 'announced_derivations', columns: ['derivation'], rows: [[derivation]] });
    logger.info({ journey: row.journey, version: row.version, derivation }, 'signals follow a new derivation');
  }

  async function look(): Promise<void> {
    const rows = await readDerivations(clickhouse, { onWriter: true });
    const answering = rows.filter((row) => row.journey !== '' && activeOf(rows, row.journey) === row);
    const derivations = answering.map(({ derivation }) => derivation);
    const done = await clickhouse.queryOnWriter(announcedDerivations, { derivations });
    for (const row of answering) {
      if (!done.some(({ derivation }) => derivation === row.derivation)) await sweep(row);
    }
  }

  async function run(): Promise<void> {
    while (!stopping.aborted) {
      try {
        if (isOurs()) await look();
      } catch (err) {
        logger.warn(
          { failure: batchFailureOf(err), err },
          'signals about a new derivation were interrupted; tried again',
        );
      }
      await clock.wait(config.buildPollMs, stopping);
    }
  }

  return {
    start(): void {
      if (config.signals) running = run();
    },
    /** After `stopping` has fired: resolves when the range in hand is done. */
    stop: () => running,
  };
}
