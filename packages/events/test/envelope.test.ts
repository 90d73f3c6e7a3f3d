import { readFileSync } from 'node:fs';
import {
  decodeEnvelope,
  ENVELOPE_VERSION,
  encodeEnvelope,
  encodeRejected,
  type JsonObject,
  limits,
  partitionKey,
  type RejectedEvent,
  readJson,
  type TouchpointEvent,
  topics,
  upcast,
  upcasters,
} from '@michinori/events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalEvent } from './arbitraries.ts';
import { acceptedEvent, bytes, eventText, receivedAtUs, runs } from './helpers.ts';

const fixture = (name: string): Uint8Array => readFileSync(new URL(`./fixtures/${name}.golden.json`, import.meta.url));
const text = (record: Uint8Array): string => Buffer.from(record).toString('utf8');

const fullEvent: TouchpointEvent = {
  id: 'evt-1',
  customer: 'acme-42',
  anonymous: null,
  account: 'アクメ',
  touchpoint: 'app.first_login',
  channel: 'app',
  team: 'product',
  direction: 'inbound',
  topic: 'onboarding',
  occurredAtUs: 1_795_251_600_123_456,
  receivedAtUs: 1_795_251_601_000_000,
  sequence: 7,
  sentiment: 0.4,
  nps: 9,
  amount: { value: '1200.00', currency: 'JPY' },
  properties: new Map<string, string | number | boolean>([
    ['page', '/setup'],
    ['7', 1e-7],
    ['__proto__', true],
    ['l', '[1,"é"]'],
  ]),
  traits: new Map([['plan', 'pro "x" 😀']]),
};

const rejected: RejectedEvent = {
  rejection: {
    index: 3,
    id: null,
    code: 'number_not_exact',
    path: '/properties/a~1b',
    message: 'this number cannot be kept',
  },
  raw: '{"id":7,"properties":{"a/b":1e999}}',
};

describe('a record', () => {
  test('version 1 is written byte for byte as recorded', () => {
    expect(text(encodeEnvelope(fullEvent, { dialect: 'native' }))).toBe(text(fixture('event-v1')));
    expect(text(encodeRejected(rejected, { dialect: 'native', receivedAtUs }))).toBe(text(fixture('rejected-v1')));
  });

  test('version 1 is read as recorded', () => {
    expect(decodeEnvelope(fixture('event-v1'))).toEqual({ kind: 'event', event: fullEvent, dialect: 'native' });
    expect(decodeEnvelope(fixture('rejected-v1'))).toEqual({
      kind: 'rejected',
      rejected,
      dialect: 'native',
      receivedAtUs,
    });
  });

  test('version 0 is read in the form of today', () => {
    expect(decodeEnvelope(fixture('event-v0'))).toEqual({
      kind: 'event',
      dialect: 'native',
      event: {
        id: 'evt-0001',
        customer: 'acme-42',
        anonymous: null,
        account: null,
        touchpoint: 'app.first_login',
        channel: 'app',
        team: null,
        direction: null,
        topic: null,
        occurredAtUs: Date.UTC(2026, 2, 1, 9, 0, 0, 250) * 1_000,
        receivedAtUs: Date.UTC(2026, 2, 1, 9, 0, 1, 500) * 1_000,
        sequence: null,
        sentiment: null,
        nps: 9,
        amount: { value: '1200.00', currency: 'JPY' },
        properties: new Map<string, string | number | boolean>([
          ['page', '/setup'],
          ['tries', 2],
          ['__proto__', true],
        ]),
        traits: new Map(),
      },
    });
    expect(decodeEnvelope(fixture('anonymous-v0'))).toMatchObject({
      event: {
        customer: null,
        anonymous: 'a-9f3',
        occurredAtUs: Date.UTC(2026, 2, 1, 9) * 1_000,
        properties: new Map(),
      },
    });
  });

  test('decoding what was encoded gives the identical event', () => {
    fc.assert(
      fc.property(canonicalEvent, fc.constantFrom('native', 'segment'), (event, dialect) => {
        const decoded = decodeEnvelope(encodeEnvelope(event, { dialect }));
        expect(decoded).toEqual({ kind: 'event', event, dialect });
        if (decoded.kind === 'event') expect([...decoded.event.properties]).toEqual([...event.properties]);
      }),
      runs(1_000),
    );
  });

  test('decoding what was refused gives the identical rejection', () => {
    const arbitrary = fc.record({
      raw: fc.string({ unit: 'grapheme' }),
      index: fc.nat(),
      path: fc.constantFrom('', '/a'),
      id: fc.option(fc.constant('e1'), { nil: null }),
    });
    fc.assert(
      fc.property(arbitrary, ({ raw, index, path, id }) => {
        const event: RejectedEvent = { rejection: { index, id, code: 'too_deep', path, message: 'm' }, raw };
        const decoded = decodeEnvelope(encodeRejected(event, { dialect: 'native', receivedAtUs }));
        expect(decoded).toEqual({ kind: 'rejected', rejected: event, dialect: 'native', receivedAtUs });
      }),
      runs(200),
    );
  });

  test('stays within its size even where arrays are quoted and names repeat', () => {
    const quotes = `[${'"",'.repeat(21_000)}""]`;
    const lists = Array.from({ length: 15 }, (_, i) => `"l${i}":${quotes}`).join(',');
    const names = Array.from({ length: 985 }, (_, i) => `"${i}":1`).join(',');
    const event = acceptedEvent(eventText(`"properties":{${lists},"${'x'.repeat(250)}":{${names}}}`));
    expect(encodeEnvelope(event, { dialect: 'native' }).byteLength).toBeLessThanOrEqual(limits.envelopeBytesMax);
  });
});

