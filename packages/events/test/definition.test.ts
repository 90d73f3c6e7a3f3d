import { readFileSync } from 'node:fs';
import {
  type Definition,
  decodeDefinition,
  definitionKey,
  definitionsTopic,
  encodeDefinition,
  encodeEnvelope,
  limits,
  topicSettings,
  topics,
} from '@michinori/events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wellFormed } from './arbitraries.ts';
import { acceptedEvent, bytes, eventText, runs } from './helpers.ts';

const journey: Definition = {
  kind: 'journey',
  journey: 'customer-success',
  version: 3,
  source: 'journey: customer-success\nversion: 3\ntitle: { ja: カスタマーサクセス }\n',
  appliedAtUs: 1_795_251_600_123_456,
  appliedBy: 'mk_live_ab12',
};

const improvement: Definition = {
  kind: 'improvement',
  id: 'demo-release',
  journey: 'customer-success',
  stage: 'onboarding',
  title: '設定ガイド "2"',
  atUs: 1_775_433_600_000_000,
  segment: { name: 'plan', values: ['pro', ''] },
  owner: '',
  hypothesis: 'Fewer steps until the first login.',
  dueUs: null,
  recordedAtUs: 1_795_251_600_123_456,
  recordedBy: 'mk_live_ab12',
};

const rebuild: Definition = {
  kind: 'rebuild',
  journey: null,
  requestedAtUs: 1_795_251_600_123_456,
  requestedBy: '',
};

const rule: Definition = {
  kind: 'alert-rule',
  alert: 'trial-drop-off',
  source: 'alert: trial-drop-off\njourney: buying\n',
  changedAtUs: 1_795_251_600_123_456,
  changedBy: 'mk_live_ab12',
};

const ruleGone: Definition = { ...rule, source: null };

const examples: readonly Definition[] = [journey, improvement, rebuild, rule, ruleGone];
const textOf = (record: Uint8Array): string => Buffer.from(record).toString('utf8');

type Json = Record<string, unknown>;

function changed(definition: Definition, change: (record: Json) => void): Uint8Array {
  const record: Json = JSON.parse(textOf(encodeDefinition(definition)));
  change(record);
  return bytes(JSON.stringify(record));
}

const storable = (lengthMax: number, lengthMin = 1) =>
  fc
    .string({ unit: 'binary', minLength: lengthMin, maxLength: lengthMax })
    .map((text) => wellFormed(text).replaceAll('\0', '-'));
const instant = fc.integer({ min: limits.occurredAtUsMin, max: 7_258_118_400_000_000 });

const definitions: fc.Arbitrary<Definition> = fc.oneof(
  fc.record({
    kind: fc.constant('journey' as const),
    journey: storable(limits.journeyLengthMax),
    version: fc.integer({ min: 1, max: limits.journeyVersionMax }),
    source: storable(2000),
    appliedAtUs: instant,
    appliedBy: storable(20, 0),
  }),
  fc.record({
    kind: fc.constant('improvement' as const),
    id: storable(limits.idLengthMax),
    journey: storable(20),
    stage: storable(20, 0),
    title: storable(limits.titleLengthMax),
    atUs: instant,
    segment: fc.option(
      fc.record({ name: storable(20), values: fc.array(storable(20, 0), { minLength: 1, maxLength: 5 }) }),
    ),
    owner: storable(limits.ownerLengthMax, 0),
    hypothesis: storable(300, 0),
    dueUs: fc.option(instant),
    recordedAtUs: instant,
    recordedBy: storable(20, 0),
  }),
  fc.record({
    kind: fc.constant('rebuild' as const),
    journey: fc.option(storable(20)),
    requestedAtUs: instant,
    requestedBy: storable(20, 0),
  }),
  fc.record({
    kind: fc.constant('alert-rule' as const),
    alert: storable(20),
    source: fc.option(storable(2000)),
    changedAtUs: instant,
    changedBy: storable(20, 0),
  }),
);

