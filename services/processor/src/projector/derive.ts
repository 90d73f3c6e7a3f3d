import type { ClickHouse } from '@michinori/clickhouse';
import {
  type Derivation,
  deriveCustomers,
  deriveUnits,
  dropDerivation,
  dropPeople,
  dropRounds,
  hotUnits,
  type KeyRange,
  keyRanges,
  noteAccountMembers,
  noteIdentities,
  resolvePeople,
  spreadRound,
  type TimelineSize,
  type UnitScope,
} from '@michinori/queries';

/** The statements that projector and builder are made of. Each can be repeated and interleaved: the row that saw more events holds. */
export interface Derive {
  members(scope: UnitScope): Promise<void>;
  /** Notes what events say about who is who; a round grows by everybody whom that may concern. */
  identities(scope: UnitScope): Promise<void>;
  /** Calls back with the scope and who is who in it, under a name that no round ever had. */
  withPeople(
    unit: 'customer' | 'account',
    scope: UnitScope,
    name: string,
    act: (scope: UnitScope) => Promise<void>,
  ): Promise<void>;
  customers(scope: UnitScope): Promise<void>;
  units(derivation: Derivation, scope: UnitScope): Promise<void>;
  ranges(unit: 'customer' | 'account', options: { eventsPerRange: number }): Promise<readonly KeyRange[]>;
  hot(unit: 'customer' | 'account', scope: UnitScope, options: { eventsMin: number }): Promise<readonly TimelineSize[]>;
  dropRound(round: string): Promise<void>;
  dropPeople(round: string): Promise<void>;
  dropDerivation(derivation: number): Promise<void>;
}

/** The statements of `@michinori/queries`. */
export function createDerive(clickhouse: ClickHouse): Derive {
  return {
    members: (scope) => noteAccountMembers(clickhouse, scope),
    async identities(scope) {
      await noteIdentities(clickhouse, scope);
      if (scope.kind === 'round') await spreadRound(clickhouse, scope.round);
    },
    async withPeople(unit, scope, name, act) {
      const isAnybody = await resolvePeople(clickhouse, { unit, scope, name });
      try {
        await act(isAnybody ? { ...scope, people: name } : scope);
      } finally {
        if (isAnybody) await dropPeople(clickhouse, name);
      }
    },
    customers: (scope) => deriveCustomers(clickhouse, scope),
    units: (derivation, scope) => deriveUnits(clickhouse, derivation, scope),
    ranges: (unit, options) => keyRanges(clickhouse, unit, options),
    hot: (unit, scope, options) => hotUnits(clickhouse, unit, scope, options),
    dropRound: (round) => dropRounds(clickhouse, [round]),
    dropPeople: (round) => dropPeople(clickhouse, round),
    dropDerivation: (derivation) => dropDerivation(clickhouse, derivation),
  };
}
