import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { type ActiveDerivation, planJourney, readJourneys, runJourneyStages } from '@michinori/queries';
import { type StageSample, stageSamples } from './stage-samples.ts';

/** What one look at a journey came to. */
export type JourneyReading =
  | { readonly outcome: 'read'; readonly journey: string; readonly samples: readonly StageSample[] }
  | { readonly outcome: 'failed'; readonly journey: string; readonly error: unknown };

/** The journeys that have answers, by id. */
export async function answeringJourneys(clickhouse: ClickHouse, options: QueryOptions): Promise<ActiveDerivation[]> {
  const journeys = await readJourneys(clickhouse, options);
  return journeys.flatMap(({ derivation, definition }) =>
    derivation === null || definition === null ? [] : [{ derivation, journey: definition }],
  );
}

/**
 * The drop-off of every stage of a journey, for everybody and by each of its segments: what `GET /v1/journeys/{journey}/stages` answers as of
 * `asOfUs`, from the same function. Never rejects.
 */
export async function readStages(
  clickhouse: ClickHouse,
  active: ActiveDerivation,
  asOfUs: number,
  { segmentsMax, ...options }: QueryOptions & { segmentsMax: number },
): Promise<JourneyReading> {
  const { id, segments } = active.journey;
  try {
    const samples: StageSample[] = [];
    for (const by of [null, ...(segmentsMax === 0 ? [] : segments)]) {
      const scope = planJourney({ asOf: asOfUs, ...(by === null ? {} : { by }) }, active, asOfUs);
      const { rows } = await runJourneyStages(clickhouse, scope, options);
      samples.push(...stageSamples(id, by, rows, segmentsMax));
    }
    return { outcome: 'read', journey: id, samples };
  } catch (error) {
    return { outcome: 'failed', journey: id, error };
  }
}
