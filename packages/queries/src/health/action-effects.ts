import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { type HealthAction, healthOf, type Journey } from '@michinori/journey';
import { isoText } from '../funnel/time.ts';
import { type ChangeEffect, runChangeEffect } from '../journey/change-effect.ts';
import { type AppliedVersion, listAppliedVersions } from '../journey/definitions.ts';
import { readJourneySource } from '../journey/journey-source.ts';
import type { JourneyScope } from '../journey/scope.ts';

/** An action of a journey, and since when it is taken. */
export interface IntroducedAction {
  readonly action: HealthAction;
  /** The version that brought it, and when that was applied, µs. */
  readonly version: number;
  readonly sinceUs: number;
}

/** What makes an action the same one in several versions: a text or a time may change. */
const keyOf = ({ signal, webhook, task }: HealthAction): string =>
  JSON.stringify([signal, webhook, task?.owner ?? null]);

/**
 * Since when each action of a journey is taken: the first of the versions, up to the journey's own, that all have it. Versions that can't be read count as
 * if they weren't there. Pure.
 *
 * @param versions the newest first
 */
export function introducedActions(journey: Journey, versions: readonly AppliedVersion[]): IntroducedAction[] {
  const earlier = versions
    .filter(({ version }) => version <= journey.version)
    .flatMap(({ version, source, appliedAtUs }) => {
      const read = readJourneySource(source);
      if (!read.ok) return [];
      return [{ version, appliedAtUs, keys: new Set((healthOf(read.journey)?.actions ?? []).map(keyOf)) }];
    });
  return (healthOf(journey)?.actions ?? []).flatMap((action) => {
    const key = keyOf(action);
    const end = earlier.findIndex(({ keys }) => !keys.has(key));
    const first = earlier.slice(0, end === -1 ? undefined : end).at(-1);
    return first === undefined ? [] : [{ action, version: first.version, sinceUs: first.appliedAtUs }];
  });
}

/** An action with what became different since it is taken. */
export interface ActionEffectRow extends ChangeEffect {
  readonly signal: HealthAction['signal'];
  readonly webhook: string | null;
  readonly owner: string | null;
  readonly version: number;
  readonly at: string;
}

/**
 * The actions of a journey that were introduced up to asOf, each with what became different from then on: of the whole way, from the first stage to the
 * last, for everybody, as for an improvement. Actions that came with the same version share that difference.
 */
export async function runActionEffects(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  options?: QueryOptions,
): Promise<ActionEffectRow[]> {
  const { journey } = scope;
  const versions = await listAppliedVersions(clickhouse, { journey: journey.id, toUs: scope.asOfUs + 1 }, options);
  const way = { fromStage: 1, toStage: journey.stages.length };
  const effects = new Map<number, ChangeEffect>();
  const rows: ActionEffectRow[] = [];
  for (const { action, version, sinceUs } of introducedActions(journey, versions)) {
    const change = { atUs: sinceUs, treated: null };
    const effect = effects.get(sinceUs) ?? (await runChangeEffect(clickhouse, scope, { way, change }, options));
    effects.set(sinceUs, effect);
    const { signal, webhook, task } = action;
    rows.push({ signal, webhook, owner: task?.owner ?? null, version, at: isoText(sinceUs), ...effect });
  }
  return rows;
}
