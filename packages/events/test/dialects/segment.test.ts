import { describe, expect, test } from 'vitest';
import { bytes, receivedAtUs } from '../helpers.ts';
import { accepted, only, outcomes, segment } from './helpers.ts';

const at = { messageId: 'm1', userId: 'u1', timestamp: '2026-11-21T09:59:00.123Z' };
const common = { id: 'm1', customer: 'u1', occurredAtUs: Date.UTC(2026, 10, 21, 9, 59, 0, 123) * 1_000 };

describe('each call becomes an event', () => {
  test('track', () => {
    const event = { ...at, event: 'Signed Up', properties: { plan: { seats: 3 }, tags: ['a'] }, anonymousId: 'a1' };
    expect(only(segment(event, 'track'))).toEqual({
      ...common,
      anonymous: 'a1',
      touchpoint: 'Signed Up',
      properties: { 'plan.seats': 3, tags: '["a"]' },
      traits: {},
    });
  });

  test('identify: traits, those of the call before those of its context', () => {
    const event = { ...at, traits: { plan: 'pro' }, context: { traits: { plan: 'free', email: 'a@example.com' } } };
    expect(only(segment(event, 'identify'))).toEqual({
      ...common,
      touchpoint: 'identity.identified',
      properties: {},
      traits: { plan: 'pro', email: 'a@example.com' },
    });
  });

  test('group', () => {
    expect(only(segment({ ...at, groupId: 7, traits: { industry: 'retail' } }, 'group'))).toEqual({
      ...common,
      account: '7',
      touchpoint: 'identity.grouped',
      properties: {},
      traits: { industry: 'retail' },
    });
  });

  test('page and screen, with and without a name', () => {
    const page = { ...at, name: 'Pricing', category: 'Docs', properties: { url: '/p' } };
    const shown = { ...common, touchpoint: 'page.Pricing', properties: { url: '/p', category: 'Docs' }, traits: {} };
    expect(only(segment(page, 'page'))).toEqual(shown);
    expect(only(segment(page, 'screen'))).toEqual(shown);
    expect(only(segment({ ...at, properties: { category: 'own' }, category: 'Docs' }, 'page'))).toEqual({
      ...shown,
      touchpoint: 'page.viewed',
      properties: { category: 'own' },
    });
  });

  test('alias: one event with the id that is merged', () => {
    const event = { ...at, previousId: 'a1', properties: { ignored: true } };
    expect(only(segment(event, 'alias'))).toEqual({
      ...common,
      touchpoint: 'identity.alias',
      properties: { previous: 'a1' },
      traits: {},
    });
  });
});

describe('the context', () => {
  const context = {
    page: { url: 'https://example.com/p', title: '' },
    campaign: { source: 'mail', name: 'x' },
    groupId: 'acme',
    library: { name: 'analytics.js' },
    ip: '203.0.113.7',
    michinori: { nps: 9, sentiment: 0.5, team: 'cs', amount: { value: '12.50', currency: 'EUR' } },
  };

  test('page, campaign, group and our own fields are kept, the rest is not', () => {
    expect(only(segment({ ...at, event: 'e', context }, 'track'))).toEqual({
      ...common,
      account: 'acme',
      touchpoint: 'e',
      team: 'cs',
      nps: 9,
      sentiment: 0.5,
      amount: { value: '12.50', currency: 'EUR' },
      properties: {
        'page.url': 'https://example.com/p',
        'page.title': '',
        'campaign.source': 'mail',
        'campaign.name': 'x',
      },
      traits: {},
    });
  });

  test('what the event says itself counts, nested or with a dot', () => {
    for (const properties of [{ page: { url: 'own' } }, { 'page.url': 'own' }]) {
      expect(only(segment({ ...at, event: 'e', context, properties }, 'track')).properties).toMatchObject({
        'page.url': 'own',
        'page.title': '',
      });
    }
    expect(only(segment({ ...at, groupId: 'own', context }, 'group')).account).toBe('own');
  });

  test('of a batch holds for its events', () => {
    const batch = [
      { ...at, type: 'track', event: 'e' },
      { ...at, type: 'track', event: 'e', context: { campaign: { source: 'own' } } },
    ];
    const events = accepted(segment({ batch, context: { campaign: { source: 'mail' }, groupId: 'acme' } }));
    expect(events.map(({ account, properties }) => [account, properties.get('campaign.source')])).toEqual([
      ['acme', 'mail'],
      ['acme', 'own'],
    ]);
  });
});

