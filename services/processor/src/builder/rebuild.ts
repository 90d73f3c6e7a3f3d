import type { ClickHouse } from '@michinori/clickhouse';
import { type DerivationRow, readDerivations } from '@michinori/queries';
import type { Clock } from '../clock.ts';
import { processorError } from '../errors.ts';
import { batchFailureOf } from '../sink/failure.ts';
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

  /** A build that was overtaken is followed by the one that overtook it. */
  async function isDone({ derivation, journey, version }: DerivationRow): Promise<boolean> {
    const rows = (await readDerivations(clickhouse, { onWriter: true })).filter((row) => row.journey === journey);
    const successors = rows.filter((row) => row.derivation >= derivation);
    if (successors.some(({ state }) => state === 'active')) return true;
    if (successors.some(({ state }) => state === 'building')) return false;
    throw processorError('build_failed', `The build of ${journey}, version ${version}, was given up: see the log.`);
  }

  async function hasAnswer(row: DerivationRow): Promise<boolean> {
    try {
      return await isDone(row);
    } catch (error) {
      if (batchFailureOf(error) === 'infrastructure') return false;
      throw error;
    }
  }

  return async function rebuild(journey?: string): Promise<void> {
    const begun = await builder.rebuild(journey ?? null);
    if (begun.length === 0) throw processorError('journey_unknown', `There is no journey ${journey}.`);
    for (const row of begun) {
      while (!(await hasAnswer(row))) {
        if (stopping.aborted)
          throw processorError('stopping', 'The processor stops: the build goes on with the next one.');
        await clock.wait(pollMs, stopping);
      }
    }
  };
}
