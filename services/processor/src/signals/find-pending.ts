import type { ClickHouse } from '@michinori/clickhouse';
import {
  activeOf,
  type PendingWanted,
  pendingTransitions,
  readDefinition,
  readDerivations,
  type UnitScope,
} from '@michinori/queries';
import type { Clock } from '../clock.ts';
import type { ProcessorConfig } from '../config.ts';
import { processorError } from '../errors.ts';
import type { Pending } from './transition-signal.ts';

/** Which units of a scope are looked at, by journey: all (null), or those with the keys. Journeys that are missing aren't looked at. */
export type Look = ReadonlyMap<string, readonly string[] | null>;

const dayUs = 86_400_000_000;
/** How long what was announced can be taken back; `announced_signals` keeps its rows a little longer. */
const rememberedUs = 30 * dayUs;
const pageRowsMax = 20_000;
const unitKeysMax = 2_000;

/** Makes the function that finds what is to be said of a scope's units: of the journeys of a look, or (null) of all. At most a page each. */
export function createFindPending({
  clickhouse,
  clock,
  config,
}: {
  clickhouse: ClickHouse;
  clock: Clock;
  config: Pick<ProcessorConfig, 'signalsAgeMsMax'>;
}) {
  return async function findPending(scope: UnitScope, look: Look | null): Promise<Pending[]> {
    const nowUs = clock.nowUs();
    const wanted: PendingWanted = {
      announcedFromUs: nowUs - config.signalsAgeMsMax * 1000,
      rememberedFromUs: nowUs - rememberedUs,
      rowsMax: pageRowsMax,
    };
    const rows = await readDerivations(clickhouse, { onWriter: true });
    const names = new Set(rows.map(({ journey }) => journey).filter((name) => name !== ''));
    const pending: Pending[] = [];
    for (const name of names) {
      const active = activeOf(rows, name);
      if (active === null || look?.has(name) === false) continue;
      const journey = await readDefinition(clickhouse, active, { onWriter: true });
      if (journey === null) {
        throw processorError(
          'definition_unreadable',
          `The definition of journey ${name}, version ${active.version}, is missing or can't be read.`,
        );
      }
      const unitKeys = look?.get(name) ?? undefined;
      const derivation = { id: active.derivation, journey };
      const found = await pendingTransitions(clickhouse, derivation, scope, { ...wanted, unitKeys });
      for (const row of found) pending.push({ ...row, journey: name, activeVersion: active.version });
    }
    return pending;
  };
}

/**
 * Where to look again after a page was announced: at the units that it was about, because another processor may have derived or
 * announced them meanwhile; at everything where the page was full or they are many.
 */
export function lookAgain(page: readonly Pending[]): Look {
  const look = new Map<string, readonly string[] | null>();
  for (const journey of new Set(page.map((one) => one.journey))) {
    const rows = page.filter((one) => one.journey === journey);
    const unitKeys = [...new Set(rows.map(({ unitKey }) => unitKey))];
    look.set(journey, rows.length < pageRowsMax && unitKeys.length <= unitKeysMax ? unitKeys : null);
  }
  return look;
}
