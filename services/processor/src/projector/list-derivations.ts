import type { ClickHouse } from '@michinori/clickhouse';
import type { Journey } from '@michinori/journey';
import { type DerivationRow, readDefinition, readDerivations } from '@michinori/queries';
import type { RetireBuild } from '../builder/retire-build.ts';
import { processorError } from '../errors.ts';

export interface OpenDerivation {
  row: DerivationRow;
  journey: Journey;
}

/**
 * Makes the function that reads which derivations a round has to serve: all that are building or active. One that is being
 * built and whose definition can't be read here is given up; of an active one that is `definition_unreadable`.
 */
export function createListDerivations({ clickhouse, giveUp }: { clickhouse: ClickHouse; giveUp: GiveUp }) {
  return async function listDerivations(): Promise<OpenDerivation[]> {
    const open: OpenDerivation[] = [];
    for (const row of await readDerivations(clickhouse, { onWriter: true })) {
      if (row.journey === '' || row.state === 'retired') continue;
      const journey = await readDefinition(clickhouse, row, { onWriter: true });
      if (journey !== null) {
        open.push({ row, journey });
        continue;
      }
      const isGivenUp = row.state === 'building' && (await giveUp(row, 'its definition can not be read'));
      if (!isGivenUp) {
        throw processorError(
          'definition_unreadable',
          `The definition of journey ${row.journey}, version ${row.version}, is missing or can't be read.`,
        );
      }
    }
    return open;
  };
}

/**
 * Makes the function that ends a build that a round can't serve: it is retired, so that it never becomes active. Answers
 * false if it became active meanwhile: then the round has to serve it.
 */
export function createGiveUp(deps: { retireBuild: RetireBuild; onGivenUp: (row: DerivationRow, why: string) => void }) {
  return async function giveUp(row: DerivationRow, why: string): Promise<boolean> {
    if (!(await deps.retireBuild(row))) return false;
    deps.onGivenUp(row, why);
    return true;
  };
}

export type GiveUp = ReturnType<typeof createGiveUp>;
