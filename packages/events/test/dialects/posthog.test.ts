import { describe, expect, test } from 'vitest';
import { bytes, receivedAtUs } from '../helpers.ts';
import { accepted, only, outcomes, posthog } from './helpers.ts';

const at = { uuid: 'e1', distinct_id: 'u1', timestamp: '2026-11-21T09:59:00.123Z' };
const common = { id: 'e1', customer: 'u1', occurredAtUs: Date.UTC(2026, 10, 21, 9, 59, 0, 123) * 1_000 };
const keyOf = (body: unknown) => {
  const request = posthog(body);
  return request.outcome === 'parsed' ? request.key : null;
};

describe('events', () => {
  test('a capture, with traits and account', () => {
    const properties = { a: { b: 1 }, $set: { plan: 'pro' }, $groups: { project: 'p', company: 'acme' }, token: 'k' };
    expect(only(posthog({ ...at, event: 'Signed Up', properties }))).toEqual({
      ...common,
      account: 'acme',
      touchpoint: 'Signed Up',
      properties: { 'a.b': 1, '$groups.project': 'p', '$groups.company': 'acme' },
      traits: { plan: 'pro' },
    });
  });

  test('$identify claims the anonymous id', () => {
    const properties = { $anon_distinct_id: 'a1', $set_once: { first: 'x' }, $is_identified: false };
    expect(only(posthog({ ...at, event: '$identify', properties, $set: { plan: 'pro' } }))).toEqual({
      ...common,
      anonymous: 'a1',
      touchpoint: 'identity.identified',
      properties: { '$set_once.first': 'x', $is_identified: false },
      traits: { plan: 'pro' },
    });
  });

  test.each(['$create_alias', '$merge_dangerously'])('%s merges the alias into the distinct id', (event) => {
    expect(only(posthog({ ...at, event, properties: { distinct_id: 'u1', alias: 'a1', $lib: 'x' } }))).toEqual({
      ...common,
      touchpoint: 'identity.alias',
      properties: { previous: 'a1' },
      traits: {},
    });
  });

  test('$groupidentify of a company, and of something else', () => {
    const group = (type: string) => ({ $group_type: type, $group_key: 'acme', $group_set: { industry: 'retail' } });
    const company = only(posthog({ ...at, event: '$groupidentify', properties: group('company') }));
    expect(company).toMatchObject({ touchpoint: 'identity.grouped', account: 'acme', traits: { industry: 'retail' } });
    const project = only(posthog({ ...at, event: '$groupidentify', properties: group('project') }));
    expect(project).not.toHaveProperty('account');
    expect(project).toMatchObject({ traits: {}, properties: { $group_key: 'acme', '$group_set.industry': 'retail' } });
  });

  test.each([
    ['$pageview', {}, 'page.viewed'],
    ['$screen', { $screen_name: 'Pricing' }, 'page.Pricing'],
    ['$screen', {}, 'page.viewed'],
    ['$set', {}, 'identity.identified'],
    ['$autocapture', {}, '$autocapture'],
  ])('%s %j is %s', (event, properties, touchpoint) => {
    expect(only(posthog({ ...at, event, properties })).touchpoint).toBe(touchpoint);
  });

  test.each([[{ $is_identified: false }], [{ $process_person_profile: false }]])(
    '%j: nobody knows who',
    (properties) => {
      const event = only(posthog({ ...at, event: 'e', properties }));
      expect(event).toMatchObject({ anonymous: 'u1' });
      expect(event).not.toHaveProperty('customer');
    },
  );

  test('our own fields', () => {
    const properties = { $michinori: { nps: 9, account: 'own' }, $groups: { company: 'acme' } };
    expect(only(posthog({ ...at, event: 'e', properties }))).toMatchObject({ nps: 9, account: 'own' });
  });
});

