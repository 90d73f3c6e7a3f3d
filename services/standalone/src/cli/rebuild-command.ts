import { exitCodes } from '@michinori/runtime';
import type { StandaloneConfig } from '../config.ts';
import { withApi } from './api.ts';
import { type Io, printJson } from './io.ts';
import type { ApplyFlags } from './journey-command.ts';
import { standings, waitForJourneys } from './journey-progress.ts';

/**
 * `michinori rebuild [JOURNEY]`: asks for a derivation from the events, of one journey or of all, and waits until answers come from it. Exit
 * code 1 if there is no such journey.
 */
export async function rebuildCommand(
  io: Io,
  config: StandaloneConfig,
  journey: string | undefined,
  flags: ApplyFlags,
): Promise<number> {
  const stopping = new AbortController();
  io.onStop(() => stopping.abort());
  return withApi(io, config, { ...flags, mustExist: true }, async (api) => {
    const before = await standings(api);
    const path = journey === undefined ? '/v1/rebuild' : `/v1/journeys/${encodeURIComponent(journey)}/rebuild`;
    const { rows } = await api.post<{ rows: { journey: string }[] }>(path);
    const targets = rows.map((row) => {
      const known = before.find((each) => each.journey === row.journey);
      return { journey: row.journey, version: known?.activeVersion ?? 1, afterDerivation: known?.derivation ?? 0 };
    });
    const isDerived = flags.wait && (await waitForJourneys(io, api, targets, stopping.signal));
    const names = targets.map((target) => target.journey);
    if (flags.json) printJson(io, { journeys: names, derived: isDerived });
    else io.out(describe(names, isDerived));
    return exitCodes.ok;
  });
}

function describe(journeys: readonly string[], isDerived: boolean): string {
  if (journeys.length === 0) return 'There are no journeys to derive.\n';
  const names = journeys.join(', ');
  return isDerived ? `Derived anew: ${names}.\n` : `Will be derived anew: ${names}; see michinori journey list.\n`;
}
