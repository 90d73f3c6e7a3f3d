import type { ClickHouse } from '@michinori/clickhouse';
import type { DerivationRow, DerivationState } from '@michinori/queries';
import type { Clock } from '../clock.ts';

const columns = [
  'derivation',
  'journey',
  'version',
  'hash',
  'state',
  'step',
  'changed_at',
  'units_done',
  'units_total',
] as const;

const ranks: Record<DerivationState, bigint> = { building: 1n, active: 2n, retired: 3n };

/**
 * `step` of a row: first by state, then by time. So a derivation only ever goes from building to active to retired, whoever
 * writes last and however late: what was retired can't come back.
 */
export function stepOf(state: DerivationState, nowUs: number): bigint {
  return (ranks[state] << 56n) + BigInt(nowUs);
}

/** Makes the function that writes how a derivation stands from now on. */
export function createWriteDerivation({ clickhouse, clock }: { clickhouse: ClickHouse; clock: Clock }) {
  return async function writeDerivation(row: Omit<DerivationRow, 'changedAtUs'>): Promise<void> {
    const nowUs = clock.nowUs();
    const { derivation, journey, version, hash, state, unitsDone, unitsTotal } = row;
    const values = [
      derivation,
      journey,
      version,
      hash,
      state,
      stepOf(state, nowUs).toString(),
      nowUs,
      unitsDone,
      unitsTotal,
    ];
    await clickhouse.insert({ table: 'derivations', columns, rows: [values] });
  };
}

export type WriteDerivation = ReturnType<typeof createWriteDerivation>;
