import type { Clock } from '../clock.ts';
import type { ProcessorConfig } from '../config.ts';
import { processorError } from '../errors.ts';
import type { Faults } from '../faults.ts';
import { createAllowance } from './allowance.ts';
import { createBacklog } from './backlog.ts';
import { createBell } from './bell.ts';
import type { Committer } from './committer.ts';
import type { DirtyUnit } from './dirty-unit.ts';
import { createHotLane } from './hot-lane.ts';
import type { Passage, Tenancy } from './passage.ts';
import type { Persist } from './persist.ts';
import type { ProjectorMetrics } from './projector-metrics.ts';
import type { RunRound } from './run-round.ts';

export interface ProjectorDependencies {
  runRound: RunRound;
  committer: Committer;
  persist: Persist;
  clock: Clock;
  faults: Faults;
  metrics: ProjectorMetrics;
  config: Pick<
    ProcessorConfig,
    'projectLingerMs' | 'projectUnitsMax' | 'projectBacklogUnitsMax' | 'projectBacklogEventsMax' | 'hotIntervalMsMax'
  >;
  stopping: AbortSignal;
}

const commitGraceMs = 5_000;

/** A range that stands in the tables, and whom it concerns. */
export interface SunkRange {
  fromOffset: number;
  nextOffset: number;
  units: ReadonlySet<DirtyUnit>;
  receivedAtUs: readonly number[];
}

/**
 * Between sink and commit: derives the customers of the sunk ranges in rounds, and has a range committed when everybody in it
 * is derived. The sink goes on meanwhile. See docs/projector.md.
 */