describe('values as clients write them', () => {
  test.each([
    ['2026-11-21T09:59:00.123456789Z', 123_456],
    ['2026-11-21T18:59:00.1234567+09:00', 123_456],
    ['2026-11-21T18:59:00+0900', 0],
    ['2026-11-21t09:59:00z', 0],
  ])('%s', (timestamp, us) => {
    const event = { ...at, timestamp, event: 'e' };
    expect(only(segment(event, 'track')).occurredAtUs).toBe(Date.UTC(2026, 10, 21, 9, 59) * 1_000 + us);
  });

  test('originalTimestamp where there is no timestamp, else the receipt', () => {
    const { timestamp, ...bare } = at;
    const occurred = (more: object) => only(segment({ ...bare, event: 'e', ...more }, 'track')).occurredAtUs;
    expect(occurred({ originalTimestamp: timestamp })).toBe(common.occurredAtUs);
    expect(occurred({ timestamp, originalTimestamp: '2020-01-01T00:00:00Z' })).toBe(common.occurredAtUs);
    expect(occurred({})).toBe(receivedAtUs);
  });

  test('empty ids are none, numeric ids are their text', () => {
    const event = { ...at, userId: '', anonymousId: 42, event: 'e', messageId: '' };
    expect(only(segment(event, 'track'))).toMatchObject({ anonymous: '42' });
    expect(only(segment(event, 'track'))).not.toHaveProperty('customer');
  });
});

describe('the clock', () => {
  const batch = ['08:00:00', '08:00:10'].map((time) => ({
    ...at,
    messageId: time,
    type: 'track',
    event: 'e',
    timestamp: `2026-11-21T${time}Z`,
  }));
  const shiftsBy = (sentAt: unknown) =>
    accepted(segment({ batch, sentAt })).map(
      ({ occurredAtUs, id }) => occurredAtUs / 1e6 - Date.parse(`2026-11-21T${id}Z`) / 1e3,
    );

  test('more than 60 s off: every event of the request is shifted by the same amount', () => {
    expect(shiftsBy('2026-11-21T09:58:59Z')).toEqual([61, 61]);
    expect(shiftsBy('2026-11-21T10:01:01Z')).toEqual([-61, -61]);
    expect(shiftsBy('2026-11-21T09:59:00Z')).toEqual([0, 0]);
    expect(shiftsBy(null)).toEqual([0, 0]);
  });

  test('sentAt stands in the event where there is none around it', () => {
    const [first = {}] = batch;
    expect(only(segment({ ...first, sentAt: '2026-11-21T08:00:00Z' }, 'track')).occurredAtUs).toBe(receivedAtUs);
    const own = batch.map((event) => ({ ...event, sentAt: '2026-11-21T08:00:00Z' }));
    expect(accepted(segment({ batch: own })).map(({ occurredAtUs }) => occurredAtUs)).toEqual([
      receivedAtUs,
      receivedAtUs + 10e6,
    ]);
  });
});

describe('ids of events that have none', () => {
  const { messageId, ...bare } = { ...at, type: 'track', event: 'e' };
  const { timestamp, ...timeless } = bare;
  const ids = (body: unknown) => accepted(segment(body)).map(({ id }) => id);

  test('a repetition has the same, every event of the request another', () => {
    const body = { batch: [bare, bare, { ...bare, event: 'f' }] };
    expect(new Set(ids(body)).size).toBe(3);
    expect(ids(body)).toEqual(ids(body));
    expect(ids({ ...body, sentAt: '2026-11-21T10:00:00Z' })).toEqual(ids(body));
  });

  test('without a time of its own the time of sending tells requests apart', () => {
    const sent = (second: number) => ({ batch: [timeless], sentAt: `2026-11-21T10:00:0${second}Z` });
    expect(ids(sent(1))).toEqual(ids(sent(1)));
    expect(ids(sent(1))).not.toEqual(ids(sent(2)));
  });

  test('without any time a repetition cannot be told from a second event', () => {
    expect(ids({ batch: [timeless] })).toEqual(['generated']);
  });
});

