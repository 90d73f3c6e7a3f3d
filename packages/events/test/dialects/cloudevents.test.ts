import { describe, expect, test } from 'vitest';
import { bytes } from '../helpers.ts';
import { accepted, cloudEvents, only, outcomes } from './helpers.ts';

const event = {
  specversion: '1.0',
  id: '17',
  source: '/crm',
  type: 'contract.signed',
  subject: 'acme-42',
  time: '2026-11-21T09:59:00.123456789Z',
  account: 'acme',
  channel: 'crm',
  sequence: 3,
  traceparent: '00-aa',
  data: { a: { b: 1 }, traits: { plan: 'pro' }, michinori: { nps: 9 } },
};
const mapped = {
  id: '/crm 17',
  customer: 'acme-42',
  account: 'acme',
  channel: 'crm',
  touchpoint: 'contract.signed',
  occurredAtUs: Date.UTC(2026, 10, 21, 9, 59, 0, 123) * 1_000 + 456,
  sequence: 3,
  nps: 9,
  properties: { 'a.b': 1, 'ce.source': '/crm', 'ce.subject': 'acme-42', 'ce.traceparent': '00-aa' },
  traits: { plan: 'pro' },
};
const { data, ...attributes } = event;
const headers = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, String(value)]));

describe('modes', () => {
  test('structured, batched, and plain JSON', () => {
    expect(only(cloudEvents(event))).toEqual(mapped);
    expect(only(cloudEvents(event, 'application/cloudevents+json; charset=utf-8'))).toEqual(mapped);
    expect(only(cloudEvents([event], 'application/cloudevents-batch+json'))).toEqual(mapped);
    expect(only(cloudEvents(event, 'application/json'))).toEqual(mapped);
    expect(only(cloudEvents([event], null))).toEqual(mapped);
  });

  test('binary with JSON', () => {
    expect(only(cloudEvents(data, 'application/json', headers))).toEqual(mapped);
    expect(only(cloudEvents(data, 'application/vnd.acme+json', headers))).toEqual(mapped);
    expect(only(cloudEvents(data, null, headers))).toEqual(mapped);
  });

  test('binary with text, with bytes, with nothing', () => {
    const properties = (body: unknown, type: string | null) => only(cloudEvents(body, type, headers)).properties;
    expect(properties('so "so"', 'text/plain')).toMatchObject({ data: 'so "so"' });
    expect(properties(Uint8Array.from([0xff, 0]), 'image/png')).toMatchObject({ data_base64: '/wA=' });
    expect(properties('not JSON', null)).toMatchObject({ data: 'not JSON' });
    expect(Object.keys(properties('', 'application/json') as object).join()).not.toContain('data');
  });

  test('headers are percent-encoded, perhaps quoted', () => {
    const odd = { ...headers, 'ce-subject': '%E9%81%93', 'ce-account': '"a \\"b\\""', 'ce-team': '50%' };
    expect(only(cloudEvents(data, 'application/json', odd))).toMatchObject({
      customer: '道',
      account: 'a "b"',
      team: '50%',
    });
  });
});

describe('attributes', () => {
  test('the extension customer counts more than the subject, and an anonymous id instead of it', () => {
    expect(only(cloudEvents({ ...event, customer: 'c' }))).toMatchObject({ customer: 'c' });
    const anonymous = only(cloudEvents({ ...event, anonymous: 'a' }));
    expect(anonymous).toMatchObject({ anonymous: 'a' });
    expect(anonymous).not.toHaveProperty('customer');
    expect(only(cloudEvents({ ...event, anonymous: 'a', customer: 'c' }))).toMatchObject({
      anonymous: 'a',
      customer: 'c',
    });
  });

  test('ids of different sources differ', () => {
    const ids = accepted(cloudEvents([event, { ...event, source: '/app' }], 'application/cloudevents-batch+json'));
    expect(ids.map(({ id }) => id)).toEqual(['/crm 17', '/app 17']);
  });

  test('data that is no object is one property', () => {
    expect(only(cloudEvents({ ...event, data: [1, { b: 1, a: 2 }] })).properties).toMatchObject({
      data: '[1,{"a":2,"b":1}]',
    });
  });
});

test.each([
  ['another version', { ...event, specversion: '0.3' }, 'unknown_value /specversion'],
  ['no version', { ...event, specversion: null }, 'missing_field'],
  ['no id', { ...event, id: null }, 'missing_field'],
  ['an empty source', { ...event, source: '' }, 'empty_text /source'],
  ['no type', { ...event, type: null }, 'missing_field'],
  ['nobody', { ...event, subject: '' }, 'customer_required'],
  ['a number as id', { ...event, id: 17 }, 'wrong_type /id'],
  ['a long subject', { ...event, subject: 'x'.repeat(300) }, 'text_too_long /subject'],
  ['a bad time', { ...event, time: 'now' }, 'invalid_time /time'],
  ['a bad sequence', { ...event, sequence: 'first' }, 'wrong_type /sequence'],
  ['a NUL in the data', { ...event, data: { a: ['\0'] } }, 'text_with_nul /data/a/0'],
  ['a bad score', { ...event, data: { michinori: { nps: 11 } } }, 'number_out_of_range /data/michinori/nps'],
  ['a NUL in an extension', { ...event, traceparent: '\0' }, 'text_with_nul /traceparent'],
])('refused: %s', (_name, wrong, outcome) => {
  expect(outcomes(cloudEvents([event, wrong], 'application/cloudevents-batch+json'))).toEqual(['accepted', outcome]);
});

test.each([
  ['a list in structured mode', [event], 'application/cloudevents+json', {}, '400 wrong_type'],
  ['one event in batched mode', event, 'application/cloudevents-batch+json', {}, '400 wrong_type'],
  ['another event format', '<a/>', 'application/cloudevents+xml', {}, '415 unsupported_media_type'],
  ['another content type', 'a=b', 'text/csv', {}, '415 unsupported_media_type'],
  ['another charset', event, 'application/cloudevents+json; charset="utf-16"', {}, '415 unsupported_charset'],
  ['broken JSON', '{', 'application/cloudevents+json', {}, '400 invalid_json'],
  ['broken JSON in binary mode', '{', 'application/json', headers, '400 invalid_json'],
  ['no UTF-8 in binary mode', Uint8Array.from([0xff]), 'application/json', headers, '400 invalid_utf8'],
  ['too much in binary mode', bytes(' '.repeat(2 ** 22 + 1)), 'text/plain', headers, '413 request_too_large'],
])('refused as a whole: %s', (_name, body, contentType, more, outcome) => {
  expect(outcomes(cloudEvents(body, contentType, more))).toEqual([outcome]);
});