describe('a definition', () => {
  test('version 1 is written byte for byte and read as recorded', () => {
    const lines = readFileSync(new URL('./fixtures/definitions-v1.golden.ndjson', import.meta.url), 'utf8').split('\n');
    expect(examples.map((example) => textOf(encodeDefinition(example)))).toEqual(lines.filter(Boolean));
    expect(lines.filter(Boolean).map((line) => decodeDefinition(bytes(line)))).toEqual(examples);
  });

  test('comes back identical, and its bytes do not depend on the order of its fields', () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        const record = encodeDefinition(definition);
        expect(decodeDefinition(record)).toEqual(definition);
        const turned = Object.fromEntries(Object.entries(definition).reverse()) as unknown as Definition;
        expect(textOf(encodeDefinition(turned))).toBe(textOf(record));
      }),
      runs(300),
    );
  });

  test('any bytes decode to something: never a throw', () => {
    const kinds = new Set(['journey', 'improvement', 'rebuild', 'alert-rule', 'undecodable']);
    const damaged = fc.tuple(definitions, fc.nat(), fc.nat(255)).map(([definition, at, byte]) => {
      const record = Uint8Array.from(encodeDefinition(definition));
      record[at % record.length] = byte;
      return record;
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), damaged), (record) => {
        expect(kinds.has(decodeDefinition(record).kind)).toBe(true);
      }),
      runs(300),
    );
  });

  test('every field is required and no other is allowed', () => {
    for (const example of examples) {
      for (const name of Object.keys(example)) {
        const without = decodeDefinition(changed(example, (record) => delete record[name]));
        expect([name, without]).toMatchObject([name, { kind: 'undecodable', code: 'envelope_invalid' }]);
      }
      const beside = decodeDefinition(changed(example, (record) => Object.assign(record, { extra: 1 })));
      expect(beside).toMatchObject({ code: 'envelope_invalid', message: expect.stringContaining('/extra') });
    }
    const inside = changed(improvement, (record) => Object.assign(record.segment as Json, { extra: 1 }));
    expect(decodeDefinition(inside)).toMatchObject({ message: expect.stringContaining('/segment/extra') });
  });

  test.each<[string, Definition, string, unknown]>([
    ['version 0', journey, 'version', 0],
    ['version 2^32', journey, 'version', 2 ** 32],
    ['a version with a fraction', journey, 'version', 1.5],
    ['an empty source', journey, 'source', ''],
    ['a source with NUL', journey, 'source', 'a\0b'],
    ['a source that is too long', journey, 'source', 'a'.repeat(limits.journeySourceLengthMax + 1)],
    ['an instant before 1980', journey, 'appliedAtUs', 0],
    ['an instant as text', journey, 'appliedAtUs', '2026-01-01T00:00:00Z'],
    ['an empty journey', journey, 'journey', ''],
    ['a journey of null', improvement, 'journey', null],
    ['a journey that is too long', journey, 'journey', 'a'.repeat(limits.journeyLengthMax + 1)],
    ['a stage of null', improvement, 'stage', null],
    ['an empty title', improvement, 'title', ''],
    ['a segment as text', improvement, 'segment', 'plan:pro'],
    ['a segment without values', improvement, 'segment', { name: 'plan', values: [] }],
    ['a value that is no text', improvement, 'segment', { name: 'plan', values: [1] }],
    ['a value of null', improvement, 'segment', { name: 'plan', values: [null] }],
    ['too many values', improvement, 'segment', { name: 'plan', values: Array(101).fill('a') }],
    ['half a surrogate pair', improvement, 'hypothesis', '\ud800'],
    ['an empty journey to rebuild', rebuild, 'journey', ''],
    ['an empty alert', rule, 'alert', ''],
    ['an empty rule', rule, 'source', ''],
    ['a rule that is too long', rule, 'source', 'a'.repeat(limits.journeySourceLengthMax + 1)],
    ['an unknown kind', rebuild, 'kind', 'erasure'],
  ])('%s is refused', (_, example, name, value) => {
    const record = changed(example, (fields) => Object.assign(fields, { [name]: value }));
    expect(decodeDefinition(record)).toMatchObject({
      kind: 'undecodable',
      code: 'envelope_invalid',
      message: expect.stringContaining(name === 'segment' ? '/segment' : `/${name}`),
    });
  });

  test('no JSON, no object, no version, a version of the future', () => {
    const codes = ['', '[]', '{}', '{"v":"1"}', '{"v":2,"kind":"journey"}', '{"v":0}'].map((text) => {
      const decoded = decodeDefinition(bytes(text));
      return decoded.kind === 'undecodable' ? decoded.code : decoded.kind;
    });
    expect(codes).toEqual([...Array(4).fill('envelope_malformed'), ...Array(2).fill('envelope_version_unknown')]);
    expect(decodeDefinition(new Uint8Array([0xff]))).toMatchObject({ code: 'envelope_malformed' });
  });

  test('an event is no definition', () => {
    const event = encodeEnvelope(acceptedEvent(eventText()), { dialect: 'native' });
    expect(decodeDefinition(event)).toMatchObject({ kind: 'undecodable', code: 'envelope_invalid' });
  });
});

test('the topic of definitions is one of its own, with one partition, kept for ever', () => {
  expect(Object.values(topics)).not.toContain(definitionsTopic);
  expect(topicSettings).toEqual({ definitions: { partitions: 1, isKept: true } });
  expect(examples.map(definitionKey)).toEqual([
    ...['customer-success', 'customer-success', '', 'trial-drop-off', 'trial-drop-off'],
  ]);
});
