import { eventFromObject, parseNativeRequest, type RejectionCode, rejectionCodes } from '@michinori/events';
import { describe, expect, test } from 'vitest';
import { acceptedEvent, bytes, context, eventText, outcomeOf, verdictOn } from './helpers.ts';

const many = (count: number, from = 0): string => Array.from({ length: count }, (_, i) => `"p${i + from}":1`).join(',');
const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

/** code and path, JSON text of the event. */
const refused: readonly (readonly [RejectionCode, string, string])[] = [
  ['event_too_large', '', eventText(`"properties":{"a":"${'x'.repeat(1_048_577)}"}`)],
  ['too_deep', `/properties${'/a'.repeat(19)}`, eventText(`"properties":${nested(20)}`)],
  [
    'too_deep',
    '/properties/a/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0',
    eventText(`"properties":{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`),
  ],
  ['wrong_type', '/nps', eventText(`"nps":${'['.repeat(50)}${']'.repeat(50)}`)],
  ['too_many_properties', '/properties', eventText(`"properties":{${many(1_001)}}`)],
  ['too_many_properties', '/properties', eventText(`"properties":{${many(501)}},"traits":{${many(500)}}`)],
  ['too_many_properties', '/traits', eventText(`"traits":{${many(1_001)}}`)],
  ['duplicate_name', '/nps', eventText('"nps":9,"nps":9')],
  ['duplicate_name', '/id', '{"id":"a","id":"b","customer":"c","touchpoint":"t"}'],
  ['duplicate_name', '/properties/a', eventText('"properties":{"a":1,"b":2,"a":3}')],
  ['duplicate_name', '/properties/a', eventText('"properties":{"a":1,"\\u0061":null}')],
  ['duplicate_name', '/properties/l/1/k', eventText('"properties":{"l":[0,{"k":1,"k":1}]}')],
  ['conflicting_names', '/properties/a/b', eventText('"properties":{"a.b":1,"a":{"b":1}}')],
  ['conflicting_names', '/properties/a.b', eventText('"properties":{"a":{"b":1},"a.b":[]}')],
  ['unknown_field', '/occuredAt', eventText('"occuredAt":"2026-11-21T09:00:00Z"')],
  ['unknown_field', '/__proto__', eventText('"__proto__":{"nps":3}')],
  ['unknown_field', '/a~1b~0c', eventText('"a/b~c":1')],
  ['unknown_field', '', eventText('"a\\u0000":1')],
  ['unknown_field', '', eventText('"\\ud800":1')],
  ['unknown_field', '/amount/unit', eventText('"amount":{"value":"1","currency":"EUR","unit":"x"}')],
  ['missing_field', '', '{"customer":"c"}'],
  ['missing_field', '', '{"customer":"c","touchpoint":null}'],
  ['missing_field', '/amount', eventText('"amount":{"value":"1"}')],
  ['missing_field', '/amount', eventText('"amount":{"currency":"EUR"}')],
  ['customer_required', '', '{"touchpoint":"t"}'],
  ['customer_required', '', '{"touchpoint":"t","account":"a","customer":null}'],
  ['wrong_type', '/customer', '{"customer":7,"touchpoint":"t"}'],
  ['wrong_type', '/touchpoint', '{"customer":"c","touchpoint":["t"]}'],
  ['wrong_type', '/nps', eventText('"nps":"9"')],
  ['wrong_type', '/nps', eventText('"nps":true')],
  ['wrong_type', '/sentiment', eventText('"sentiment":{}')],
  ['wrong_type', '/occurredAt', eventText('"occurredAt":1732180000')],
  ['wrong_type', '/properties', eventText('"properties":[1]')],
  ['wrong_type', '/traits', eventText('"traits":"x"')],
  ['wrong_type', '/amount', eventText('"amount":"12 EUR"')],
  ['wrong_type', '/amount/value', eventText('"amount":{"value":12.5,"currency":"EUR"}')],
  ['wrong_type', '/direction', eventText('"direction":1')],
  ['empty_text', '/customer', '{"customer":"","touchpoint":"t"}'],
  ['empty_text', '/anonymous', eventText('"anonymous":""')],
  ['empty_text', '/channel', eventText('"channel":""')],
  ['empty_text', '/properties', eventText('"properties":{"":1}')],
  ['empty_text', '/properties/a', eventText('"properties":{"a":{"":1}}')],
  ['text_too_long', '/channel', eventText(`"channel":"${'x'.repeat(65)}"`)],
  ['text_too_long', '/account', eventText(`"account":"${'x'.repeat(257)}"`)],
  ['text_too_long', '/properties/a', eventText(`"properties":{"a":"${'x'.repeat(65_537)}"}`)],
  ['text_too_long', '/properties/a', eventText(`"properties":{"a":[${'1,'.repeat(32_768)}1]}`)],
  ['text_too_long', `/properties/${'x'.repeat(257)}`, eventText(`"properties":{"${'x'.repeat(257)}":1}`)],
  ['text_too_long', `/properties/a/${'x'.repeat(255)}`, eventText(`"properties":{"a":{"${'x'.repeat(255)}":1}}`)],
  ['text_too_long', '/properties', eventText(`"properties":{"${'x'.repeat(5_000)}":1}`)],
  ['text_with_nul', '/customer', '{"customer":"a\\u0000b","touchpoint":"t"}'],
  ['text_with_nul', '/properties/a', eventText('"properties":{"a":"\\u0000"}')],
  ['text_with_nul', '/properties', eventText('"properties":{"\\u0000":1}')],
  ['text_with_nul', '/traits/a/0', eventText('"traits":{"a":["\\u0000"]}')],
  ['text_with_lone_surrogate', '/touchpoint', '{"customer":"c","touchpoint":"\\ud83d"}'],
  ['text_with_lone_surrogate', '/properties/a', eventText('"properties":{"a":"\\ude00\\ud83d"}')],
  ['text_with_lone_surrogate', '/properties/a/0', eventText('"properties":{"a":[{"\\ud800":1}]}')],
  ['number_not_exact', '/properties/a', eventText('"properties":{"a":18446744073709551616}')],
  ['number_not_exact', '/properties/a', eventText('"properties":{"a":9007199254740992}')],
  ['number_not_exact', '/properties/a', eventText('"properties":{"a":-9007199254740993}')],
  ['number_not_exact', '/properties/a', eventText('"properties":{"a":1e999}')],
  ['number_not_exact', '/properties/a', eventText('"properties":{"a":1e-999}')],
  ['number_not_exact', '/properties/a', eventText('"properties":{"a":0.1000000000000000055511151231257827}')],
  ['number_not_exact', '/properties/a', eventText('"properties":{"a":9007199254740990.5}')],
  ['number_not_exact', '/properties/a/1', eventText('"properties":{"a":[1,1e21]}')],
  ['number_not_exact', '/sequence', eventText('"sequence":9007199254740993')],
  ['number_out_of_range', '/sentiment', eventText('"sentiment":1.1')],
  ['number_out_of_range', '/sentiment', eventText('"sentiment":-1.0000000000000002')],
  ['number_out_of_range', '/nps', eventText('"nps":11')],
  ['number_out_of_range', '/nps', eventText('"nps":-1')],
  ['not_an_integer', '/nps', eventText('"nps":9.5')],
  ['not_an_integer', '/sequence', eventText('"sequence":0.5')],
  ['unknown_value', '/direction', eventText('"direction":"inbond"')],
  ['invalid_amount', '/amount/value', eventText('"amount":{"value":"1,200","currency":"EUR"}')],
  ['invalid_amount', '/amount/value', eventText('"amount":{"value":"1e3","currency":"EUR"}')],
  ['invalid_amount', '/amount/value', eventText('"amount":{"value":"012","currency":"EUR"}')],
  ['invalid_amount', '/amount/value', eventText('"amount":{"value":"1.","currency":"EUR"}')],
  ['invalid_amount', '/amount/value', eventText('"amount":{"value":"1.0123456789","currency":"EUR"}')],
  ['invalid_amount', '/amount/value', eventText(`"amount":{"value":"${'9'.repeat(30)}","currency":"EUR"}`)],
  ['invalid_amount', '/amount/value', eventText('"amount":{"value":"1\\n","currency":"EUR"}')],
  ['unknown_currency', '/amount/currency', eventText('"amount":{"value":"1","currency":"eur"}')],
  ['unknown_currency', '/amount/currency', eventText('"amount":{"value":"1","currency":"XXX"}')],
  ['invalid_time', '/occurredAt', eventText('"occurredAt":"0000-00-00"')],
  ['invalid_time', '/occurredAt', eventText('"occurredAt":"0000-00-00T00:00:00Z"')],
  ['invalid_time', '/occurredAt', eventText('"occurredAt":"2026-02-29T00:00:00Z"')],
  ['invalid_time', '/occurredAt', eventText('"occurredAt":"2026-11-21T24:00:00Z"')],
  ['invalid_time', '/occurredAt', eventText('"occurredAt":"2026-11-21T23:59:60Z"')],
  ['invalid_time', '/occurredAt', eventText('"occurredAt":"1732180000"')],
  ['invalid_time', '/occurredAt', eventText('"occurredAt":"2026-11-21T09:00:00Z\\n"')],
  ['time_without_zone', '/occurredAt', eventText('"occurredAt":"2026-11-21"')],
  ['time_without_zone', '/occurredAt', eventText('"occurredAt":"2026-11-21T09:00:00.5"')],
  ['time_too_precise', '/occurredAt', eventText('"occurredAt":"2026-11-21T09:00:00.1234567Z"')],
  ['time_out_of_range', '/occurredAt', eventText('"occurredAt":"9999-12-31T23:59:59Z"')],
  ['time_out_of_range', '/occurredAt', eventText('"occurredAt":"1979-12-31T23:59:59.999999Z"')],
  ['time_out_of_range', '/occurredAt', eventText('"occurredAt":"2026-11-22T10:00:00.000001Z"')],
];

