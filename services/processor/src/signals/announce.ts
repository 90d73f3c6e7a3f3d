import type { ClickHouse } from '@michinori/clickhouse';
import type { EventLog } from '@michinori/event-log';
import { topics } from '@michinori/events';
import type { UnitScope } from '@michinori/queries';
import type { Clock } from '../clock.ts';
import type { ProcessorConfig } from '../config.ts';
import { processorError } from '../errors.ts';
import type { Faults } from '../faults.ts';
import { createFindPending, type Look, lookAgain } from './find-pending.ts';
import type { SignalMetrics } from './signal-metrics.ts';
import {
  announcedColumns,
  announcedRow,
  isNoted,
  type Pending,
  revisionOf,
  signalRecord,
  transitionSignal,
} from './transition-signal.ts';

export interface AnnounceDependencies {
  clickhouse: ClickHouse;
  log: Pick<EventLog, 'append'>;
  clock: Clock;
  faults: Faults;
  metrics: SignalMetrics;
  config: Pick<ProcessorConfig, 'signals' | 'signalsAgeMsMax'>;
}

/** Brings the signals about a scope's units up to date: of one journey, or (null) of all. */
export type Announce = (scope: UnitScope, journey?: string | null) => Promise<void>;

const appendRecordsMax = 1_000;

/**
 * Makes the function that announces what is true of some units and wasn't announced, and takes back what was and isn't. Each page is
 * noted, appended to the log, noted as there, and then it is looked again, until nothing is left to say. Why that loses nothing
 * stands in docs/signals.md. Safe to repeat and to run several times at once: then a signal may come twice.
 */
export function createAnnounce({ clickhouse, log, clock, faults, metrics, config }: AnnounceDependencies): Announce {
  const findPending = createFindPending({ clickhouse, clock, config });

  async function note(pending: readonly Pending[], { isInLog }: { isInLog: boolean }): Promise<void> {
    const rows = pending.map((one) => announcedRow(one, { isInLog }));
    await clickhouse.insert({ table: 'announced_signals', columns: announcedColumns, rows });
  }

  async function append(pending: readonly Pending[]): Promise<void> {
    const announcedAtUs = clock.nowUs();
    for (let from = 0; from < pending.length; from += appendRecordsMax) {
      const page = pending.slice(from, from + appendRecordsMax);
      await log.append(
        topics.signals,
        page.map((one) => signalRecord(transitionSignal(one, announcedAtUs))),
      );
    }
  }

  async function say(pending: readonly Pending[]): Promise<void> {
    const fresh = pending.filter((one) => !isNoted(one));
    await note(fresh, { isInLog: false });
    await faults.at('projector.after-signals-note');
    await append(pending);
    await faults.at('projector.after-signals-append');
    await note(pending, { isInLog: true });
    await faults.at('projector.after-signals-done');
    for (const one of pending) metrics.announced(isNoted(one) ? 'repeated' : one.isTrue ? 'announced' : 'retracted');
  }

  return async function announce(scope, journey = null) {
    if (!config.signals) return;
    let look: Look | null = journey === null ? null : new Map([[journey, null]]);
    let said = new Set<string>();
    for (;;) {
      const pending = await findPending(scope, look);
      const again = pending.find((one) => said.has(nameOf(one)));
      if (again !== undefined) {
        throw processorError('signals_not_visible', `Signal ${nameOf(again)} was noted and still counts as missing.`);
      }
      await say(pending);
      if (pending.length === 0) return;
      look = lookAgain(pending);
      said = new Set(pending.map(nameOf));
    }
  };
}

function nameOf(one: Pending): string {
  return `${one.id} ${revisionOf(one)}`;
}