describe('requests', () => {
  const event = { ...at, event: 'e' };
  const form = (data: string) => `data=${encodeURIComponent(data)}&compression=base64`;

  test.each([
    ['one event', event],
    ['a batch', { api_key: 'k', batch: [event] }],
    ['an array', [event]],
    ['a form field', form(JSON.stringify(event))],
    ['a form field in base64', form(Buffer.from(JSON.stringify(event)).toString('base64'))],
  ])('%s', (_name, body) => {
    expect(only(posthog(body))).toEqual({ ...common, touchpoint: 'e', properties: {}, traits: {} });
  });

  test.each([
    [{ api_key: 'k', batch: [event] }],
    [{ token: 'k', batch: [event] }],
    [{ ...event, api_key: 'k' }],
    [[{ ...event, properties: { token: 'k' } }]],
    [{ ...event, properties: { token: 'k' } }],
  ])('%j has the key', (body) => {
    expect(keyOf(body)).toBe('k');
    expect(keyOf(event)).toBeNull();
  });

  test('the id and the distinct id stand in the properties too', () => {
    const properties = { $insert_id: 'i1', distinct_id: 7 };
    expect(only(posthog({ event: 'e', properties, timestamp: at.timestamp }))).toMatchObject({
      id: 'i1',
      customer: '7',
    });
  });

  test('a repetition without ids has the same', () => {
    const { uuid, ...bare } = event;
    const [first, second] = [accepted(posthog([bare, bare])), accepted(posthog([bare, bare]))];
    expect(first.map(({ id }) => id)).toEqual(second.map(({ id }) => id));
    expect(new Set(first.map(({ id }) => id)).size).toBe(2);
  });
});

describe('the clock', () => {
  const occurred = (body: unknown, sentAtMs?: string) => only(posthog(body, sentAtMs)).occurredAtUs;
  const event = { ...at, event: 'e', timestamp: '2026-11-21T08:00:00Z' };

  test.each([['sent_at'], ['sentAt']])('%s', (name) => {
    expect(occurred({ batch: [event], [name]: '2026-11-21T08:00:00Z' })).toBe(receivedAtUs);
    expect(occurred({ batch: [event], [name]: '2026-11-21T09:59:30Z' })).toBe(Date.parse(event.timestamp) * 1_000);
  });

  test('the time of sending in the address', () => {
    expect(occurred(event, String(Date.parse(event.timestamp)))).toBe(receivedAtUs);
    expect(occurred(event, 'x')).toBe(Date.parse(event.timestamp) * 1_000);
  });

  test('an offset is relative to the receipt, whatever the clock', () => {
    const { timestamp, ...bare } = event;
    expect(occurred({ ...bare, offset: 1_500.5 })).toBe(receivedAtUs - 1_500_500);
    expect(occurred({ batch: [{ ...bare, offset: 1_500 }], sent_at: '2026-11-21T08:00:00Z' })).toBe(
      receivedAtUs - 1_500_000,
    );
  });
});

test.each([
  ['no name', { ...at }, 'missing_field'],
  ['nobody', { ...at, distinct_id: '', event: 'e' }, 'customer_required'],
  ['a bad id', { ...at, distinct_id: [], event: 'e' }, 'wrong_type /distinct_id'],
  [
    'a bad id in the properties',
    { event: 'e', properties: { distinct_id: true } },
    'wrong_type /properties/distinct_id',
  ],
  ['a bad name', { ...at, event: 7 }, 'wrong_type /event'],
  ['bad properties', { ...at, event: 'e', properties: 1 }, 'wrong_type /properties'],
  ['bad traits', { ...at, event: 'e', properties: { $set: 1 } }, 'wrong_type /properties/$set'],
  ['a bad trait', { ...at, event: 'e', properties: { $set: { a: '\0' } } }, 'text_with_nul /properties/$set/a'],
  ['a bad offset', { ...at, timestamp: null, event: 'e', offset: 'x' }, 'invalid_time /offset'],
  ['an endless offset', { ...at, timestamp: null, event: 'e', offset: 1e14 }, 'wrong_type /offset'],
  ['a trait without a name', { ...at, event: 'e', $set: { '': 1 } }, 'empty_text'],
  ['an alias of nothing', { ...at, event: '$create_alias' }, 'missing_field'],
  [
    'a bad field of ours',
    { ...at, event: 'e', properties: { $michinori: { nps: -1 } } },
    'number_out_of_range /properties/$michinori/nps',
  ],
])('refused: %s', (_name, event, outcome) => {
  expect(outcomes(posthog({ batch: [{ ...at, event: 'e' }, event] }))).toEqual(['accepted', outcome]);
});

test.each([
  ['nothing', '', '400 empty_body'],
  ['a form field that is none', 'data=%', '400 invalid_json'],
  ['a batch that is none', { batch: 1 }, '400 wrong_type /batch'],
  ['an empty batch', { batch: [] }, '400 no_events /batch'],
  ['a time of sending that is none', { batch: [{}], sent_at: 1 }, '400 invalid_sent_at /sent_at'],
  ['too much', bytes(' '.repeat(2 ** 22 + 1)), '413 request_too_large'],
])('refused as a whole: %s', (_name, body, outcome) => {
  expect(outcomes(posthog(body))).toEqual([outcome]);
});