export function createProjector(deps: ProjectorDependencies) {
  const { runRound, committer, persist, clock, faults, metrics, config, stopping } = deps;
  const backlog = createBacklog({ unitsMax: config.projectBacklogUnitsMax });
  const events = createAllowance(config.projectBacklogEventsMax);
  const hotLane = createHotLane({ clock, intervalMsMax: config.hotIntervalMsMax });
  const bell = createBell(clock);
  let loops: Promise<unknown> = Promise.resolve();

  function forgetEvents(passage: Passage): void {
    const { length } = passage.receivedAtUs;
    passage.receivedAtUs = [];
    events.give(length);
  }

  function done(passages: Iterable<Passage>): void {
    const tenancies = new Set<Tenancy>();
    for (const passage of passages) {
      passage.waiting -= 1;
      tenancies.add(passage.tenancy);
      if (passage.waiting > 0) continue;
      metrics.projected(passage.receivedAtUs, clock.nowUs());
      forgetEvents(passage);
    }
    for (const tenancy of tenancies) committer.wake(tenancy);
  }

  function report(): void {
    metrics.waiting({ dirty: backlog.size(), hot: hotLane.size() });
  }

  async function projectNext(): Promise<void> {
    const { entries, units } = backlog.take(config.projectUnitsMax);
    const passages = entries.map(({ passage }) => passage);
    hotLane.divert(units, entries);
    report();
    const isMoot = (): boolean => passages.every(({ tenancy }) => tenancy.isRevoked);
    const onFailed = metrics.roundFailed('main');
    const isDone = await persist({ name: 'projection', onFailed, isMoot }, async () => {
      const startedUs = clock.nowUs();
      const hot = await runRound(units, { splitHot: true });
      await faults.at('projector.before-commit');
      hotLane.admit(hot, entries);
      metrics.roundDone('main', (clock.nowUs() - startedUs) / 1_000_000);
    });
    if (isDone) done(passages);
    report();
  }

  async function runMain(): Promise<void> {
    let startedUs = Number.NEGATIVE_INFINITY;
    while (!stopping.aborted) {
      const restMs = config.projectLingerMs - (clock.nowUs() - startedUs) / 1000;
      if (backlog.isEmpty()) await bell.rest(null);
      else if (restMs > 0 && backlog.size() < config.projectUnitsMax) await bell.rest(restMs);
      else {
        startedUs = clock.nowUs();
        await projectNext();
      }
    }
  }

  async function deriveHot(name: string): Promise<void> {
    const { units, passages } = hotLane.take(name);
    const isMoot = (): boolean => passages.size > 0 && [...passages].every(({ tenancy }) => tenancy.isRevoked);
    const onFailed = metrics.roundFailed('hot');
    const isDone = await persist({ name: 'projection of hot units', onFailed, isMoot }, async () => {
      const startedUs = clock.nowUs();
      await runRound(units, { splitHot: false });
      await faults.at('projector.after-hot');
      hotLane.derived(name, startedUs);
      metrics.roundDone('hot', (clock.nowUs() - startedUs) / 1_000_000);
    });
    if (isDone) done(passages);
    report();
  }

  async function runHot(): Promise<void> {
    while (!stopping.aborted) {
      const next = hotLane.next();
      if (next === null) await hotLane.bell.rest(null);
      else if (next.inMs > 0) await hotLane.bell.rest(next.inMs);
      else await deriveHot(next.name);
    }
  }

  return {
    /** A partition is ours from the offset on. */
    admit({ topic, partition, committed }: { topic: string; partition: number; committed: number }): Tenancy {
      return { topic, partition, isRevoked: false, handedBefore: committed, passages: [] };
    },
    /** A partition is no longer ours: its passages are forgotten, and nothing of it is committed any more. */
    revoke(tenancy: Tenancy): void {
      tenancy.isRevoked = true;
      for (const passage of tenancy.passages) forgetEvents(passage);
    },
    /** Resolves when the sink may go on; rejects with `stopping`. */
    async room(): Promise<void> {
      if (!stopping.aborted) await Promise.all([backlog.room(), events.room()]);
      if (stopping.aborted) throw processorError('stopping', 'The processor stops: the batch is left to the next one.');
    },
    /**
     * Takes over a range that was read back. A range that came already is on its way, and when the processor stops or the
     * partition is no longer ours nothing is taken any more; a range that leaves out records is
     * `range_out_of_order`, because its commit would skip them.
     */
    hand(tenancy: Tenancy, { fromOffset, nextOffset, units, receivedAtUs }: SunkRange): void {
      if (stopping.aborted || tenancy.isRevoked || nextOffset <= tenancy.handedBefore) return;
      if (fromOffset > tenancy.handedBefore) {
        const { topic, partition, handedBefore } = tenancy;
        throw processorError(
          'range_out_of_order',
          `${topic}/${partition} [${fromOffset}, ${nextOffset}) doesn't follow offset ${handedBefore}.`,
        );
      }
      tenancy.handedBefore = nextOffset;
      const passage: Passage = { tenancy, nextOffset, waiting: 1, receivedAtUs };
      tenancy.passages.push(passage);
      events.take(receivedAtUs.length);
      if (units.size === 0) {
        done([passage]);
        return;
      }
      backlog.put({ passage, units });
      report();
      bell.ring();
    },
    /** Derives some units at once, beside the rounds: for what didn't come by a range. */
    async projectNow(units: ReadonlySet<DirtyUnit>): Promise<void> {
      await runRound(units, { splitHot: false });
    },
    start(): void {
      loops = Promise.all([runMain(), runHot()]);
    },
    /**
     * After `stopping` has fired: finishes the round in hand and commits what is done; a commit that the log doesn't answer in
     * time (a group that is rebalancing, a broker that is away) isn't waited for. The rest is left uncommitted.
     */
    async stop(): Promise<void> {
      backlog.giveUp();
      events.giveUp();
      bell.ring();
      hotLane.bell.ring();
      await loops;
      const inTime = new AbortController();
      await Promise.race([committer.settled(), clock.wait(commitGraceMs, inTime.signal)]);
      inTime.abort();
    },
    /** Resolves when no commit is under way. */
    settled: committer.settled,
  };
}

export type Projector = ReturnType<typeof createProjector>;