describe('a bad event is refused with its code and path', () => {
  test.each(refused)('%s at "%s" #%#', (code, path, text) => {
    const verdict = verdictOn(text);
    expect(outcomeOf(verdict)).toBe(`${code} ${path}`.trim());
    if (!verdict.accepted) expect(text.startsWith(verdict.rejected.raw)).toBe(true);
  });

  test('every code occurs here or below', () => {
    const below: RejectionCode[] = ['invalid_json', 'invalid_utf8', 'not_an_object', 'number_not_finite'];
    expect(new Set([...refused.map(([code]) => code), ...below])).toEqual(new Set(rejectionCodes));
  });

  test('in NDJSON a broken line is refused alone', () => {
    const lines = [
      bytes(eventText()),
      bytes('{"id":'),
      Uint8Array.of(0x22, 0xff, 0x22),
      bytes(''),
      bytes('[1]'),
      bytes(eventText()),
    ];
    const body = Uint8Array.from(lines.flatMap((line) => [...line, 10]));
    const request = parseNativeRequest(body, { ...context, contentType: 'application/x-ndjson' });
    if (request.outcome === 'malformed') throw new Error(request.message);
    expect(request.verdicts.map(outcomeOf)).toEqual([
      'accepted',
      'invalid_json',
      'invalid_utf8',
      'not_an_object',
      'accepted',
    ]);
    const messages = request.verdicts.flatMap((verdict) =>
      verdict.accepted ? [] : [verdict.rejected.rejection.message],
    );
    expect(messages[0]).toMatch(/^line 2 .* column 7$/);
    expect(messages[1]).toMatch(/^line 3 .* byte 1 /);
  });

  test('in an array an element that is no object is refused alone', () => {
    const request = parseNativeRequest(bytes(`[7,${eventText()},null]`), context);
    if (request.outcome === 'malformed') throw new Error(request.message);
    expect(request.verdicts.map(outcomeOf)).toEqual(['not_an_object', 'accepted', 'not_an_object']);
  });

  test('NaN and infinity of an imported row', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const verdict = eventFromObject({ id: 'e', customer: 'c', touchpoint: 't', properties: { a: value } }, context);
      expect(outcomeOf(verdict)).toBe('number_not_finite /properties/a');
    }
  });
});

