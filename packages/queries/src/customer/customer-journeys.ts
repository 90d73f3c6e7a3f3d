import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { readJourneys } from '../journey/registry.ts';
import type { ActiveDerivation, JourneyScope } from '../journey/scope.ts';
import type { VisitDetails } from '../journey/visit-details.ts';
import type { CustomerName } from './customer-events.ts';
import { type NextStep, readNextStep } from './next-step.ts';
import { readUnitVisits, wholeScope } from './unit-visits.ts';
import { readVisitOutlook, type VisitOutlook } from './visit-outlook.ts';

/** Where a customer (or the account, in journeys of accounts) stands in a journey. */
export interface CustomerJourney {
  readonly journey: string;
  readonly version: number;
  /** Of the last visit. */
  readonly stage: string;
  /** `open`, or how the last visit ended. */
  readonly state: VisitDetails['outcome'];
  /** Since when: the entry of an open visit, else its end; µs. */
  readonly sinceUs: number;
  readonly cycle: number;
  readonly visits: number;
  /** Of an open visit, if there are examples enough. */
  readonly nextStep: NextStep | null;
  /** Of an open visit. */
  readonly outlook: VisitOutlook | null;
}

/** A journey that answers, with one customer's visits in it. */
export interface TravelledJourney {
  readonly scope: JourneyScope;
  readonly visits: readonly VisitDetails[];
}

/** Every journey that answers now, by id. */
export async function activeDerivations(clickhouse: ClickHouse, options?: QueryOptions): Promise<ActiveDerivation[]> {
  const journeys = await readJourneys(clickhouse, options);
  return journeys.flatMap(({ derivation, definition }) =>
    derivation === null || definition === null ? [] : [{ derivation, journey: definition }],
  );
}

/** The unit of a journey that a customer travels as; null for somebody without an account in a journey of accounts. */
export function unitOf({ journey }: ActiveDerivation, customer: CustomerName, account: string | null) {
  if (journey.unit === 'customer') return customer;
  return account === null ? null : { id: account, isAnonymous: false };
}

/** The visits of a customer (and of the present account) in every journey that answers, as of an instant; journeys without any are left out. */
export async function readTravels(
  clickhouse: ClickHouse,
  customer: CustomerName,
  account: string | null,
  asOfUs: number,
  options?: QueryOptions,
): Promise<TravelledJourney[]> {
  const travels: TravelledJourney[] = [];
  for (const active of await activeDerivations(clickhouse, options)) {
    const unit = unitOf(active, customer, account);
    const scope = wholeScope(active, asOfUs);
    const visits = unit === null ? [] : await readUnitVisits(clickhouse, scope, unit, options);
    if (visits.length > 0) travels.push({ scope, visits });
  }
  return travels;
}

/** Where the customer stands, with what is likely to come next. */
export async function standingIn(
  clickhouse: ClickHouse,
  { scope, visits }: TravelledJourney,
  unit: CustomerName,
  options?: QueryOptions,
): Promise<CustomerJourney | null> {
  const last = visits.at(-1);
  if (last === undefined) return null;
  const { id: journey, version, stages } = scope.journey;
  const stage = stages.findIndex(({ id }) => id === last.stage) + 1;
  const outlook = last.outcome === 'open' ? await readVisitOutlook(clickhouse, scope, unit, last, options) : null;
  const touchpoint = outlook?.lastTouchpoint ?? null;
  return {
    journey,
    version,
    stage: last.stage,
    state: last.outcome,
    sinceUs: last.endedUs ?? last.enteredUs,
    cycle: last.cycle,
    visits: visits.length,
    nextStep: touchpoint === null ? null : await readNextStep(clickhouse, scope, { stage, touchpoint }, options),
    outlook,
  };
}
