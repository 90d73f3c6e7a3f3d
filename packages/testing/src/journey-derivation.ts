import type { ClickHouse } from '@michinori/clickhouse';
import type { Journey } from '@michinori/journey';
import { cityHashes } from './journey-insert.ts';
import { journeySource } from './journey-source.ts';

/** What {@link activeDerivation} may be told; all of it has defaults. */
export interface DerivationOptions {
  /** Text of the definition; by default {@link journeySource}. */
  readonly source?: string;
  readonly appliedAtUs?: number;
  /** Place in the log of definitions; by default the number of the derivation. */
  readonly logOffset?: number;
  readonly units?: number;
}

/** Records a journey as applied and its derivation as active, as the processor leaves it when all units are derived. */
export async function activeDerivation(
  clickhouse: ClickHouse,
  journey: Journey,
  derivation: number,
  options: DerivationOptions = {},
): Promise<void> {
  const { source = journeySource(journey), appliedAtUs = 0, logOffset = derivation, units = 0 } = options;
  const hash = (await cityHashes(clickhouse, [source])).get(source);
  await clickhouse.insert({
    table: 'journey_definitions',
    columns: ['journey', 'version', 'source', 'applied_at', 'applied_by', 'log', 'log_partition', 'log_offset'],
    rows: [[journey.id, journey.version, source, appliedAtUs, 'test', 'definitions@test', 0, logOffset]],
  });
  await clickhouse.insert({
    table: 'derivations',
    columns: ['derivation', 'journey', 'version', 'hash', 'state', 'step', 'changed_at', 'units_done', 'units_total'],
    rows: [[derivation, journey.id, journey.version, hash, 'active', 2, appliedAtUs, units, units]],
  });
}
