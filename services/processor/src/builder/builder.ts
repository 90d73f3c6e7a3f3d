import type { ClickHouse } from '@michinori/clickhouse';
import {
  activeOf,
  type DefinitionKey,
  type DerivationRow,
  derivationsWithRows,
  peoplePresent,
  readDerivations,
  readNewestDefinitions,
  roundsPresent,
} from '@michinori/queries';
import type { Logger } from '@michinori/runtime';
import type { Clock } from '../clock.ts';
import type { ProcessorConfig } from '../config.ts';
import type { Faults } from '../faults.ts';
import { createBell } from '../projector/bell.ts';
import type { Derive } from '../projector/derive.ts';
import { messageOf } from '../projector/persist.ts';
import type { ProjectorMetrics } from '../projector/projector-metrics.ts';
import { isLeftBehind } from '../projector/round-name.ts';
import { retryDelayMs } from '../retry-delay.ts';
import { batchFailureOf } from '../sink/failure.ts';
import { createBegin } from './begin.ts';
import { createBuild } from './build.ts';
import { decideBuilds } from './decide-builds.ts';
import type { RetireBuild } from './retire-build.ts';
import type { WriteDerivation } from './write-derivation.ts';

/**
 * The derivation of the tables that journeys build upon: `customers`, `account_members` and those of identities. Raise it when their
 * meaning changes.
 */
export const customersKey: DefinitionKey = { journey: '', version: 2, hash: '0' };

export interface BuilderDependencies {
  clickhouse: ClickHouse;
  derive: Derive;
  write: WriteDerivation;
  retireBuild: RetireBuild;
  clock: Clock;
  logger: Logger;
  metrics: ProjectorMetrics;
  faults: Faults;
  config: Pick<
    ProcessorConfig,
    'buildEventsPerRange' | 'retireAfterMs' | 'buildPollMs' | 'retryDelayMsMin' | 'retryDelayMsMax'
  >;
  random: () => number;
  /** A name that no round ever had. */
  nameRound: () => string;
  stopping: AbortSignal;
}

interface FailedBuild {
  attempts: number;
  notBeforeUs: number;
}

/**
 * Sees to it that every journey has a derivation of its newest definition. Works while this processor owns the first partition
 * of the definitions; looks when woken, and every `buildPollMs`. See docs/projector.md.
 */
