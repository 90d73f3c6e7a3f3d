import type { CustomerFacts } from '@michinori/health';
import { healthOf, type Journey } from '@michinori/journey';
import { openHealthReading } from '@michinori/queries';
import {
  atTick,
  copiesOf,
  type EventCopy,
  journeyDefinitions,
  journeyIdentityWorlds,
  journeyInstants,
  journeyWorlds,
  referenceHealthFacts,
  withRandomHealth,
} from '@michinori/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { arrangements } from './derive-arrangement.ts';
import { stores } from './stores.ts';

// The seed is one whose first batch shows every kind of fact. A batch is some worlds in one table, derived under some journeys; each is asked as of some instants, on pages of several sizes.
const CASES_DEFAULT = 8;
const casesWantedMax = Number(process.env.MICHINORI_TEST_RUNS ?? CASES_DEFAULT);
const seed = Number(process.env.MICHINORI_TEST_SEED ?? 20261123);
const journeysPerBatchMax = 8;
const worldsPerBatch = 16;
const advancedMin = 1;

const asked = fc.record({
  journey: withRandomHealth(journeyDefinitions()),
  instants: fc.array(journeyInstants(), { minLength: 2, maxLength: 2 }),
});

function plain(facts: readonly CustomerFacts[]) {
  return facts
    .map(({ rules, ...rest }) => ({ ...rest, rules: [...rules] }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.customer), Buffer.from(b.customer)));
}

/** What the facts have shown: a run that shows nothing proves nothing. */
function sightsOf(facts: readonly CustomerFacts[], sights: Map<string, number>): void {
  const note = (name: string) => sights.set(name, (sights.get(name) ?? 0) + 1);
  for (const { rules, golden } of facts) {
    for (const fact of rules.values()) {
      if (fact.kind === 'idle' && fact.lastUs !== null) note('idle');
      if (fact.kind === 'count' && fact.count > 0) note('count');
      if (fact.kind === 'trend' && fact.before > 0) note('trend');
      if (fact.kind === 'sentiment' && fact.n > 0) note('sentiment');
      if (fact.kind === 'nps' && fact.score !== null) note('nps');
      if (fact.kind === 'stalled' && fact.beyondSeconds !== null) note('stalled');
    }
    if (golden !== null && golden.stageMean !== null && golden.milestoneUs !== null) note('golden');
  }
}

/** Half of the journeys are of accounts. */
function spread(journey: Journey, index: number): Journey {
  return { ...journey, unit: index % 2 === 0 ? 'customer' : 'account' };
}

it.for(stores)(
  'reads the facts of the reference on random worlds, journeys and rules ($name)',
  { timeout: 3_600_000 },
  async (store, context) => {
    const clickhouse = await store.open(context);
    const casesWanted = Math.ceil(casesWantedMax * store.share);
    const journeysPerBatch = Math.min(journeysPerBatchMax, casesWanted);
    const sights = new Map<string, number>();
    const [, messy] = arrangements;
    for (let done = 0; done < casesWanted; done += journeysPerBatch) {
      const batchSeed = seed + done;
      const worlds = [journeyWorlds(), journeyIdentityWorlds()].flatMap((kind) =>
        fc.sample(kind, { seed: batchSeed, numRuns: worldsPerBatch / 2 }),
      );
      const [first] = worlds;
      if (first === undefined || messy === undefined) throw new Error('nothing to ask about');
      const copies: EventCopy[] = worlds.flatMap((world, i) => copiesOf({ ...world, grid: first.grid }, `w${i}.`));
      const questions = fc
        .sample(asked, { seed: batchSeed, numRuns: journeysPerBatch })
        .map(({ journey, instants }, i) => ({ active: { derivation: i + 1, journey: spread(journey, i) }, instants }))
        .filter(({ active }) => healthOf(active.journey) !== null);
      const tasks = questions.map(({ active: { derivation: id, journey } }) => ({
        derivation: { id, journey },
        chunkEvents: 256,
      }));
      await messy.arrange(clickhouse, copies, tasks, batchSeed);
      for (const { active, instants } of questions) {
        for (const [i, { tick, offUs }] of instants.entries()) {
          const asOfUs = atTick(first.grid, i === 0 ? 30 + tick : tick) + offUs;
          const expected = referenceHealthFacts(active.journey, copies, asOfUs, advancedMin);
          const reading = await openHealthReading(clickhouse, active, asOfUs, {
            unitsPerPage: 5 + 40 * i,
            advancedMin,
          });
          const units = [];
          for (const page of reading.pages) units.push(...(await reading.read(page)));
          const where = `seed ${batchSeed}, derivation ${active.derivation}, instant ${i}\n${JSON.stringify(active.journey)}`;
          expect(plain(units.map(({ facts }) => facts)), where).toEqual(plain(expected));
          expect(reading.units, where).toBe(expected.length);
          sightsOf(expected, sights);
        }
      }
    }
    if (store.share < 1) return;
    for (const name of ['idle', 'count', 'trend', 'sentiment', 'nps', 'stalled', 'golden']) {
      expect(sights.get(name) ?? 0, name).toBeGreaterThan(0);
    }
  },
);
