import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { healthOf } from '@michinori/journey';
import {
  type ActiveDerivation,
  changesOfEvaluation,
  type HealthEvaluation,
  healthEvaluations,
  storedEvents,
} from '@michinori/queries';
import type { Logger } from '@michinori/runtime';
import type { Outbox } from '../outbox/outbox.ts';
import { evaluateHealth } from './evaluate-health.ts';
import { healthNotices } from './health-notices.ts';
import { type DueEvaluation, dueEvaluations } from './instants.ts';
import { readChange } from './remembered.ts';

export interface HealthSettings {
  /** Hours after midnight in the time zone of each journey. */
  readonly hour: number;
  readonly backfill: boolean;
  readonly catchUpMax: number;
  readonly unitsPerPage?: number;
}

export interface HealthTermOptions {
  /** Migrated; the tables of health are written. */
  readonly clickhouse: ClickHouse;
  readonly outbox: Pick<Outbox, 'enqueue'>;
  readonly logger: Logger;
  readonly settings: HealthSettings;
  readonly boardUrl: string | null;
  /** Channels that hear of every signal. */
  readonly always: readonly string[];
  readonly asking: QueryOptions;
  journeys(): Promise<readonly ActiveDerivation[]>;
  /** Throws once this process may no longer write. */
  assertLeading(): void;
}

/** Health evaluated by one leader, for as long as it leads. */
export interface HealthTerm {
  /**
   * Evaluates what is due by `nowUs` (µs since 1970), and tells what wasn't told. A rejection leaves nothing behind that the next round doesn't make good.
   */
  round(nowUs: number): Promise<void>;
}

/** While more than a twentieth is added between two rounds, history is being loaded: what was evaluated now would stay as it is. */
const growthMax = 1.05;

/** Makes a term. Nothing is read before the first round. */
export function createHealthTerm(options: HealthTermOptions): HealthTerm {
  const { clickhouse, outbox, logger, settings, boardUrl, always, asking, assertLeading } = options;
  /** Stored events at the round before. */
  let eventsBefore: number | null = null;

  async function isLoaded(): Promise<boolean> {
    const [row] = await clickhouse.queryOnWriter(storedEvents, {}, asking);
    const events = row?.events ?? 0;
    const before = eventsBefore;
    eventsBefore = events;
    return before !== null && events > 0 && events <= before * growthMax;
  }

  /** First the outbox, which leaves out ids that it knows, then the note that it has them. */
  async function tell({ journey }: ActiveDerivation, { asOfUs, evaluatedUs }: HealthEvaluation): Promise<void> {
    const rows = await clickhouse.queryOnWriter(
      changesOfEvaluation,
      { journey: journey.id, asOfUs, evaluatedUs },
      asking,
    );
    const notices = healthNotices(rows.map(readChange), journey, { always, boardUrl });
    for (const to of new Set(notices.map((notice) => notice.to.join('\0')))) {
      const own = notices.filter((notice) => notice.to.join('\0') === to);
      assertLeading();
      await outbox.enqueue(
        own.map(({ notification }) => notification),
        to.split('\0'),
      );
    }
    assertLeading();
    await clickhouse.insert({ table: 'health_told', columns: ['journey', 'as_of'], rows: [[journey.id, asOfUs]] });
  }

  async function evaluate(
    active: ActiveDerivation,
    due: DueEvaluation,
    previous: HealthEvaluation | null,
    nowUs: number,
  ): Promise<HealthEvaluation> {
    const startedMs = performance.now();
    const key = { ...due, evaluatedUs: nowUs };
    const { unitsPerPage } = settings;
    const found = await evaluateHealth(clickhouse, active, key, previous, {
      ...asking,
      assertLeading,
      ...(unitsPerPage === undefined ? {} : { unitsPerPage }),
    });
    const seconds = Math.round(performance.now() - startedMs) / 1000;
    const asOf = new Date(due.asOfUs / 1000).toISOString();
    logger.info({ journey: active.journey.id, asOf, ...found, seconds }, 'health evaluated');
    return { ...key, units: found.units, isTold: false };
  }

  async function roundOf(active: ActiveDerivation, nowUs: number, loaded: () => Promise<boolean>): Promise<void> {
    const { id: journey, timezone } = active.journey;
    const done = await clickhouse.queryOnWriter(healthEvaluations, { journey }, asking);
    for (const each of done) if (!each.isBackfilled && !each.isTold) await tell(active, each);
    const due = dueEvaluations(done, nowUs, { ...settings, timezone });
    if (due.length === 0 || (done.length === 0 && !(await loaded()))) return;
    const past = due.filter(({ isBackfilled }) => isBackfilled).length;
    if (past > 0) logger.info({ journey, evaluations: past }, 'health gets a history');
    let previous = done.at(-1) ?? null;
    for (const each of due) {
      previous = await evaluate(active, each, previous, nowUs);
      if (!each.isBackfilled) await tell(active, previous);
    }
    if (past > 0) logger.info({ journey, evaluations: past }, 'health has a history');
  }

  return {
    async round(nowUs) {
      const journeys = (await options.journeys()).filter(({ journey }) => healthOf(journey) !== null);
      let known: Promise<boolean> | undefined;
      const loaded = () => {
        known ??= isLoaded();
        return known;
      };
      for (const active of journeys) await roundOf(active, nowUs, loaded);
    },
  };
}
