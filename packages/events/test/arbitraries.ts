import { currencyCodes, eventFields, limits, type Scalar, type TouchpointEvent } from '@michinori/events';
import fc from 'fast-check';
import { receivedAtUs } from './helpers.ts';
import { oddNumbers, oddTexts, oddTimes } from './odd-values.ts';

export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');

export const oddText = fc.oneof(
  fc.constantFrom(...oddTexts),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ maxLength: 8 }),
);

/** JSON text of a string: sometimes with every unit escaped. */
const stringText = fc
  .tuple(oddText, fc.boolean())
  .map(([text, isEscaped]) =>
    isEscaped
      ? `"${Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`
      : JSON.stringify(text),
  );

const numberText = fc.oneof(
  fc.constantFrom(...oddNumbers),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.tuple(fc.integer(), fc.nat(10_000_000), fc.integer({ min: -30, max: 30 })).map(([a, b, e]) => `${a}.${b}e${e}`),
  fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map(String),
);

const nameText = fc.oneof(stringText, fc.constantFrom('"a"', '"b"', '"a.b"', '"b.c"', '"__proto__"'));

export const { value: jsonText } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    stringText,
    numberText,
    fc.constantFrom('true', 'false', 'null'),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc
      .array(fc.tuple(nameText, tie('value')), { maxLength: 3 })
      .map((members) => `{${members.map(([n, v]) => `${n}: ${v}`).join(',')}}`),
  ),
}));

const objectText = fc
  .array(fc.tuple(nameText, jsonText), { maxLength: 4 })
  .map((members) => `{${members.map(([name, value]) => `${name}:${value}`).join(' ,')}}`);

/** Values that are likely to be right for a field, by its name. */
const likely = new Map<string, fc.Arbitrary<string>>(
  Object.entries({
    occurredAt: fc.constantFrom(...oddTimes).map((text) => JSON.stringify(text)),
    sequence: numberText,
    sentiment: fc.oneof(numberText, fc.double({ min: -1, max: 1, noNaN: true }).map(String)),
    nps: fc.oneof(numberText, fc.nat(10).map(String)),
    direction: fc.constantFrom('"inbound"', '"outbound"', '"inbund"'),
    amount: fc
      .tuple(
        fc.constantFrom(
          '"0"',
          '"1200.00"',
          '"-1.5"',
          '"1e5"',
          '"01"',
          '"."',
          '1',
          `"${'9'.repeat(29)}.${'9'.repeat(9)}"`,
          `"${'9'.repeat(30)}"`,
        ),
        fc.constantFrom('"JPY"', '"jpy"', '"XXX"', '"EUR"'),
      )
      .map(([value, currency]) => `{"value":${value},"currency":${currency}}`),
    properties: objectText,
    traits: objectText,
  }),
);

const memberText = fc
  .oneof(
    fc.constantFrom<string>(...eventFields),
    fc.constantFrom<string>(...eventFields),
    fc.constantFrom('occuredAt', 'sentAt', '__proto__', 'Nps', 'events'),
  )
  .chain((name) =>
    fc
      .oneof(
        {
          weight: 8,
          arbitrary: likely.get(name) ?? fc.string({ minLength: 1, maxLength: 5 }).map((text) => JSON.stringify(text)),
        },
        { weight: 1, arbitrary: jsonText },
      )
      .map((value): [string, string] => [name, value]),
  );

/** Text of an event that is often right and often wrong in some interesting way. */
export const eventTextArbitrary = fc
  .tuple(
    fc.oneof(
      { weight: 9, arbitrary: fc.uniqueArray(memberText, { maxLength: 5, selector: ([name]) => name }) },
      { weight: 1, arbitrary: fc.array(memberText, { maxLength: 5 }) },
    ),
    fc.boolean(),
    fc.constantFrom('', ' ', '\n\t'),
  )
  .map(([members, isComplete, space]) => {
    const names = new Set(members.map(([name]) => name));
    const required = ['touchpoint', 'customer']
      .filter((name) => isComplete && !names.has(name))
      .map((name): [string, string] => [name, '"x"']);
    return `{${space}${[...members, ...required].map(([name, value]) => `"${name}"${space}:${value}`).join(`${space},`)}}`;
  });

/** Text of a request: one event, an array, a batch with sentAt, and rarely something else. JSON, but for lone surrogates well-formed. */
export const requestText = fc
  .oneof(
    { weight: 6, arbitrary: eventTextArbitrary },
    {
      weight: 3,
      arbitrary: fc.array(eventTextArbitrary, { maxLength: 3 }).map((events) => ` [${events.join(' , ')}]\n`),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(
          fc.array(eventTextArbitrary, { maxLength: 3 }),
          fc.constantFrom(
            '',
            ',"sentAt":"2026-11-21T10:00:59Z"',
            ',"sentAt":"2031-01-01T00:00:00Z"',
            ',"sentAt":null',
            ',"sentAt":1',
            ',"sendAt":null',
          ),
        )
        .map(([events, sentAt]) => `{"events":[${events.join(',')}]${sentAt}}`),
    },
    { weight: 1, arbitrary: jsonText },
  )
  .map((text) => wellFormed(text));

export const scatteredBytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  requestText.map((text) => new TextEncoder().encode(text)),
  fc.tuple(requestText, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 3 })).map(([text, place, junk]) => {
    const body = new TextEncoder().encode(text);
    const at = place % (body.length + 1);
    return Uint8Array.from([...body.slice(0, at), ...junk, ...body.slice(at)]);
  }),
);

const keptText = (minLength: number) =>
  fc
    .oneof(fc.constantFrom(...oddTexts), fc.string({ unit: 'binary', maxLength: 12 }))
    .map((text) => wellFormed(text).replaceAll('\0', ''))
    .filter((text) => text.length >= minLength);
const maybeText = fc.option(keptText(1), { nil: null });
const keptNumber = fc
  .oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Number.isInteger(value)),
    fc.maxSafeInteger(),
  )
  .map((value) => (value === 0 ? 0 : value));
const scalar: fc.Arbitrary<Scalar> = fc.oneof(keptText(0), keptNumber, fc.boolean());
const flat = fc
  .uniqueArray(fc.tuple(keptText(1), scalar), { maxLength: 6, selector: ([name]) => name })
  .map((pairs) => new Map(pairs));

/** Any canonical event. */
export const canonicalEvent: fc.Arbitrary<TouchpointEvent> = fc
  .record({
    id: keptText(1),
    customer: maybeText,
    anonymous: maybeText,
    account: maybeText,
    touchpoint: keptText(1),
    channel: maybeText,
    team: maybeText,
    direction: fc.constantFrom('inbound' as const, 'outbound' as const, null),
    topic: maybeText,
    occurredAtUs: fc.integer({ min: limits.occurredAtUsMin, max: receivedAtUs + limits.aheadUsMax }),
    receivedAtUs: fc.constant(receivedAtUs),
    sequence: fc.option(
      fc.maxSafeInteger().map((value) => (value === 0 ? 0 : value)),
      { nil: null },
    ),
    sentiment: fc.option(
      fc.double({ min: -1, max: 1, noNaN: true }).map((value) => (value === 0 ? 0 : value)),
      { nil: null },
    ),
    nps: fc.option(fc.nat(10), { nil: null }),
    amount: fc.option(
      fc.record({
        value: fc.constantFrom('0', '-1.50', '1200.00', '9'.repeat(29)),
        currency: fc.constantFrom(...currencyCodes),
      }),
      { nil: null },
    ),
    properties: flat,
    traits: flat,
  })
  .filter((event) => event.customer !== null || event.anonymous !== null);