export function createBuilder(deps: BuilderDependencies) {
  const {
    clickhouse,
    derive,
    write,
    retireBuild,
    clock,
    logger,
    metrics,
    faults,
    config,
    random,
    nameRound,
    stopping,
  } = deps;
  const bell = createBell(clock);
  const begin = createBegin({ clickhouse, write, faults, random });
  const build = createBuild({
    ...{ clickhouse, derive, write, faults },
    onProgress: metrics.build,
    nameRound,
    eventsPerRange: config.buildEventsPerRange,
  });
  const failed = new Map<string, FailedBuild>();
  let isOwner = false;
  let running: Promise<void> | undefined;

  const isOurs = (): boolean => isOwner && !stopping.aborted;
  const nameOf = ({ journey, version }: DefinitionKey): string =>
    journey === '' ? 'build of customers' : `build of ${journey} ${version}`;

  function noteFailure(key: DefinitionKey, why: string): void {
    const attempts = (failed.get(nameOf(key))?.attempts ?? 0) + 1;
    const delayMs = retryDelayMs(attempts, { min: config.retryDelayMsMin, max: config.retryDelayMsMax });
    failed.set(nameOf(key), { attempts, notBeforeUs: clock.nowUs() + delayMs * 1000 });
    logger.error(
      { journey: key.journey, version: key.version, why, attempts },
      'a build failed; it will be tried again',
    );
    metrics.buildEnded('failed');
  }

  const isDue = (key: DefinitionKey): boolean => (failed.get(nameOf(key))?.notBeforeUs ?? 0) <= clock.nowUs();

  async function carryOut(row: DerivationRow): Promise<boolean> {
    try {
      const outcome = await build(row, { isOurs });
      if (outcome === 'retired' && isDue(row)) noteFailure(row, 'a round or another builder gave it up');
      if (outcome !== 'done') return false;
      failed.delete(nameOf(row));
      metrics.buildEnded('done');
      logger.info({ journey: row.journey, version: row.version, derivation: row.derivation }, 'journey derived');
      return true;
    } catch (error) {
      if (!isOurs()) return false;
      if (batchFailureOf(error) !== 'infrastructure' && !(await retireBuild(row))) return true;
      noteFailure(row, messageOf(error));
      return false;
    } finally {
      metrics.build(row.journey, null);
    }
  }

  async function sweep(retired: readonly DerivationRow[]): Promise<void> {
    const derivations = retired.map(({ derivation }) => derivation);
    for (const { derivation } of await clickhouse.queryOnWriter(derivationsWithRows, { derivations })) {
      await derive.dropDerivation(derivation);
      await faults.at('builder.after-drop');
    }
    for (const { round } of await clickhouse.queryOnWriter(roundsPresent, {}))
      if (isLeftBehind(round, clock.nowUs())) await derive.dropRound(round);
    for (const { round } of await clickhouse.queryOnWriter(peoplePresent, {}))
      if (isLeftBehind(round, clock.nowUs())) await derive.dropPeople(round);
  }

  /** Looks once. Answers in how many milliseconds to look again at the latest. */
  async function look(): Promise<number> {
    const before = await readDerivations(clickhouse, { onWriter: true });
    await sweep(before.filter(({ state, journey }) => state === 'retired' && journey !== ''));
    const targets = [customersKey, ...(await readNewestDefinitions(clickhouse, { onWriter: true }))];
    const retireAfterUs = config.retireAfterMs * 1000;
    const plan = decideBuilds(targets, before, { nowUs: clock.nowUs(), retireAfterUs });
    for (const row of plan.retire) {
      await write({ ...row, state: 'retired' });
      await faults.at('builder.after-retire');
    }
    const names = new Set(targets.map(nameOf));
    for (const name of failed.keys()) if (!names.has(name)) failed.delete(name);
    const begun: DerivationRow[] = [];
    for (const key of plan.begin.filter(isDue)) begun.push(await begin(key));
    const builds = [...plan.build.filter(isDue), ...begun].sort(
      (a, b) => Number(a.journey !== '') - Number(b.journey !== ''),
    );
    let isFounded = activeOf(before, '') !== null;
    for (const row of builds) {
      if (!isOurs()) return 0;
      if (row.journey === '') isFounded = (await carryOut(row)) || isFounded;
      else if (isFounded) await carryOut(row);
    }
    if (isFounded && builds.length > 0) bell.ring();
    const dueInMs = [...failed.values()].map(({ notBeforeUs }) => (notBeforeUs - clock.nowUs()) / 1000);
    return Math.max(1, Math.min(config.buildPollMs, ...dueInMs.filter((ms) => ms > 0)));
  }

  async function run(): Promise<void> {
    for (let attempts = 0; isOurs(); ) {
      try {
        const restMs = await look();
        attempts = 0;
        if (isOurs()) await bell.rest(restMs);
      } catch (error) {
        attempts += 1;
        const failure = batchFailureOf(error);
        logger.warn({ failure, attempts, err: error }, 'the builder was interrupted; it looks again');
        const { retryDelayMsMin: min, retryDelayMsMax: max } = config;
        await clock.wait(retryDelayMs(attempts, { min, max }), stopping);
      }
    }
  }

  function start(): void {
    running ??= run().finally(() => {
      running = undefined;
      if (isOurs()) start();
    });
  }

  return {
    /** This processor is the one that builds. */
    own(): void {
      isOwner = true;
      bell.ring();
      start();
    },
    /** Another one builds. */
    disown(): void {
      isOwner = false;
      bell.ring();
    },
    /** Something may have to be built. */
    wake: bell.ring,
    /** A round couldn't go on with a build: it was retired there. */
    onGivenUp(row: DerivationRow, why: string): void {
      noteFailure(row, why);
      bell.ring();
    },
    /** Begins new derivations of the newest definitions, of one journey or (null) of all and of `customers`. */
    async rebuild(journey: string | null): Promise<DerivationRow[]> {
      const newest = await readNewestDefinitions(clickhouse, { onWriter: true });
      const keys = journey === null ? [customersKey, ...newest] : newest.filter((key) => key.journey === journey);
      const begun: DerivationRow[] = [];
      for (const key of keys) begun.push(await begin(key));
      bell.ring();
      return begun;
    },
    /** After `stopping` has fired: resolves when the statement in hand is done. */
    async stop(): Promise<void> {
      bell.ring();
      await running;
    },
  };
}

export type Builder = ReturnType<typeof createBuilder>;
