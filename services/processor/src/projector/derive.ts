import type { ClickHouse } from '@michinori/clickhouse';
import {
  type Derivation,
  deriveCustomers,
  deriveUnits,
  dropDerivation,
  dropRound,
  hotUnits,
  type KeyRange,
  keyRanges,
  noteAccountMembers,
  type TimelineSize,
  type UnitScope,
} from '@michinori/queries';

/** The statements that projector and builder are made of. Each can be repeated and interleaved: the row that saw more events holds. */
export interface Derive {
  members(scope: UnitScope): Promise<void>;
  customers(scope: UnitScope): Promise<void>;
  units(derivation: Derivation, scope: UnitScope): Promise<void>;
  ranges(unit: 'customer' | 'account', options: { eventsPerRange: number }): Promise<readonly KeyRange[]>;
  hot(unit: 'customer' | 'account', scope: UnitScope, options: { eventsMin: number }): Promise<readonly TimelineSize[]>;
  dropRound(round: string): Promise<void>;
  dropDerivation(derivation: number): Promise<void>;
}

/** The statements of `@michinori/queries`. */
export function createDerive(clickhouse: ClickHouse): Derive {
  return {
    members: (scope) => noteAccountMembers(clickhouse, scope),
    customers: (scope) => deriveCustomers(clickhouse, scope),
    units: (derivation, scope) => deriveUnits(clickhouse, derivation, scope),
    ranges: (unit, options) => keyRanges(clickhouse, unit, options),
    hot: (unit, scope, options) => hotUnits(clickhouse, unit, scope, options),
    dropRound: (round) => dropRound(clickhouse, round),
    dropDerivation: (derivation) => dropDerivation(clickhouse, derivation),
  };
}
