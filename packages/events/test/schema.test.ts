import {
  eventFields,
  eventFromObject,
  limits,
  nativeEventSchema,
  nativeRequestSchema,
  parseInstant,
} from '@michinori/events';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { eventTextArbitrary } from './arbitraries.ts';
import { context, eventText, outcomeOf, runs, verdictOn } from './helpers.ts';

/** What only `checkEvent` can see: bent numbers, repeated names, the future; and `__proto__`, which zod skips. */
const beyondSchema = /number_not_exact|duplicate_name|__proto__/;

const singleEvent = eventTextArbitrary.filter((text) => !text.includes('"events"'));

function agree(text: string): void {
  const outcome = outcomeOf(verdictOn(text));
  if (beyondSchema.test(outcome) || text.includes('__proto__')) return;
  const value: unknown = JSON.parse(text);
  const parsed = nativeEventSchema.safeParse(value);
  const occurredAt = parsed.success ? parsed.data.occurredAt : null;
  const instant = typeof occurredAt === 'string' ? parseInstant(occurredAt) : null;
  const isFuture = instant?.ok === true && instant.us > context.receivedAtUs + limits.aheadUsMax;
  expect(parsed.success && !isFuture, `${text}: ${outcome}`).toBe(outcome === 'accepted');
}

test('the schema and the checker agree', () => {
  fc.assert(fc.property(singleEvent, agree), runs(2_000));
});

test.each([
  eventText(`"channel":"${'x'.repeat(64)}"`),
  eventText(`"channel":"${'x'.repeat(65)}"`),
  eventText(`"channel":"${'😀'.repeat(64)}"`),
  eventText(`"channel":"${'😀'.repeat(65)}"`),
  eventText(`"channel":"${'e\u0301'.repeat(32)}"`),
  eventText(`"channel":"${'e\u0301'.repeat(33)}"`),
  eventText(`"channel":"${'e\u0301'.repeat(32)}😀"`),
  eventText(`"team":"${'x'.repeat(65)}"`),
  eventText(`"topic":"${'x'.repeat(257)}"`),
  eventText(`"account":"${'x'.repeat(257)}"`),
  eventText(`"anonymous":"${'x'.repeat(257)}"`),
  `{"customer":"${'x'.repeat(256)}","touchpoint":"${'x'.repeat(256)}","id":"${'x'.repeat(256)}"}`,
  `{"customer":"${'x'.repeat(257)}","touchpoint":"t"}`,
  `{"customer":"c","touchpoint":"${'x'.repeat(257)}"}`,
  `{"customer":"c","touchpoint":"t","id":"${'x'.repeat(257)}"}`,
  eventText(`"properties":${'{"a":'.repeat(19)}1${'}'.repeat(19)}`),
  eventText(`"properties":${'{"a":'.repeat(20)}1${'}'.repeat(20)}`),
  eventText(`"properties":{"${'x'.repeat(256)}":1}`),
  eventText(`"properties":{"${'x'.repeat(257)}":1}`),
  eventText(`"traits":{${Array.from({ length: 1_000 }, (_, i) => `"t${i}":0`).join(',')}}`),
  eventText(`"traits":{${Array.from({ length: 1_001 }, (_, i) => `"t${i}":0`).join(',')}}`),
  eventText(`"occurredAt":"2026-11-21T09:00:00.${'0'.repeat(43)}Z"`),
  eventText(`"occurredAt":"2026-11-21T09:00:00.${'0'.repeat(44)}Z"`),
])('the schema and the checker agree at the limits #%#', agree);

test('an object in memory is judged like its JSON text', () => {
  fc.assert(
    fc.property(singleEvent, (text) => {
      const wire = verdictOn(text);
      if (beyondSchema.test(outcomeOf(wire)) || text.includes('__proto__')) return;
      const memory = eventFromObject(JSON.parse(text), context);
      if (wire.accepted && memory.accepted) expect(memory.event).toEqual(wire.event);
      else expect(outcomeOf(memory) === 'accepted').toBe(outcomeOf(wire) === 'accepted');
    }),
    runs(1_000),
  );
});

test('the schema names the fields of the checker and becomes JSON Schema', () => {
  expect(Object.keys(nativeEventSchema.shape)).toEqual([...eventFields]);
  const document = z.toJSONSchema(nativeEventSchema, { io: 'input' });
  expect(document).toMatchObject({
    $defs: { Event: { type: 'object', additionalProperties: false, required: ['touchpoint'] } },
  });
  expect(() => z.toJSONSchema(nativeRequestSchema, { io: 'input' })).not.toThrow();
});
