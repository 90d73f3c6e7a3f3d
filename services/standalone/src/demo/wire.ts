import type { Happening } from './happening.ts';
import type { Story } from './person.ts';
import { touchpointOf } from './touchpoints.ts';
import type { World } from './world.ts';

type Scalar = string | number | boolean;

/** The body of `POST /v1/events` for one event. */
export interface NativeEvent {
  id: string;
  customer?: string;
  anonymous?: string;
  account?: string;
  touchpoint: string;
  channel: string;
  team: string;
  direction?: 'inbound' | 'outbound';
  topic?: string;
  occurredAt: string;
  sentiment?: number;
  nps?: number;
  amount?: { value: string; currency: string };
  properties?: Record<string, Scalar>;
  traits?: Record<string, Scalar>;
}

/** Dresses a happening of a story; `number` is its place in the story, so that the id is unique and stable. */
export function toNativeEvent(world: World, story: Story, happening: Happening, number: number): NativeEvent {
  const { person, path } = story;
  const { account } = person;
  const own = touchpointOf(happening.touchpoint);
  const isIdentified = happening.atMs >= path.identifiedMs;
  const showsAnonymous = path.origin === 'web' && (own.channel === 'web' || happening.atMs === path.identifiedMs);
  const event: NativeEvent = {
    id: `demo-${world.seed.toString(36)}-${person.index.toString(36)}-${number.toString(36)}`,
    touchpoint: happening.touchpoint,
    channel: own.channel,
    team: happening.team ?? own.team,
    occurredAt: new Date(happening.atMs).toISOString(),
  };
  if (isIdentified) {
    event.customer = person.id;
    event.account = account.id;
  }
  if (showsAnonymous || !isIdentified) event.anonymous = person.anonymous;
  if (own.direction) event.direction = own.direction;
  if (happening.topic !== undefined) event.topic = happening.topic;
  if (happening.sentiment !== undefined) event.sentiment = happening.sentiment;
  if (happening.nps !== undefined) event.nps = happening.nps;
  if (happening.amount) event.amount = happening.amount;
  if (happening.properties) event.properties = happening.properties;
  if (isIdentified && happening.isIntroduction) event.traits = traitsOf(person);
  return event;
}

function traitsOf({ name, role, account }: Story['person']): Record<string, Scalar> {
  const { company, plan, industry, region } = account;
  return { name, role, company, plan, industry, region };
}