describe('a refusal helps', () => {
  const message = (text: string): string => {
    const verdict = verdictOn(text);
    return verdict.accepted ? '' : verdict.rejected.rejection.message;
  };

  test('unknown names come with the nearest valid one', () => {
    expect(message(eventText('"occuredAt":1'))).toContain('"occurredAt"');
    expect(message(eventText('"Sentimant":1'))).toContain('"sentiment"');
    expect(message(eventText('"direction":"Inbound"'))).toContain('"inbound"');
    expect(message(eventText('"amount":{"vlaue":"1","currency":"EUR"}'))).toContain('"value"');
    expect(message(eventText('"amount":{"value":"1","currency":"eur"}'))).toContain('"EUR"');
    expect(message(eventText('"zzzzzzzz":1'))).toContain('known are id, customer');
  });

  test('the id comes along if it is usable', () => {
    const idOf = (text: string): string | null => {
      const verdict = verdictOn(text);
      return verdict.accepted ? 'accepted' : verdict.rejected.rejection.id;
    };
    expect(idOf('{"id":"e7","touchpoint":"t"}')).toBe('e7');
    expect(idOf('{"id":"","touchpoint":"t","customer":"c"}')).toBeNull();
    expect(idOf('{"id":"\\ud800","touchpoint":"t","customer":"c"}')).toBeNull();
    expect(idOf('{"touchpoint":"t"}')).toBeNull();
  });

  test('the kept text is cut at 64 KiB between characters', () => {
    const verdict = verdictOn(eventText(`"channel":"${'😀'.repeat(40_000)}"`));
    if (verdict.accepted) throw new Error('accepted');
    const { raw } = verdict.rejected;
    expect(Buffer.byteLength(raw)).toBeLessThanOrEqual(65_536);
    expect(Buffer.byteLength(raw)).toBeGreaterThan(65_530);
    expect(raw).not.toMatch(/\p{Surrogate}/u);
  });

  test('without newId an event needs an id', () => {
    const request = parseNativeRequest(bytes('{"customer":"c","touchpoint":"t"}'), {
      receivedAtUs: context.receivedAtUs,
      contentType: null,
    });
    expect(request.outcome === 'parsed' ? request.verdicts.map(outcomeOf) : request).toEqual(['missing_field']);
  });
});

