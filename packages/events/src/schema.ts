import { z } from 'zod';
import { currencyCodes } from './currencies.ts';
import { amountForm, type FaultSink } from './fields.ts';
import { flatten } from './flatten.ts';
import { fromMemory } from './from-object.ts';
import { parseInstant } from './instant.ts';
import { isJsonObject } from './json-value.ts';
import { limits } from './limits.ts';
import { textFault } from './text.ts';

const text = (lengthMax: number, description: string) =>
  z
    .string()
    .min(1)
    .max(lengthMax)
    .refine((value) => textFault(value) === null, 'no NUL, no lone surrogate')
    .meta({ description });

const instant = (description: string) =>
  z
    .string()
    .max(limits.timeLengthMax)
    .refine((value) => parseInstant(value).ok, 'RFC 3339 with zone and at most microseconds')
    .meta({ description, format: 'date-time', examples: ['2026-11-21T09:00:00.123Z'] });

/** The number of flattened names, or null if something in it can't be kept. */
function flatSize(value: unknown): number | null {
  const event = fromMemory({ value });
  const object = isJsonObject(event) ? event.get('value') : undefined;
  const faults: FaultSink = [];
  const size = isJsonObject(object) ? flatten(object, '', faults).size : 0;
  return faults.length === 0 ? size : null;
}

const flatObject = (description: string) =>
  z
    .record(z.string(), z.unknown())
    .meta({ description: `${description}; nested objects are flattened with dots, arrays kept as JSON text` });

const amount = z
  .strictObject({
    value: z
      .string()
      .regex(amountForm)
      .meta({ description: 'Decimal text', examples: ['1200.00'] }),
    currency: z.enum(currencyCodes).meta({ description: 'ISO 4217 code', examples: ['JPY'] }),
  })
  .meta({ description: 'An amount of money, kept as written' });

/**
 * The native event on the wire as a zod schema: what documentation and OpenAPI show. `checkEvent` decides the same on
 * values that were read exactly, with codes and paths (a property test holds the two together). What only `checkEvent`
 * can see: numbers that JSON.parse has already bent, repeated names, and the latest `occurredAt` (24 h after receipt).
 */
export const nativeEventSchema = z
  .strictObject({
    id: text(limits.idLengthMax, 'Identity of the event: two events with one id are one event').nullish(),
    customer: text(limits.customerLengthMax, 'Customer id; this or anonymous is required').nullish(),
    anonymous: text(limits.customerLengthMax, 'Id of a visitor who is not known yet').nullish(),
    account: text(limits.accountLengthMax, 'The company that the customer belongs to').nullish(),
    touchpoint: text(limits.touchpointLengthMax, 'What happened, e.g. app.first_login'),
    channel: text(limits.channelLengthMax, 'Where it happened, e.g. app, mail, phone').nullish(),
    team: text(limits.teamLengthMax, 'Who of ours took part').nullish(),
    direction: z.enum(['inbound', 'outbound']).nullish(),
    topic: text(limits.topicLengthMax, 'What it was about').nullish(),
    occurredAt: instant('When it happened; default: when it was received').nullish(),
    sequence: z.int().meta({ description: 'Order among events of one instant' }).nullish(),
    sentiment: z.number().min(limits.sentimentMin).max(limits.sentimentMax).nullish(),
    nps: z.int().min(limits.npsMin).max(limits.npsMax).nullish(),
    amount: amount.nullish(),
    properties: flatObject('Facts about the event').nullish(),
    traits: flatObject('Facts about the customer from this event on').nullish(),
  })
  .refine((event) => (event.customer ?? event.anonymous ?? null) !== null, 'customer or anonymous is required')
  .refine((event) => {
    const properties = flatSize(event.properties ?? {});
    const traits = flatSize(event.traits ?? {});
    return properties !== null && traits !== null && properties + traits <= limits.propertiesMax;
  }, 'properties and traits must be keepable and not too many')
  .refine((event) => {
    const parsed = parseInstant(event.occurredAt ?? '1980-01-01T00:00:00Z');
    return parsed.ok && parsed.us >= limits.occurredAtUsMin;
  }, 'occurredAt begins in 1980')
  .meta({ id: 'Event', description: 'One touchpoint of one customer' });

export type NativeEvent = z.infer<typeof nativeEventSchema>;

/** The body of a native request other than NDJSON. */
export const nativeRequestSchema = z.union([
  nativeEventSchema,
  z.array(nativeEventSchema).min(1).max(limits.requestEventsMax),
  z.strictObject({
    events: z.array(nativeEventSchema).min(1).max(limits.requestEventsMax),
    sentAt: instant('When the client sent the request, by its own clock').nullish(),
  }),
]);