describe('refused', () => {
  const track = { ...at, type: 'track', event: 'e' };

  test.each([
    ['no user', { ...track, userId: null }, 'customer_required'],
    ['no event name', { ...track, event: '' }, 'missing_field'],
    ['no type', { ...track, type: null }, 'missing_field'],
    ['an unknown type', { ...track, type: 'trak' }, 'unknown_value /type'],
    ['a type that is no text', { ...track, type: 7 }, 'wrong_type /type'],
    ['a group without an id', { ...track, type: 'group' }, 'missing_field'],
    ['an alias without a previous id', { ...track, type: 'alias' }, 'missing_field'],
    ['an alias of an object', { ...track, type: 'alias', previousId: {} }, 'wrong_type /previousId'],
    ['a user that is an object', { ...track, userId: {} }, 'wrong_type /userId'],
    ['a long page name', { ...track, type: 'page', name: 'x'.repeat(300) }, 'text_too_long /name'],
    ['a time without zone', { ...track, timestamp: '2026-11-21T09:59:00' }, 'time_without_zone /timestamp'],
    ['traits that are a list', { ...track, traits: [] }, 'wrong_type /traits'],
    [
      'a NUL in a trait of the context',
      { ...track, context: { traits: { a: '\0' } } },
      'text_with_nul /context/traits/a',
    ],
    ['a NUL in the page', { ...track, context: { page: { url: '\0' } } }, 'text_with_nul /context/page/url'],
    ['a NUL deep in a property', { ...track, properties: { a: { b: '\0' } } }, 'text_with_nul /properties/a/b'],
    ['a context that is a text', { ...track, context: 'x' }, 'wrong_type /context'],
    ['a wrong score', { ...track, context: { michinori: { nps: 11 } } }, 'number_out_of_range /context/michinori/nps'],
    [
      'an unknown field of ours',
      { ...track, context: { michinori: { mps: 1 } } },
      'unknown_field /context/michinori/mps',
    ],
    ['what is no object', 'x', 'not_an_object'],
  ])('%s', (_name, event, outcome) => {
    expect(outcomes(segment({ batch: [track, event] }))).toEqual(['accepted', outcome]);
  });

  test('with the id that it has, and in words of its form', () => {
    const rejection = (event: object) => {
      const request = segment({ batch: [event] });
      const [verdict] = request.outcome === 'parsed' ? request.verdicts : [];
      return verdict?.accepted === false ? verdict.rejected.rejection : null;
    };
    expect(rejection({ ...track, type: 'trak' })).toMatchObject({
      id: 'm1',
      message: '"trak" is no call; did you mean "track"?',
    });
    expect(rejection({ ...track, userId: '' })).toMatchObject({
      id: 'm1',
      message: 'a call needs a "userId" or an "anonymousId"',
    });
    const { messageId, ...bare } = track;
    expect(rejection({ ...bare, userId: '' })?.id).toBeNull();
  });

  test('with its own text, but without keys', () => {
    const body = JSON.stringify({ ...track, userId: 1.5, writeKey: 'mk_secret"key' });
    const request = segment(body, 'track');
    if (request.outcome === 'malformed' || request.verdicts[0]?.accepted !== false)
      throw new Error('expected a refusal');
    expect(request.key).toBe('mk_secret"key');
    expect(request.verdicts[0].rejected.raw).toBe(body.replace(/mk_secret\\"key/, '***'));
  });

  test.each([
    ['nothing', '', '400 empty_body'],
    ['no JSON', '{"batch":[', '400 invalid_json'],
    ['no UTF-8', Uint8Array.from([0x7b, 0xff]), '400 invalid_utf8'],
    ['no batch', track, '400 wrong_type'],
    ['a bare array', [track], '400 wrong_type'],
    ['an empty batch', { batch: [] }, '400 no_events /batch'],
    ['a batch that is none', { batch: track }, '400 wrong_type /batch'],
    ['two batches', '{"batch":[{}],"batch":[{}]}', '400 duplicate_name /batch'],
    ['a time of sending that is none', { batch: [track], sentAt: 'now' }, '400 invalid_sent_at /sentAt'],
    ['too many', { batch: Array.from({ length: 5_001 }, () => 0) }, '413 too_many_events /batch'],
    ['too much', bytes(' '.repeat(2 ** 22 + 1)), '413 request_too_large'],
  ])('as a whole: %s', (_name, body, outcome) => {
    expect(outcomes(segment(body))).toEqual([outcome]);
  });

  test('a context of a batch that would make the request huge', () => {
    const context = { page: { url: 'x'.repeat(1_000) } };
    const batch = (count: number) => ({ context, batch: Array.from({ length: count }, () => track) });
    expect(outcomes(segment(batch(4_500)))).toEqual(['413 request_too_large /context']);
    expect(accepted(segment(batch(3_500)))).toHaveLength(3_500);
  });

  test('a list where one call is expected', () => {
    expect(outcomes(segment([track], 'track'))).toEqual(['400 wrong_type']);
  });
});

test('RudderStack is recognised by its library, or by channel and original timestamp', () => {
  const sender = (more: object) => {
    const request = segment({ ...at, event: 'e', ...more }, 'track');
    return request.outcome === 'parsed' ? request.sender : null;
  };
  expect(sender({})).toBeNull();
  expect(sender({ context: { library: { name: '@segment/analytics-node' } } })).toBeNull();
  expect(sender({ context: { library: { name: 'RudderLabs JavaScript SDK' } } })).toBe('rudderstack');
  expect(sender({ channel: 'server', originalTimestamp: at.timestamp })).toBe('rudderstack');
});
