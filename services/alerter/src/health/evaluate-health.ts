import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { healthHash } from '@michinori/journey';
import {
  type ActiveDerivation,
  openHealthReading,
  pastScores,
  standingSignals,
  type UnitRange,
} from '@michinori/queries';
import { type EvaluationKey, pageRecords, scoreColumns, signalColumns, taskColumns } from './page-records.ts';
import { statesOf } from './remembered.ts';

export interface EvaluateOptions extends QueryOptions {
  readonly unitsPerPage?: number;
  /** Throws once this process may no longer write. */
  assertLeading(): void;
}

/** What an evaluation came to. */
export interface EvaluationSummary {
  readonly units: number;
  readonly changes: number;
}

/**
 * Scores all units of a journey as of an instant and appends what it finds; `previous` is the evaluation before, null if there is none. Its last row says that it
 * is finished: what was written of one that was broken off counts for nothing, so the instant is simply evaluated again.
 */
export async function evaluateHealth(
  clickhouse: ClickHouse,
  active: ActiveDerivation,
  key: EvaluationKey,
  previous: { readonly asOfUs: number; readonly evaluatedUs: number } | null,
  { assertLeading, unitsPerPage, ...options }: EvaluateOptions,
): Promise<EvaluationSummary> {
  const { journey } = active;
  const reading = await openHealthReading(clickhouse, active, key.asOfUs, {
    ...options,
    ...(unitsPerPage === undefined ? {} : { unitsPerPage }),
  });

  async function readBefore(page: UnitRange) {
    if (previous === null) return { units: [], states: new Map() };
    const asked = { journey: journey.id, asOfUs: previous.asOfUs, ...page };
    const units = await clickhouse.queryOnWriter(pastScores, { ...asked, evaluatedUs: previous.evaluatedUs }, options);
    const standing = await clickhouse.queryOnWriter(standingSignals, asked, options);
    return { units, states: statesOf(units, standing, previous.asOfUs) };
  }

  let [units, changes] = [0, 0];
  for (const page of reading.pages) {
    const found = await reading.read(page);
    const records = pageRecords(journey, found, await readBefore(page), key);
    assertLeading();
    await clickhouse.insert({ table: 'health_scores', columns: scoreColumns, rows: records.scores });
    await clickhouse.insert({ table: 'health_signals', columns: signalColumns, rows: records.signals });
    await clickhouse.insert({ table: 'health_tasks', columns: taskColumns, rows: records.tasks });
    units += found.length;
    changes += records.signals.length;
  }
  assertLeading();
  const { asOfUs, evaluatedUs, isBackfilled } = key;
  const counts = [journey.version, healthHash(journey), units, changes, isBackfilled ? 1 : 0];
  await clickhouse.insert({
    table: 'health_evaluations',
    columns: [...['journey', 'as_of', 'evaluated_at', 'version', 'rules_hash', 'units', 'changes', 'is_backfilled']],
    rows: [[journey.id, asOfUs, evaluatedUs, ...counts]],
  });
  return { units, changes };
}
