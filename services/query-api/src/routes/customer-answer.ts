import { type ClickHouse, isoFromMicroseconds, type QueryOptions } from '@michinori/clickhouse';
import {
  type ActiveDerivation,
  type CustomerName,
  type CustomerProfile,
  decodeTimelinePlace,
  type Identity,
  type Person,
  readCustomerProfile,
  readEventStages,
  readIdentities,
  readPerson,
  readTimeline,
  readTravels,
  readUnitHealth,
  standingIn,
  type TravelledJourney,
  type UnitHealth,
  unitOf,
} from '@michinori/queries';
import type { AnswerRow } from '../answer/serialise.ts';
import { QuestionError } from '../question-error.ts';
import { type CustomerQuery, storedLedger, timelineRow, visitsRow } from './customer-schema.ts';
import { findJourney } from './journeys/endpoint.ts';
import { visitRow } from './journeys/visit-columns.ts';

interface Asking {
  clickhouse: ClickHouse;
  options: QueryOptions;
  asOfUs: number;
}

interface Page {
  rows: AnswerRow[];
  columns: readonly string[];
  cursor: string | null;
  truncated: boolean;
}

/**
 * Everything about one customer, as rows and meta, by whichever of its ids. The events are those of whoever it was at asOf; journeys are derived for
 * whoever it is by all events. @throws QuestionError `unknown_customer`, `unknown_journey` */
export async function answerAboutCustomer(
  clickhouse: ClickHouse,
  asked: CustomerName,
  query: CustomerQuery,
  nowUs: number,
  options: QueryOptions,
) {
  const before = query.cursor === undefined ? null : decodeTimelinePlace(query.cursor);
  const asking = { clickhouse, options, asOfUs: before?.asOfUs ?? query.asOf ?? nowUs };
  const named = query.journey === undefined ? null : await findJourney(clickhouse, query.journey, options);
  const person = await readPerson(clickhouse, asked, asking.asOfUs, options);
  const profile = await readCustomerProfile(clickhouse, person, asking.asOfUs, options);
  if (profile === null) throw unknownCustomer(asked);
  const { name: traveller } = await readPerson(clickhouse, asked, null, options);
  const travels = await readTravels(clickhouse, traveller, profile.account, asking.asOfUs, options);
  const page =
    query.detail === 'visits'
      ? visitsPage(travels, profile.account, query.limit)
      : await timelinePage(asking, person, traveller, { limit: query.limit, before }, named);
  const identities = await readIdentities(clickhouse, person, asking.asOfUs, options);
  return { ...page, meta: await metaOf(asking, { person, traveller, profile, identities }, travels) };
}

function unknownCustomer({ id, isAnonymous }: CustomerName): QuestionError {
  const hint = isAnonymous ? '' : ' An anonymous id needs anonymous=true.';
  return new QuestionError('unknown_customer', `There is no event of "${id.slice(0, 64)}" up to asOf.${hint}`);
}

async function timelinePage(
  { clickhouse, options, asOfUs }: Asking,
  person: Person,
  traveller: CustomerName,
  page: { limit: number; before: ReturnType<typeof decodeTimelinePlace> | null },
  named: ActiveDerivation | null,
): Promise<Page> {
  const { rows, cursor } = await readTimeline(clickhouse, person, asOfUs, page, options);
  const stages = named === null ? [] : await readEventStages(clickhouse, named, traveller, rows, asOfUs, options);
  return {
    rows: rows.map(({ atUs, id, ...event }, i) => ({
      at: isoFromMicroseconds(atUs),
      ...event,
      stage: stages[i] ?? null,
      id,
    })),
    columns: Object.keys(timelineRow.shape),
    cursor,
    truncated: cursor !== null,
  };
}

function visitsPage(travels: readonly TravelledJourney[], account: string | null, limit: number): Page {
  const visits = travels.flatMap(({ scope: { journey }, visits: own }) =>
    own.map((visit) => ({
      journey: journey.id,
      version: journey.version,
      account: journey.unit === 'account' ? account : null,
      ...visitRow(visit),
    })),
  );
  const newest = visits.reverse().sort((a, b) => (a.enteredAt < b.enteredAt ? 1 : a.enteredAt > b.enteredAt ? -1 : 0));
  const columns = Object.keys(visitsRow.shape);
  return { rows: newest.slice(0, limit), columns, cursor: null, truncated: newest.length > limit };
}

interface Known {
  person: Person;
  traveller: CustomerName;
  profile: CustomerProfile;
  identities: readonly Identity[];
}

function identityOf({ sinceUs, undoneUs, ...identity }: Identity) {
  return {
    ...identity,
    since: isoFromMicroseconds(sinceUs),
    undone: undoneUs === null ? null : isoFromMicroseconds(undoneUs),
  };
}

function healthOf({ asOfUs, stage, score, ledger, history }: UnitHealth) {
  return {
    ...{ score, at: isoFromMicroseconds(asOfUs), stage },
    ledger: storedLedger
      .parse(JSON.parse(ledger))
      .map(({ rule = null, evidence = null, ...line }) => ({ ...line, rule, evidence })),
    history: history.map((past) => ({ at: isoFromMicroseconds(past.asOfUs), score: past.score })),
  };
}

async function metaOf(
  { clickhouse, options, asOfUs }: Asking,
  { person, traveller, profile, identities }: Known,
  travels: readonly TravelledJourney[],
) {
  const journeys = [];
  for (const travel of travels) {
    const unit = unitOf(travel.scope, traveller, profile.account);
    const standing = unit === null ? null : await standingIn(clickhouse, travel, unit, options);
    if (standing === null) continue;
    const { sinceUs, nextStep, ...rest } = standing;
    const health = unit === null ? null : await readUnitHealth(clickhouse, travel.scope, unit, options);
    journeys.push({ ...rest, since: isoFromMicroseconds(sinceUs), nextStep, health: health && healthOf(health) });
  }
  const { anonymousIds, account, firstSeenUs, lastSeenUs, events, traits, firstTraits } = profile;
  return {
    customer: person.name.isAnonymous ? null : person.name.id,
    identities: identities.map(identityOf),
    anonymousIds,
    account,
    firstSeen: isoFromMicroseconds(firstSeenUs),
    lastSeen: isoFromMicroseconds(lastSeenUs),
    events,
    traits,
    firstTraits,
    journeys,
    asOf: isoFromMicroseconds(asOfUs),
  };
}
