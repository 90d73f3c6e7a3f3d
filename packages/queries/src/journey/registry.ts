import {
  type ClickHouse,
  defineQuery,
  integerColumn,
  integerTextColumn,
  microsecondsColumn,
} from '@michinori/clickhouse';
import type { Journey } from '@michinori/journey';
import { z } from 'zod';
import { type DefinitionKey, readDefinition, readNewestDefinitions } from './newest-definitions.ts';
import { type RegistryOptions, readFrom } from './registry-reading.ts';
import type { ActiveDerivation } from './scope.ts';

export type DerivationState = 'building' | 'active' | 'retired';

/** A derivation as it stands. Journey `''` is the derivation of the table `customers`, which every journey builds upon. */
export interface DerivationRow extends DefinitionKey {
  readonly derivation: number;
  readonly state: DerivationState;
  readonly changedAtUs: number;
  readonly unitsDone: number;
  readonly unitsTotal: number;
}

const derivationsQuery = defineQuery({
  name: 'derivations',
  sql: `
    SELECT derivation, newest.1 AS journey, newest.2 AS version, toString(newest.3) AS hash, toString(newest.4) AS state,
           newest.5 AS changedAtUs, newest.6 AS unitsDone, newest.7 AS unitsTotal
    FROM (
      SELECT derivation, argMax(tuple(journey, version, hash, state, changed_at, units_done, units_total), step) AS newest
      FROM derivations
      GROUP BY derivation)
    ORDER BY derivation`,
  params: z.object({}),
  row: z.object({
    derivation: z.number(),
    journey: z.string(),
    version: z.number(),
    hash: integerTextColumn,
    state: z.enum(['building', 'active', 'retired']),
    changedAtUs: microsecondsColumn,
    unitsDone: integerColumn,
    unitsTotal: integerColumn,
  }),
});

/** Every derivation that was ever begun, by number, each as its latest row has it. */
export async function readDerivations(clickhouse: ClickHouse, options?: RegistryOptions): Promise<DerivationRow[]> {
  return readFrom(clickhouse, derivationsQuery, {}, options);
}

/** The derivation that answers about a journey come from: of its active ones the last. */
export function activeOf(derivations: readonly DerivationRow[], journey: string): DerivationRow | null {
  return derivations.findLast((row) => row.journey === journey && row.state === 'active') ?? null;
}

/**
 * The derivation that a question about a journey is answered from, with the definition that it was derived by. Null if there is
 * no such journey, or if it is being built for the first time: {@link readJourneys} tells the two apart.
 */
export async function activeDerivation(
  clickhouse: ClickHouse,
  journeyId: string,
  options?: RegistryOptions,
): Promise<(ActiveDerivation & { readonly version: number }) | null> {
  if (journeyId === '') return null;
  const active = activeOf(await readDerivations(clickhouse, options), journeyId);
  if (active === null) return null;
  const journey = await readDefinition(clickhouse, active, options);
  return journey === null ? null : { derivation: active.derivation, journey, version: active.version };
}

/** A journey as it stands: what answers come from, what was applied last, and how far its derivation is. */
export interface JourneyState {
  readonly id: string;
  /** The definition that answers come from, else the one that was applied last; null if this program can't read it. */
  readonly definition: Journey | null;
  /** `ready`: answers come from the newest definition. `building`: from an older one, or (`version` null) not yet. */
  readonly state: 'ready' | 'building';
  /** Version that answers come from; null before the first build is done. */
  readonly version: number | null;
  readonly derivation: number | null;
  readonly newestVersion: number;
  readonly appliedAtUs: number;
  readonly appliedBy: string;
  /** The build that is under way, also one that repeats the present version. */
  readonly progress: { readonly version: number; readonly unitsDone: number; readonly unitsTotal: number } | null;
}

/** All journeys that were ever applied, by id. */
export async function readJourneys(clickhouse: ClickHouse, options?: RegistryOptions): Promise<JourneyState[]> {
  const newest = await readNewestDefinitions(clickhouse, options);
  const derivations = await readDerivations(clickhouse, options);
  return Promise.all(
    newest.map(async (key): Promise<JourneyState> => {
      const active = activeOf(derivations, key.journey);
      const building = derivations.findLast((row) => row.journey === key.journey && row.state === 'building') ?? null;
      const { version: newestVersion, appliedAtUs, appliedBy } = key;
      return {
        id: key.journey,
        definition: await readDefinition(clickhouse, active ?? key, options),
        state: active?.version === newestVersion && active.hash === key.hash ? 'ready' : 'building',
        version: active?.version ?? null,
        derivation: active?.derivation ?? null,
        newestVersion,
        appliedAtUs,
        appliedBy,
        progress:
          building === null
            ? null
            : { version: building.version, unitsDone: building.unitsDone, unitsTotal: building.unitsTotal },
      };
    }),
  );
}
