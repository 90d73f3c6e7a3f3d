import { canonicalDefinition, type Journey, parseJourneys, type Rule } from '@michinori/journey';
import { journeyDefinitions, journeySource, storyJourney, withRandomHealth } from '@michinori/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';

/** A count of one asks for nothing; definitions that are read have none instead. */
function plain(journey: Journey): Journey {
  const withoutOne = <R extends Rule>(rule: R): R => (rule.count?.times === 1 ? { ...rule, count: null } : rule);
  const stages = journey.stages.map((stage) => ({ ...stage, enter: stage.enter.map(withoutOne) }));
  return { ...journey, stages, exit: journey.exit.map(withoutOne) };
}

function reread(journey: Journey): Journey | null {
  const parsed = parseJourneys(journeySource(journey), { file: 'journey' });
  return parsed.outcome === 'ok' ? (parsed.journeys[0]?.journey ?? null) : null;
}

it('writes stories as the language of journeys has them', () => {
  const journey = storyJourney({
    stages: storyJourney().stages.map((stage) => ({
      ...stage,
      expectedUs: 90e6,
      goals: [{ metric: 'nps', atLeast: 30, atMost: null }],
      effort: 5,
    })),
  });
  expect(reread(journey)).toEqual(journey);
});

it('writes random journeys that are read as they were, where they are valid', () => {
  let valid = 0;
  fc.assert(
    fc.property(journeyDefinitions(), (journey) => {
      const again = reread(journey);
      if (again === null) return;
      valid += 1;
      expect(canonicalDefinition(again)).toBe(canonicalDefinition(plain(journey)));
    }),
    { numRuns: 300 },
  );
  expect(valid).toBeGreaterThan(20);
});

it('writes random health that is read as it was', () => {
  let valid = 0;
  fc.assert(
    fc.property(withRandomHealth(fc.constant(storyJourney())), (journey) => {
      const again = reread(journey);
      if (again === null) return;
      valid += 1;
      expect(again).toEqual(journey);
    }),
    { numRuns: 300 },
  );
  expect(valid).toBeGreaterThan(150);
});
