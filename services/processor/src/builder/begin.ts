import type { ClickHouse } from '@michinori/clickhouse';
import { type DefinitionKey, type DerivationRow, lastDerivation, readDerivations } from '@michinori/queries';
import type { Faults } from '../faults.ts';
import type { WriteDerivation } from './write-derivation.ts';

const stepMax = 1000;

/**
 * Makes the function that begins a derivation: a number above all others, and its first row, read back. Two processors that
 * both believe they build don't take the same number but by a chance of one in a thousand, because the distance from
 * the highest one is drawn.
 */
export function createBegin(deps: {
  clickhouse: ClickHouse;
  write: WriteDerivation;
  faults: Faults;
  /** 0 ≤ x < 1. */
  random: () => number;
}) {
  const { clickhouse, write, faults, random } = deps;
  return async function begin({ journey, version, hash }: DefinitionKey): Promise<DerivationRow> {
    const [last] = await clickhouse.queryOnWriter(lastDerivation, {});
    const derivation = (last?.derivation ?? 0) + 1 + Math.floor(random() * stepMax);
    await write({ derivation, journey, version, hash, state: 'building', unitsDone: 0, unitsTotal: 0 });
    const rows = await readDerivations(clickhouse, { onWriter: true });
    const written = rows.find((row) => row.derivation === derivation && row.journey === journey);
    if (written === undefined) throw new Error(`derivation ${derivation} of ${journey} can't be read back`);
    await faults.at('builder.after-begin');
    return written;
  };
}

export type Begin = ReturnType<typeof createBegin>;