describe('what is no record is undecodable and says why', () => {
  const v1 = text(fixture('event-v1'));
  const why = (record: string | Uint8Array): string => {
    const decoded = decodeEnvelope(typeof record === 'string' ? bytes(record) : record);
    return decoded.kind === 'undecodable' ? `${decoded.code}: ${decoded.message}` : decoded.kind;
  };

  test.each([
    ['envelope_malformed', ''],
    ['envelope_malformed', '[]'],
    ['envelope_malformed', '{"kind":"event"}'],
    ['envelope_malformed', v1.slice(0, -1)],
    ['envelope_version_unknown', v1.replace('"v":1', '"v":2')],
    ['envelope_version_unknown', v1.replace('"v":1', '"v":-1')],
    ['envelope_version_unknown', v1.replace('"v":1', '"v":0.5')],
    ['envelope_invalid', v1.replace('"kind":"event"', '"kind":"evnt"')],
    ['envelope_invalid', v1.replace('"dialect":"native"', '"dialect":null')],
    ['envelope_invalid', v1.replace('"id":"evt-1"', '"id":null')],
    ['envelope_invalid', v1.replace('"id":"evt-1",', '')],
    ['envelope_invalid', v1.replace('"nps":9', '"nps":11')],
    ['envelope_invalid', v1.replace('"nps":9', '"nps":9,"nps":9')],
    ['envelope_invalid', v1.replace('"sequence":7', '"sequence":9007199254740993')],
    ['envelope_invalid', v1.replace('"occurredAtUs":1795251600123456', '"occurredAtUs":1e18')],
    ['envelope_invalid', v1.replace('"occurredAtUs":1795251600123456', '"occurredAtUs":315532799999999')],
    ['envelope_invalid', v1.replace('"occurredAtUs":1795251600123456', '"occurredAtUs":null')],
    ['envelope_invalid', v1.replace('"receivedAtUs":1795251601000000', '"receivedAtUs":"x"')],
    ['envelope_invalid', v1.replace('"page":"/setup"', '"page":null')],
    ['envelope_invalid', v1.replace('"page":"/setup"', '"page":{"a":1}')],
    ['envelope_invalid', v1.replace('"page":"/setup"', '"page":"\\ud800"')],
    ['envelope_invalid', v1.replace('"customer":"acme-42"', '"customer":null')],
    ['envelope_invalid', v1.replace('"event":{', '"more":1,"event":{')],
    ['envelope_invalid', v1.replace('"traits":{', '"more":1,"traits":{')],
    ['envelope_invalid', text(fixture('event-v0')).replace('"nps":9', '"npsScore":9')],
    ['envelope_invalid', '{"v":0}'],
    ['envelope_invalid', text(fixture('rejected-v1')).replace('number_not_exact', 'no_such_code')],
    ['envelope_invalid', text(fixture('rejected-v1')).replace('"index":3', '"index":-3')],
    ['envelope_invalid', text(fixture('rejected-v1')).replace('"raw":"', '"raw":1,"x":"')],
  ])('%s #%#', (code, record) => {
    expect(why(record).split(':')[0]).toBe(code);
  });

  test('invalid UTF-8', () => {
    expect(why(Uint8Array.of(0xff))).toMatch(/^envelope_malformed: not UTF-8 from byte 0/);
  });

  test('no bytes make it throw', () => {
    const near = fc.tuple(
      fc.constantFrom(v1, text(fixture('event-v0')), text(fixture('rejected-v1'))),
      fc.nat(),
      fc.nat(8),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(near, ([record, place, dropped, insert]) => {
        const at = place % (record.length + 1);
        expect(() => why(record.slice(0, at) + insert + record.slice(at + dropped))).not.toThrow();
      }),
      runs(1_000),
    );
  });
});

describe('upcasting', () => {
  const start: JsonObject = new Map([['v', 0]]);

  test('goes step by step in order', () => {
    const append =
      (name: string) =>
      (record: JsonObject): JsonObject =>
        new Map([...record, [name, record.size]]);
    const steps = new Map([
      [0, append('a')],
      [1, append('b')],
      [2, append('c')],
    ]);
    expect([...(upcast(start, 0, steps, 3) ?? [])]).toEqual([
      ['v', 0],
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
    expect([...(upcast(start, 2, steps, 3) ?? [])]).toEqual([
      ['v', 0],
      ['c', 1],
    ]);
    expect(upcast(start, 3, steps, 3)).toBe(start);
  });

  test('a missing step is no guess', () => {
    expect(upcast(start, 0, new Map([[1, (record: JsonObject) => record]]), 2)).toBeNull();
  });

  test('every old version has a step', () => {
    expect([...upcasters.keys()]).toEqual([0]);
  });

  test('leaves what it does not know for the decoder to refuse', () => {
    const read = readJson('{"v":0,"event":{"occurredAt":"yesterday","color":1}}');
    const record = read.ok && read.value instanceof Map ? upcast(read.value, 0, upcasters, ENVELOPE_VERSION) : null;
    const event = record?.get('event');
    expect(event instanceof Map && [event.get('occurredAtUs'), event.get('color')]).toEqual(['yesterday', 1]);
  });
});

test('the partition key is the customer, else the anonymous id behind NUL', () => {
  expect(partitionKey({ customer: 'c', anonymous: 'a' })).toBe('c');
  expect(partitionKey({ customer: null, anonymous: 'a' })).toBe('\0a');
  expect(topics).toEqual({ events: 'events', deadLetters: 'dead-letters', signals: 'signals' });
});
