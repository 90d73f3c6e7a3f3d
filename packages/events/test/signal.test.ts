import { readFileSync } from 'node:fs';
import {
  type DecodedSignal,
  decodeSignal,
  encodeDefinition,
  encodeSignal,
  type Signal,
  signalKey,
  stageTransitionId,
  transitionOutcomes,
} from '@michinori/events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const page = readFileSync(new URL('../docs/signals.md', import.meta.url), 'utf8');
const exampleText = /```json\n(.*?)```/s.exec(page)?.[1] ?? '';
const read = (value: unknown): DecodedSignal => decodeSignal(Buffer.from(JSON.stringify(value)));
const example = JSON.parse(exampleText) as Record<string, unknown>;

const name = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !text.includes('\0'));
const signals: fc.Arbitrary<Signal> = fc
  .record({
    revision: fc.integer({ min: 1, max: 9 }),
    announcedAtUs: fc.integer({ min: 1_600_000_000_000_000, max: 1_900_000_000_000_000 }),
    journey: name,
    version: fc.integer({ min: 1, max: 4_294_967_295 }),
    who: fc.tuple(fc.constantFrom('customer' as const, 'anonymous' as const, 'account' as const), name),
    cycle: fc.integer({ min: 1, max: 9 }),
    visit: fc.integer({ min: 1, max: 9 }),
    stages: fc.tuple(name, name),
    outcome: fc.constantFrom(...transitionOutcomes),
    reason: fc.option(name),
    atUs: fc.integer({ min: 1_600_000_000_000_000, max: 1_900_000_000_000_000 }),
  })
  .map(({ who: [kind, text], stages: [from, to], outcome, reason, ...rest }) => {
    const fact = {
      ...{ journey: rest.journey, cycle: rest.cycle, visit: rest.visit, outcome, atUs: rest.atUs },
      unit: kind === 'account' ? ('account' as const) : ('customer' as const),
      customer: kind === 'customer' ? text : null,
      anonymous: kind === 'anonymous' ? text : null,
      account: kind === 'account' ? text : null,
      from: outcome === 'entered' ? null : from,
      to: ['entered', 'advanced', 'returned'].includes(outcome) ? to : null,
      reason: outcome === 'lost' ? reason : null,
    };
    const { revision, announcedAtUs, version } = rest;
    const retracted = revision % 2 === 0;
    return {
      kind: 'stage-transition',
      id: stageTransitionId(fact),
      revision,
      retracted,
      announcedAtUs,
      version,
      ...fact,
    };
  });

describe('a signal', () => {
  test('comes back as it was', () => {
    fc.assert(
      fc.property(signals, (signal) => {
        expect(decodeSignal(encodeSignal(signal))).toEqual(signal);
      }),
    );
  });

  test('is written as the documentation shows, and its id is what the documentation says', () => {
    const decoded = read(example);
    if (decoded.kind === 'undecodable') throw new Error(decoded.message);
    expect(JSON.parse(Buffer.from(encodeSignal(decoded)).toString())).toEqual(example);
    expect(Object.keys(JSON.parse(Buffer.from(encodeSignal(decoded)).toString()))).toEqual(Object.keys(example));
    expect(stageTransitionId(decoded)).toBe(example.id);
  });

  test('has an id that every field of the fact changes, and nothing else', () => {
    fc.assert(
      fc.property(signals, (signal) => {
        const others = { revision: 8, announcedAtUs: 0, version: 77, retracted: true };
        expect(stageTransitionId({ ...signal, ...others })).toBe(signal.id);
        const { journey, cycle, visit, atUs, from, to, reason } = signal;
        const changes: Partial<Signal>[] = [
          { journey: `${journey}x` },
          { unit: signal.unit === 'account' ? 'customer' : 'account' },
          // A fact names one unit: a customer's name in place of an account's own would be the same text in the same place.
          { customer: `${signal.customer ?? signal.account ?? ''}x` },
          { anonymous: `${signal.anonymous ?? ''}x` },
          { cycle: cycle + 10 },
          { visit: visit + 10 },
          { from: `${from ?? ''}x` },
          { to: `${to ?? ''}x` },
          { outcome: signal.outcome === 'lost' ? 'silent' : 'lost' },
          { reason: `${reason ?? ''}x` },
          { atUs: atUs + 1 },
        ];
        const ids = changes.map((change) => stageTransitionId({ ...signal, ...change }));
        expect(new Set([signal.id, ...ids]).size).toBe(changes.length + 1);
      }),
    );
  });

  test('goes to the partition of its unit', () => {
    const nobody = { customer: null, anonymous: null, account: null };
    expect(signalKey({ ...nobody, customer: 'c' })).toBe('c');
    expect(signalKey({ ...nobody, account: 'acme' })).toBe('acme');
    expect(signalKey({ ...nobody, anonymous: 'a' })).toBe('\0a');
  });
});

