import {
  atTick,
  copiesOf,
  describeWorld,
  type EventCopy,
  journeyDefinitions,
  journeyInstants,
  journeyWorlds,
  referenceUnitJourneys,
  referenceUnitsAsOf,
  referenceVisitsAsOf,
  story,
  storyEvent,
  storyHour,
  storyJourney,
  storyStage,
  visitsAsOf,
} from '@michinori/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const numRuns = Number(process.env.MICHINORI_TEST_RUNS ?? 1000);
const hourUs = 3600e6;

function asStored(journey: Parameters<typeof visitsAsOf>[1], copies: readonly EventCopy[], asOfUs: number) {
  return referenceUnitJourneys(journey, copies)
    .map((row) => ({ unit: row.unit, anonymous: row.anonymous, visits: visitsAsOf(row, journey, asOfUs) }))
    .filter(({ visits }) => visits.length > 0);
}

describe('visits as of an instant', () => {
  it('are the same from the stored row as from the events up to then', () => {
    const outcomes = new Map<string, number>();
    fc.assert(
      fc.property(journeyWorlds(), journeyDefinitions(), journeyInstants(), (world, journey, instant) => {
        const copies = copiesOf(world, '');
        const asOfUs = atTick(world.grid, instant.tick) + instant.offUs;
        const defined = referenceVisitsAsOf(journey, copies, asOfUs);
        for (const { outcome } of defined.flatMap(({ visits }) => visits)) {
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        }
        expect(asStored(journey, copies, asOfUs), describeWorld(world)).toEqual(defined);
        const paths = new Map(
          referenceUnitJourneys(journey, copies).map((row) => [
            JSON.stringify([row.unit, row.anonymous]),
            row.path.filter(({ atUs }) => atUs <= asOfUs),
          ]),
        );
        for (const { unit, anonymous, path } of referenceUnitsAsOf(journey, copies, asOfUs)) {
          expect(paths.get(JSON.stringify([unit, anonymous]))).toEqual(path);
        }
      }),
      { numRuns },
    );
    for (const outcome of ['open', 'advanced', 'returned', 'lost', 'silent', 'completed']) {
      expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(numRuns / 100);
    }
  });

  const journey = storyJourney({
    stages: [storyStage('a', ['A'], { lostAfterUs: 2 * hourUs }), storyStage('b', ['B'])],
  });
  const outcomeAt = (copies: readonly EventCopy[], asOfUs: number) => {
    const seen = asStored(journey, copies, asOfUs).flatMap(({ visits }) => visits);
    expect(referenceVisitsAsOf(journey, copies, asOfUs).flatMap(({ visits }) => visits)).toEqual(seen);
    return seen.map(({ outcome, endedUs }) => `${outcome} ${endedUs === 0 ? '-' : (endedUs - storyHour(0)) / hourUs}`);
  };

  it('fall silent when more than lost_after has passed, with or without a later event', () => {
    for (const copies of [story('A0 z1'), story('A0 z1 z9'), story('A0 z1 B9')]) {
      expect(outcomeAt(copies, storyHour(0, -1))).toEqual([]);
      expect(outcomeAt(copies, storyHour(3))).toEqual(['open -']);
      expect(outcomeAt(copies, storyHour(3, 1))).toEqual(['silent 3']);
    }
  });

  it('are open until the instant of the event that ends them', () => {
    expect(outcomeAt(story('A0 B1'), storyHour(1, -1))).toEqual(['open -']);
    expect(outcomeAt(story('A0 B1'), storyHour(1))).toEqual(['advanced 1', 'open -']);
    expect(outcomeAt(story('A0 X1'), storyHour(1, -1))).toEqual(['open -']);
    expect(outcomeAt(story('A0 X1'), storyHour(1))).toEqual(['lost 1']);
  });

  it('know neither reason nor next stage of what has not happened', () => {
    const copies = [storyEvent('A', 0), storyEvent('X', 1, { properties: new Map([['why', 'price']]) })];
    const [row] = referenceUnitJourneys(storyJourney(), copies);
    expect(row && visitsAsOf(row, storyJourney(), storyHour(0.5))).toMatchObject([{ reason: '', next: 0 }]);
  });
});
