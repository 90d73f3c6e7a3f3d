import type { ClickHouse } from '@michinori/clickhouse';
import { type DerivationRow, readDerivations } from '@michinori/queries';
import type { Clock } from '../clock.ts';
import { processorError } from '../errors.ts';
import type { Builder } from './builder.ts';

/** Makes the function that begins new derivations and waits until they have taken the place of the old ones. */
export function createRebuild(deps: {
  clickhouse: ClickHouse;
  builder: Pick<Builder, 'rebuild'>;
  clock: Clock;
  stopping: AbortSignal;
  pollMs: number;
}) {
  const { clickhouse, builder, clock, stopping, pollMs } = deps;

  async function isDone({ derivation, journey, version }: DerivationRow): Promise<boolean> {
    const rows = await readDerivations(clickhouse, { onWriter: true });
    const now = rows.find((row) => row.derivation === derivation);
    if (now?.state === 'building') return false;
    const answers = rows.some(
      (row) => row.journey === journey && row.state !== 'retired' && row.derivation >= derivation,
    );
    if (answers || rows.some((row) => row.journey === journey && row.derivation > derivation)) return true;
    throw processorError('build_failed', `The build of ${journey}, version ${version}, was given up: see the log.`);
  }

  return async function rebuild(journey?: string): Promise<void> {
    const begun = await builder.rebuild(journey ?? null);
    if (begun.length === 0) throw processorError('journey_unknown', `There is no journey ${journey}.`);
    for (const row of begun) {
      while (!(await isDone(row))) {
        if (stopping.aborted)
          throw processorError('stopping', 'The processor stops: the build goes on with the next one.');
        await clock.wait(pollMs, stopping);
      }
    }
  };
}