describe('a record that is none', () => {
  test.each([
    ['a name too many', { ...example, colour: 'red' }, '/colour'],
    ['a kind of a newer program', { ...example, kind: 'churn-signal' }, '/kind'],
    ['a retraction with an odd revision', { ...example, retracted: true }, '/retracted'],
    ['an even revision that does not retract', { ...example, revision: 2 }, '/retracted'],
    ['an id that is no hash', { ...example, id: 'x' }, '/id'],
    ['two units', { ...example, anonymous: 'a' }, ''],
    ['no unit', { ...example, customer: null }, ''],
    ['an account that is called a customer', { ...example, customer: null, account: 'a' }, ''],
    ['an unknown unit', { ...example, unit: 'person' }, '/unit'],
    ['an unknown outcome', { ...example, outcome: 'open' }, '/outcome'],
    ['an advance without a beginning', { ...example, from: null }, '/from'],
    ['an advance to nowhere', { ...example, to: null }, '/to'],
    ['an entry that leaves a stage', { ...example, outcome: 'entered' }, '/from'],
    ['a loss that enters one', { ...example, outcome: 'lost' }, '/to'],
    ['a reason without a loss', { ...example, reason: 'price' }, '/reason'],
    ['a visit before the first', { ...example, visit: 0 }, '/visit'],
  ])('%s', (_, value, path) => {
    const decoded = read(value);
    expect(decoded).toMatchObject({ kind: 'undecodable', code: 'envelope_invalid' });
    expect('message' in decoded && decoded.message).toContain(`(at "${path}")`);
  });

  test('a missing name', () => {
    for (const missing of Object.keys(example).filter((key) => key !== 'v' && key !== 'kind')) {
      const { [missing]: _, ...rest } = example;
      expect(read(rest)).toMatchObject({ kind: 'undecodable', code: 'envelope_invalid' });
    }
  });

  test('other versions, other texts and other bytes', () => {
    expect(read({ ...example, v: 2 })).toMatchObject({ code: 'envelope_version_unknown' });
    expect(read({ ...example, v: 0 })).toMatchObject({ code: 'envelope_version_unknown' });
    expect(read({ ...example, v: 0.5 })).toMatchObject({ code: 'envelope_version_unknown' });
    expect(read({ ...example, v: '1' })).toMatchObject({ code: 'envelope_malformed' });
    expect(read([])).toMatchObject({ code: 'envelope_malformed' });
    expect(decodeSignal(Buffer.from('{'))).toMatchObject({ code: 'envelope_malformed' });
    expect(decodeSignal(Uint8Array.of(0xff))).toMatchObject({ code: 'envelope_malformed' });
    const definition = {
      kind: 'rebuild',
      journey: null,
      requestedAtUs: 1_795_251_600_000_000,
      requestedBy: '',
    } as const;
    expect(decodeSignal(encodeDefinition(definition))).toMatchObject({ code: 'envelope_invalid' });
  });

  test('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void decodeSignal(bytes)));
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(example)), fc.jsonValue(), (key, value) => {
        expect(typeof read({ ...example, [key]: value }).kind).toBe('string');
      }),
    );
  });
});
