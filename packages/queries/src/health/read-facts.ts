import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import type { CustomerFacts, GoldenFact, RuleFact } from '@michinori/health';
import { healthRulesOf } from '@michinori/journey';
import { runBound } from '../funnel/bound-query.ts';
import { readPeople } from '../identity/person-map.ts';
import { type ActiveDerivation, type JourneyScope, planJourney } from '../journey/scope.ts';
import { type FactsPlan, planFacts } from './plan.ts';
import { type PresentUnit, presentCount, presentUnits } from './present-units.ts';
import type { UnitRange } from './sql-fact-events.ts';
import { readStageFacts, type StageFacts } from './stage-facts.ts';
import { factOfNumbers, numberPlaces, unitNumbersQuery } from './unit-facts.ts';

/** A unit that stands in a stage, with the facts that it is scored by. */
export interface UnitFacts {
  readonly unitKey: bigint;
  /** Id of the customer or account; '' of somebody known by an anonymous id only. */
  readonly unit: string;
  readonly anonymous: string;
  /** Values at the begin of the visit, by name of the segment. */
  readonly segments: ReadonlyMap<string, string>;
  readonly facts: CustomerFacts;
}

export interface HealthReadingOptions extends QueryOptions {
  /** About how many units are read at once. */
  readonly unitsPerPage?: number;
  /** The fewest advances that say when somebody is stalled. */
  readonly advancedMin?: number;
}

const unitsPerPageDefault = 20_000;
const keys = 2n ** 64n;

/** Cuts all keys into `pages` ranges of the same size. Keys are hashes, so about as many units stand in each. */
export function keyPages(pages: number): UnitRange[] {
  const count = BigInt(Math.max(1, pages));
  return Array.from({ length: Number(count) }, (_, i) => ({
    fromKey: (BigInt(i) * keys) / count,
    toKey: (BigInt(i + 1) * keys) / count - 1n,
  }));
}

/** The facts of a journey as of an instant, page by page. */
export interface HealthReading {
  readonly units: number;
  /** Ranges of unit keys that cover all of them. */
  readonly pages: readonly UnitRange[];
  /** All units of a range that stand in a stage, by key. */
  read(page: UnitRange): Promise<UnitFacts[]>;
}

/**
 * Opens the facts of all units of a journey that stand in a stage as of `asOfUs` (µs): from its visits, and from events up to then. Who is who is what all
 * events say, as for the visits. What is the same for whole stages is read at once, units when a page is asked for.
 */
export async function openHealthReading(
  clickhouse: ClickHouse,
  active: ActiveDerivation,
  asOfUs: number,
  { unitsPerPage = unitsPerPageDefault, advancedMin, ...options }: HealthReadingOptions = {},
): Promise<HealthReading> {
  const scope = planJourney({ asOf: asOfUs, count: 'visits' }, active, asOfUs);
  const plan = planFacts(active.journey, asOfUs);
  const people = await readPeople(clickhouse, null, options);
  const stageFacts = await readStageFacts(clickhouse, scope, plan, { ...options, advancedMin });
  const [counted] = await runBound(clickhouse, presentCount(scope), options);
  const units = counted?.units ?? 0;
  const needsEvents = plan.tests.length > 0 || plan.golden !== null;

  async function read(page: UnitRange): Promise<UnitFacts[]> {
    const present = await runBound(clickhouse, presentUnits(scope, page), options);
    if (present.length === 0) return [];
    const rows = needsEvents ? await runBound(clickhouse, unitNumbersQuery(plan, scope, people, page), options) : [];
    const numbers = new Map(rows.map((row) => [row.unitKey, row.numbers]));
    return present.map((unit) => unitFacts(scope, plan, stageFacts, unit, numbers.get(unit.unitKey) ?? []));
  }

  return { units, pages: keyPages(Math.ceil(units / unitsPerPage)), read };
}

function unitFacts(
  { journey }: JourneyScope,
  plan: FactsPlan,
  stageFacts: StageFacts,
  { unitKey, unit, anonymous, stage: number, enteredUs, cycleUs, segments }: PresentUnit,
  numbers: readonly number[],
): UnitFacts {
  const stage = journey.stages[number - 1]?.id ?? '';
  const places = numberPlaces(plan);
  const rules = new Map(
    healthRulesOf(journey, stage).map(({ id, test }): [string, RuleFact] => {
      if (test.kind === 'stalled') {
        return [id, { kind: 'stalled', beyondSeconds: stageFacts.beyondSeconds(stage, test.quantile) }];
      }
      return [id, factOfNumbers(test, numbers, places[plan.placeOf(test)] ?? 0)];
    }),
  );
  const customer = unit === '' ? `\0${anonymous}` : unit;
  return {
    unitKey,
    unit,
    anonymous: unit === '' ? anonymous : '',
    segments: new Map(journey.segments.map((name, i) => [name, segments[i] ?? ''])),
    facts: { customer, stage, enteredUs, cycleUs, rules, golden: goldenFact(plan, stageFacts, stage, numbers) },
  };
}

function goldenFact(
  plan: FactsPlan,
  stageFacts: StageFacts,
  stage: string,
  numbers: readonly number[],
): GoldenFact | null {
  if (plan.golden === null) return null;
  const [n = 0, sumMillionths = 0, milestoneUs = 0] = numbers.slice(numberPlaces(plan).at(-1));
  return {
    n,
    sumMillionths,
    stageMean: stageFacts.meanMood(stage),
    milestoneUs: milestoneUs === 0 ? null : milestoneUs,
  };
}
