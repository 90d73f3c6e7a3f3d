import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import {
  type ActiveDerivation,
  healthRecordColumns,
  healthRecordRow,
  readHealthRecords,
  readScoreEvaluations,
  recordDue,
  recordHealth,
} from '@michinori/queries';
import type { Logger } from '@michinori/runtime';

export interface RecordTermOptions {
  /** Migrated; the table of track records is written. */
  readonly clickhouse: ClickHouse;
  readonly logger: Logger;
  readonly asking: QueryOptions;
  /** Journeys that have answers. */
  journeys(): Promise<readonly ActiveDerivation[]>;
  /** Throws once this process may no longer write. */
  assertLeading(): void;
}

/** Track records of health kept by one leader, for as long as it leads. */
export interface RecordTerm {
  /**
   * Judges the scores of one horizon before the last night of every journey whose scores of that night are there (`nowUs`: µs since 1970). A night is
   * recorded once; what fails is tried again by the next round. Rejects after all journeys had their turn, if one failed.
   */
  round(nowUs: number): Promise<void>;
}

const twoDaysUs = 2 * 86_400_000_000;

/** Makes a term. Nothing is read before the first round. */
export function createRecordTerm(options: RecordTermOptions): RecordTerm {
  const { clickhouse, logger, asking, assertLeading } = options;
  /** Journey → the night that was recorded last, as far as it is known. */
  const recorded = new Map<string, number>();

  async function recordedOf(journey: string, nowUs: number): Promise<number | null> {
    const known = recorded.get(journey);
    if (known !== undefined) return known;
    const range = { journey, fromUs: nowUs - twoDaysUs, upToUs: nowUs, limit: 1 };
    const [last] = await readHealthRecords(clickhouse, range, asking);
    return last?.asOfUs ?? null;
  }

  async function recordOne(active: ActiveDerivation, nowUs: number): Promise<void> {
    const { id: journey } = active.journey;
    const range = { journey, afterUs: nowUs - twoDaysUs, upToUs: nowUs };
    const evaluations = await readScoreEvaluations(clickhouse, range, asking);
    const asOfUs = recordDue(evaluations, await recordedOf(journey, nowUs), nowUs);
    if (asOfUs === null) return;
    const startedMs = performance.now();
    const record = await recordHealth(clickhouse, active, asOfUs, asking);
    assertLeading();
    const rows = [healthRecordRow(record, nowUs)];
    await clickhouse.insert({ table: 'health_track_records', columns: healthRecordColumns, rows });
    recorded.set(journey, asOfUs);
    const [whole] = record.stages;
    const figures = { state: whole?.state, scored: whole?.n, lost: whole?.lost, auc: whole?.auc };
    const seconds = Math.round(performance.now() - startedMs) / 1000;
    logger.info(
      { journey, asOf: new Date(asOfUs / 1000).toISOString(), ...figures, seconds },
      'scores of one horizon ago judged',
    );
  }

  return {
    async round(nowUs) {
      const failures: unknown[] = [];
      for (const active of await options.journeys()) {
        assertLeading();
        await recordOne(active, nowUs).catch((err: unknown) => {
          failures.push(err);
          logger.error({ err, journey: active.journey.id }, 'scores can not be judged; it is tried again');
        });
      }
      if (failures.length > 0) throw new AggregateError(failures, 'scores can not be judged');
    },
  };
}