describe('odd but fine', () => {
  test('names of Object.prototype are data', () => {
    const event = acceptedEvent(
      eventText('"properties":{"__proto__":1,"constructor":{"prototype":"x"},"toString":true,"7":2}'),
    );
    expect([...event.properties]).toEqual([
      ['__proto__', 1],
      ['constructor.prototype', 'x'],
      ['toString', true],
      ['7', 2],
    ]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('null and empty objects hold no value; arrays are JSON text with sorted names', () => {
    const event = acceptedEvent(
      eventText(
        '"channel":null,"properties":{"n":null,"o":{},"l":[1, "é\\n", {"b":null,"a":[-0, 1.50, true]}],"e":[]},"traits":null',
      ),
    );
    expect([...event.properties]).toEqual([
      ['l', '[1,"é\\n",{"a":[0,1.5,true],"b":null}]'],
      ['e', '[]'],
    ]);
    expect(event.channel).toBeNull();
  });

  test.each([
    ['9007199254740991', 9007199254740991],
    ['-0', 0],
    ['0.10', 0.1],
    ['9.0', 9],
    ['5e-324', 5e-324],
    ['0.30000000000000004', 0.30000000000000004],
    ['1E3', 1000],
    ['100000000000000000000e-15', 100000],
  ])('the number %s is kept', (text, value) => {
    expect(Object.is(acceptedEvent(eventText(`"properties":{"a":${text}}`)).properties.get('a'), value)).toBe(true);
  });

  test('limits are inclusive', () => {
    const atLimit = [
      eventText(`"properties":{${many(500)}},"traits":{${many(500)}}`),
      eventText(`"properties":${nested(19)}`),
      eventText(`"channel":"${'x'.repeat(64)}","account":"${'😀'.repeat(256)}"`),
      eventText(`"properties":{"a":"${'x'.repeat(65_536)}","${'y'.repeat(256)}":1}`),
      eventText(`"amount":{"value":"-${'9'.repeat(29)}.${'9'.repeat(9)}","currency":"DEM"}`),
      eventText('"occurredAt":"2026-11-22T10:00:00Z"'),
      eventText('"occurredAt":"1980-01-01T00:00:00Z","nps":0,"sentiment":-1'),
      eventText('"nps":10,"sentiment":1,"sequence":-9007199254740991'),
    ];
    expect(atLimit.map((text) => outcomeOf(verdictOn(text)))).toEqual(atLimit.map(() => 'accepted'));
  });

  test('an event of exactly 1 MiB', () => {
    const parts = Array.from({ length: 16 }, (_, i) => `"p${i}":"${'x'.repeat(65_000)}"`).join(',');
    const base = eventText(`"properties":{${parts},"z":""}`);
    const filled = base.replace('"z":""', `"z":"${'z'.repeat(1_048_576 - base.length)}"`);
    expect(filled.length).toBe(1_048_576);
    expect(outcomeOf(verdictOn(filled))).toBe('accepted');
    expect(outcomeOf(verdictOn(filled.replace('"z":"', '"z":"z')))).toBe('event_too_large');
    expect(outcomeOf(verdictOn(filled.replace('"z":"z', '"z":"é')))).toBe('event_too_large');
  });
});
