import type { ClickHouse } from '@michinori/clickhouse';
import {
  type DerivationRow,
  readDefinition,
  readDerivations,
  settleCustomers,
  settleDerivation,
  type UnitScope,
} from '@michinori/queries';
import { processorError } from '../errors.ts';
import type { Faults } from '../faults.ts';
import type { Derive } from '../projector/derive.ts';
import type { WriteDerivation } from './write-derivation.ts';

export interface BuildDependencies {
  clickhouse: ClickHouse;
  derive: Derive;
  write: WriteDerivation;
  faults: Faults;
  onProgress: (journey: string, done: number | null) => void;
  /** A name that no round ever had. */
  nameRound: () => string;
  eventsPerRange: number;
}

/** How a build ended: `left` because it isn't ours to carry out any more, `retired` because somebody gave it up meanwhile. */
export type BuildOutcome = 'done' | 'left' | 'retired';

/**
 * Makes the function that carries out a build: every range of keys, then the switch to `active`. May be repeated from the
 * start at any point, and run twice at once. Rejects with what kept it from being done.
 */
export function createBuild(deps: BuildDependencies) {
  const { clickhouse, derive, write, faults, onProgress, nameRound, eventsPerRange } = deps;

  async function deriverOf(row: DerivationRow) {
    if (row.journey === '') {
      return {
        unit: 'customer' as const,
        // Who a customer is may follow from anybody's events, so these are noted first.
        passes: [
          async (scope: UnitScope) => {
            await derive.members(scope);
            await derive.identities(scope);
          },
          (scope: UnitScope) => derive.withPeople('customer', scope, nameRound(), (scoped) => derive.customers(scoped)),
        ],
      };
    }
    const journey = await readDefinition(clickhouse, row, { onWriter: true });
    if (journey === null)
      throw processorError(
        'definition_unreadable',
        `The definition of ${row.journey}, version ${row.version}, can't be read.`,
      );
    return {
      unit: journey.unit,
      passes: [
        (scope: UnitScope) =>
          derive.withPeople(journey.unit, scope, nameRound(), (scoped) =>
            derive.units({ id: row.derivation, journey }, scoped),
          ),
      ],
    };
  }

  /** What ends a build before its time, null if nothing does: another builder that was faster, or whoever gave it up. */
  async function endedBy({ derivation, journey }: DerivationRow, isOurs: () => boolean): Promise<BuildOutcome | null> {
    if (!isOurs()) return 'left';
    const rows = await readDerivations(clickhouse, { onWriter: true });
    const now = rows.find((row) => row.derivation === derivation && row.journey === journey);
    if (now?.state === 'building') return null;
    return now?.state === 'active' ? 'done' : 'retired';
  }

  function settle({ journey, derivation }: DerivationRow): Promise<void> {
    return journey === '' ? clickhouse.command(settleCustomers) : clickhouse.command(settleDerivation, { derivation });
  }

  return async function build(row: DerivationRow, { isOurs }: { isOurs: () => boolean }): Promise<BuildOutcome> {
    const { unit, passes } = await deriverOf(row);
    const ranges = await derive.ranges(unit, { eventsPerRange });
    const steps = passes.flatMap((act) => ranges.map((range) => ({ act, range })));
    const unitsTotal = ranges.reduce((sum, { units }) => sum + units, 0);
    let unitsDone = 0;
    for (const { act, range } of steps) {
      const { fromKey, toKey, units } = range;
      const ended = await endedBy(row, isOurs);
      if (ended !== null) return ended;
      onProgress(row.journey, unitsTotal === 0 ? 0 : unitsDone / unitsTotal);
      await write({ ...row, state: 'building', unitsDone: Math.floor(unitsDone), unitsTotal });
      await act({ kind: 'range', fromKey, toKey });
      unitsDone += units / passes.length;
      await faults.at('builder.after-range');
    }
    if (clickhouse.cluster === null) await settle(row);
    const ended = await endedBy(row, isOurs);
    if (ended !== null) return ended;
    await faults.at('builder.before-activate');
    await write({ ...row, state: 'active', unitsDone: unitsTotal, unitsTotal });
    onProgress(row.journey, null);
    await faults.at('builder.after-activate');
    return 'done';
  };
}
