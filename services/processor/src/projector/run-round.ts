import type { ClickHouse } from '@michinori/clickhouse';
import { roundSize, type UnitScope } from '@michinori/queries';
import type { Logger } from '@michinori/runtime';
import { processorError } from '../errors.ts';
import type { Faults } from '../faults.ts';
import type { Announce } from '../signals/announce.ts';
import { batchFailureOf } from '../sink/failure.ts';
import type { Derive } from './derive.ts';
import { type DirtyUnit, dirtyRows } from './dirty-unit.ts';
import { createFindHot, type HotCustomer } from './find-hot.ts';
import { createListDerivations, type GiveUp, type OpenDerivation } from './list-derivations.ts';
import { messageOf } from './persist.ts';

export interface RunRoundDependencies {
  clickhouse: ClickHouse;
  derive: Derive;
  announce: Announce;
  faults: Faults;
  logger: Logger;
  giveUp: GiveUp;
  /** A name that no round ever had. */
  nameRound: () => string;
  hotEventsMin: number;
}

/**
 * Makes the function that projects a set of units: all of them, or (`splitHot`) all but the hot ones, which it answers. The
 * derivations are read after the units were taken and their accounts and identities noted: why this order matters stands in docs/projector.md. Safe to repeat and to run several times at once.
 */
export function createRunRound(deps: RunRoundDependencies) {
  const { clickhouse, derive, announce, faults, logger, giveUp, nameRound, hotEventsMin } = deps;
  const findHot = createFindHot({ clickhouse, derive, hotEventsMin });
  const listDerivations = createListDerivations({ clickhouse, giveUp });

  async function mark(round: string, units: ReadonlySet<DirtyUnit>): Promise<void> {
    const { byName, byKey } = dirtyRows(round, units);
    const table = 'dirty_units';
    await clickhouse.insert({ table, columns: ['round', 'customer', 'anonymous'], rows: byName });
    await clickhouse.insert({ table, columns: ['round', 'unit_key'], rows: byKey });
    await faults.at('projector.after-mark');
  }

  async function forget(round: string): Promise<void> {
    try {
      await derive.dropRound(round);
    } catch (err) {
      logger.warn({ round, err }, 'the rows of a round were left behind; they will be swept later');
    }
  }

  async function assertWhole(round: string, size: number): Promise<void> {
    const [row] = await clickhouse.queryOnWriter(roundSize, { round });
    if ((row?.units ?? 0) >= size) return;
    throw processorError(
      'round_not_visible',
      `${size} units were marked for round ${round}, ${row?.units ?? 0} are there.`,
    );
  }

  async function deriveUnits({ row, journey }: OpenDerivation, scope: UnitScope): Promise<void> {
    try {
      await derive.units({ id: row.derivation, journey }, scope);
    } catch (error) {
      const mayGiveUp = row.state === 'building' && batchFailureOf(error) !== 'infrastructure';
      if (!mayGiveUp || !(await giveUp(row, messageOf(error)))) throw error;
    }
    await faults.at('projector.after-derive');
  }

  async function deriveAll(round: string, derivations: readonly OpenDerivation[]): Promise<void> {
    const ofUnit = (unit: 'customer' | 'account') => derivations.filter(({ journey }) => journey.unit === unit);
    await derive.withPeople('customer', { kind: 'round', round }, `${round}.people`, async (scope) => {
      await derive.customers(scope);
      await faults.at('projector.after-customers');
      for (const derivation of ofUnit('customer')) await deriveUnits(derivation, scope);
    });
    const ofAccounts = ofUnit('account');
    if (ofAccounts.length === 0) return;
    await derive.withPeople('account', { kind: 'round', round }, `${round}.accounts`, async (scope) => {
      for (const derivation of ofAccounts) await deriveUnits(derivation, scope);
    });
  }

  async function attempt(units: ReadonlySet<DirtyUnit>, splitHot: boolean): Promise<HotCustomer[]> {
    const round = nameRound();
    try {
      await mark(round, units);
      await derive.members({ kind: 'round', round });
      await derive.identities({ kind: 'round', round });
      const derivations = await listDerivations();
      await faults.at('projector.after-list');
      if (splitHot) {
        const withAccounts = derivations.some(({ journey }) => journey.unit === 'account');
        const found = await findHot(round, { withAccounts });
        const hot = found.filter(({ unit }) => units.has(unit));
        if (hot.length > 0) return hot;
      }
      await deriveAll(round, derivations);
      await announce({ kind: 'round', round });
      await assertWhole(round, units.size);
      return [];
    } finally {
      await forget(round);
    }
  }

  return async function runRound(
    units: ReadonlySet<DirtyUnit>,
    { splitHot }: { splitHot: boolean },
  ): Promise<HotCustomer[]> {
    if (units.size === 0) return [];
    const hot = await attempt(units, splitHot);
    if (hot.length === 0) return hot;
    const rest = new Set(units);
    for (const { unit } of hot) rest.delete(unit);
    if (rest.size > 0) await attempt(rest, false);
    return hot;
  };
}

export type RunRound = ReturnType<typeof createRunRound>;
