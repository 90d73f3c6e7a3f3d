import { type HealthScore, scoreCustomer } from '@michinori/health';
import { healthDefault, healthOf, healthRulesOf, type Journey } from '@michinori/journey';
import {
  atTick,
  copiesOf,
  customerOf,
  type EventCopy,
  journeyDefinitions,
  journeyInstants,
  journeyWorlds,
  referenceHealthFacts,
  referenceHealthScores,
  referencePeople,
  winningCopies,
  withRandomHealth,
} from '@michinori/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const numRuns = Number(process.env.MICHINORI_TEST_RUNS ?? 300);
// The same worlds every time, because what they have to show is counted; other ones by MICHINORI_TEST_SEED.
const seed = Number(process.env.MICHINORI_TEST_SEED ?? 20261122);
const advancedMin = 1;

function scoresOf(journey: Journey, copies: readonly EventCopy[], asOfUs: number): HealthScore[] {
  const health = healthOf(journey) ?? healthDefault;
  return referenceHealthFacts(journey, copies, asOfUs, advancedMin).map((facts) =>
    scoreCustomer(facts, { health, rules: healthRulesOf(journey, facts.stage) }, asOfUs),
  );
}

const asked = fc
  .tuple(withRandomHealth(journeyDefinitions()), journeyWorlds(), journeyInstants())
  .map(([journey, world, { tick, offUs }]) => ({
    journey,
    copies: copiesOf(world, 'w'),
    asOfUs: atTick(world.grid, tick) + offUs,
  }));

describe('scores from facts', () => {
  it('are those that are read off the events', () => {
    const held = new Map<string, number>();
    let golden = 0;
    fc.assert(
      fc.property(asked, ({ journey, copies, asOfUs }) => {
        const scores = scoresOf(journey, copies, asOfUs);
        const summed = scores.map(({ customer, stage, score, ledger, golden: evidence }) => ({
          customer,
          stage,
          score,
          points: Object.fromEntries(
            ledger.flatMap((each) => (each.line === 'rule' ? [[each.rule, each.points]] : [])),
          ),
          isGolden: evidence !== null,
        }));
        expect(summed).toEqual(referenceHealthScores(journey, copies, asOfUs, advancedMin));
        for (const each of scores) {
          if (each.golden !== null) golden += 1;
          for (const line of each.ledger) {
            const name = line.line === 'rule' ? line.evidence.kind : line.line;
            held.set(name, (held.get(name) ?? 0) + 1);
          }
        }
      }),
      { numRuns, seed },
    );
    expect(golden).toBeGreaterThan(0);
    for (const name of ['start', 'clamp', 'idle', 'count', 'trend', 'sentiment', 'nps', 'stalled'])
      expect(held.get(name) ?? 0, name).toBeGreaterThan(0);
  });

  it('add up to the score line by line', () => {
    fc.assert(
      fc.property(asked, ({ journey, copies, asOfUs }) => {
        for (const { score, ledger } of scoresOf(journey, copies, asOfUs)) {
          expect(ledger.reduce((sum, { points }) => sum + points, 0)).toBe(score);
          expect(score >= 0 && score <= 100 && Number.isInteger(score)).toBe(true);
        }
      }),
      { numRuns },
    );
  });

  it('do not change when deliveries come in another order, or twice', () => {
    const shuffled = asked.chain((given) =>
      fc
        .tuple(
          fc.shuffledSubarray(given.copies, { minLength: given.copies.length, maxLength: given.copies.length }),
          fc.subarray(given.copies),
        )
        .map(([order, again]) => ({ ...given, others: [...order, ...again] })),
    );
    fc.assert(
      fc.property(shuffled, ({ journey, copies, others, asOfUs }) => {
        expect(scoresOf(journey, others, asOfUs)).toEqual(scoresOf(journey, copies, asOfUs));
      }),
      { numRuns },
    );
  });

  it('do not look beyond their moment', () => {
    fc.assert(
      fc.property(asked, ({ journey, copies, asOfUs }) => {
        const known = copies.filter(({ event }) => event.occurredAtUs <= asOfUs);
        const ids = new Set(copies.filter((copy) => !known.includes(copy)).map(({ event }) => event.id));
        fc.pre(!known.some(({ event }) => ids.has(event.id)));
        // Who is who is what all events say, also later ones: packages/queries/docs/identity.md.
        const [now, then] = [copies, known].map((all) => referencePeople(winningCopies(all).map(({ event }) => event)));
        fc.pre(known.every(({ event }) => now?.(customerOf(event)) === then?.(customerOf(event))));
        expect(scoresOf(journey, known, asOfUs)).toEqual(scoresOf(journey, copies, asOfUs));
      }),
      { numRuns },
    );
  });
});
