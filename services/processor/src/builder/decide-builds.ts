import type { DefinitionKey, DerivationRow } from '@michinori/queries';

/** What the builder has to do, from how things stand. */
export interface BuildPlan {
  /** Definitions without a derivation. */
  begin: DefinitionKey[];
  /** Builds to be carried out, begun by whomever. */
  build: DerivationRow[];
  /** Derivations that nobody needs: a build whose definition was replaced, a former one that was kept long enough. */
  retire: DerivationRow[];
}

const isOf =
  ({ journey, version, hash }: DefinitionKey) =>
  (row: DerivationRow): boolean =>
    row.journey === journey && row.version === version && row.hash === hash;

/**
 * Compares the definitions that hold with the derivations. The active derivation of a journey with the greatest number is the
 * one that answers come from; older active ones are retired once it has been active for `retireAfterUs`, of several
 * builds the last one is carried out. Pure.
 */
export function decideBuilds(
  targets: readonly DefinitionKey[],
  derivations: readonly DerivationRow[],
  { nowUs, retireAfterUs }: { nowUs: number; retireAfterUs: number },
): BuildPlan {
  const plan: BuildPlan = { begin: [], build: [], retire: [] };
  for (const target of targets) {
    const rows = derivations.filter(({ journey }) => journey === target.journey);
    const active = rows.filter(({ state }) => state === 'active');
    const answering = active.at(-1);
    const building = rows.filter(({ state }) => state === 'building');
    const wanted = building.findLast((row) => isOf(target)(row) && row.derivation > (answering?.derivation ?? 0));
    if (wanted !== undefined) plan.build.push(wanted);
    else if (answering === undefined || !isOf(target)(answering)) plan.begin.push(target);
    plan.retire.push(...building.filter((row) => row !== wanted));
    if (answering !== undefined && answering.changedAtUs + retireAfterUs <= nowUs)
      plan.retire.push(...active.filter((row) => row !== answering));
  }
  return plan;
}
