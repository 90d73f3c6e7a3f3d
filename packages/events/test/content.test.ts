import { canonicalContent, contentHash, type Scalar, type TouchpointEvent } from '@michinori/events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalEvent } from './arbitraries.ts';
import { acceptedEvent, eventText, runs } from './helpers.ts';

const event = acceptedEvent(
  `{"id":"evt-1","customer":"acme-42","account":"アクメ","touchpoint":"app.first_login","channel":"app","team":"product","direction":"inbound",
    "topic":"onboarding","occurredAt":"2026-11-21T09:00:00.123456Z","sequence":7,"sentiment":0.4,"nps":9,"amount":{"value":"1200.00","currency":"JPY"},
    "properties":{"page":"/setup","7":1e-7,"__proto__":true,"l":[1,"é"]},"traits":{"plan":"pro \\"x\\" 😀"}}`,
);
const content =
  '["michinori.event.1","evt-1","acme-42",null,"アクメ","app.first_login","app","product","inbound","onboarding",1795251600123456,7,0.4,9,' +
  '["1200.00","JPY"],[["7",1e-7],["__proto__",true],["l","[1,\\"é\\"]"],["page","/setup"]],[["plan","pro \\"x\\" 😀"]]]';

const changes: { readonly [K in keyof TouchpointEvent]: TouchpointEvent[K] } = {
  id: 'evt-2',
  customer: null,
  anonymous: 'acme-42',
  account: null,
  touchpoint: 'app.first_logi',
  channel: 'web',
  team: null,
  direction: 'outbound',
  topic: null,
  occurredAtUs: event.occurredAtUs + 1,
  receivedAtUs: event.receivedAtUs + 1,
  sequence: null,
  sentiment: 0.4000000000000001,
  nps: 8,
  amount: { value: '1200.0', currency: 'JPY' },
  properties: new Map<string, Scalar>([...event.properties, ['7', '1e-7']]),
  traits: new Map(),
};

describe('canonical content', () => {
  test('is as recorded: stored hashes depend on it', () => {
    expect(canonicalContent(event)).toBe(content);
  });

  test('the hash is the head of its SHA-256 (checked with sha256sum)', () => {
    expect(contentHash(event)).toBe(0x1ba8eba92af3ecfdn);
    const small = acceptedEvent(eventText('"occurredAt":"1980-01-01T00:00:00Z"'));
    expect(canonicalContent(small)).toBe(
      '["michinori.event.1","e1","c1",null,null,"t",null,null,null,null,315532800000000,null,null,null,null,[],[]]',
    );
    expect(contentHash(small)).toBe(0x59caab644f996bcan);
  });

  test('every field but receivedAt counts', () => {
    const hashes = Object.entries(changes).map(([name, value]) => [
      name,
      contentHash({ ...event, [name]: value }) === contentHash(event),
    ]);
    expect(Object.fromEntries(hashes)).toEqual(
      Object.fromEntries(Object.keys(changes).map((name) => [name, name === 'receivedAtUs'])),
    );
  });

  test('the order of properties and traits does not count', () => {
    const shuffledEvent = canonicalEvent.chain((original) =>
      fc.record({
        original: fc.constant(original),
        properties: fc.shuffledSubarray([...original.properties], { minLength: original.properties.size }),
        traits: fc.shuffledSubarray([...original.traits], { minLength: original.traits.size }),
      }),
    );
    fc.assert(
      fc.property(shuffledEvent, ({ original, properties, traits }) => {
        const shuffled = { ...original, receivedAtUs: 0, properties: new Map(properties), traits: new Map(traits) };
        expect(canonicalContent(shuffled)).toBe(canonicalContent(original));
        expect(contentHash(shuffled)).toBe(contentHash(original));
      }),
      runs(500),
    );
  });

  test('the order of names in the request does not count, also inside arrays', () => {
    const a = eventText('"properties":{"a":{"x":1,"y":2},"l":[{"p":1,"q":[{"r":1,"s":2}]}]}');
    const b =
      '{"properties":{"l":[{"q":[{"s":2,"r":1}],"p":1}],"a":{"y":2,"x":1}},"touchpoint":"t","customer":"c1","id":"e1"}';
    expect(canonicalContent(acceptedEvent(b))).toBe(canonicalContent(acceptedEvent(a)));
  });

  test('different events have different contents and hashes', () => {
    fc.assert(
      fc.property(canonicalEvent, canonicalEvent, (a, b) => {
        const isSame = canonicalContent(a) === canonicalContent(b);
        expect(contentHash(a) === contentHash(b)).toBe(isSame);
        expect(contentHash(a)).toBeLessThan(2n ** 64n);
        if (isSame)
          expect({ ...a, properties: sorted(a.properties), traits: sorted(a.traits) }).toEqual({
            ...b,
            properties: sorted(b.properties),
            traits: sorted(b.traits),
          });
      }),
      runs(500),
    );
  });
});

function sorted(flat: ReadonlyMap<string, Scalar>): unknown {
  return [...flat].sort(([a], [b]) => (a < b ? -1 : 1));
}
