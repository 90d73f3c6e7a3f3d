import type { ClickHouse } from '@michinori/clickhouse';
import { type DerivationRow, readDerivations } from '@michinori/queries';
import type { WriteDerivation } from './write-derivation.ts';

/**
 * Makes the function that gives a build up: it is retired, so that it never becomes active. Answers false, and changes nothing, if it
 * became active meanwhile: somebody else has derived every range, and answers come from it.
 */
export function createRetireBuild({ clickhouse, write }: { clickhouse: ClickHouse; write: WriteDerivation }) {
  return async function retireBuild(row: DerivationRow): Promise<boolean> {
    const rows = await readDerivations(clickhouse, { onWriter: true });
    const now = rows.find(({ derivation, journey }) => derivation === row.derivation && journey === row.journey);
    if (now?.state === 'active') return false;
    if (now?.state !== 'retired') await write({ ...row, state: 'retired' });
    return true;
  };
}

export type RetireBuild = ReturnType<typeof createRetireBuild>;
