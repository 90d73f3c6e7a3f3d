import {
  type DialectRequest,
  limits,
  parseCloudEventsRequest,
  parsePosthogRequest,
  parseSegmentRequest,
  rejectionCodes,
  requestErrorStatus,
} from '@michinori/events';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonText, oddText, scatteredBytes, wellFormed } from '../arbitraries.ts';
import { bytes, receivedAtUs, runs } from '../helpers.ts';
import { readNode, resolves } from '../oracle.ts';
import { context } from './helpers.ts';

const codes: readonly string[] = rejectionCodes;

interface Tally {
  accepted: number;
  refused: number;
  malformed: number;
}

/** What holds of every outcome: codes that exist, places that exist, values that can be stored. */
function check(request: DialectRequest, tally: Tally): void {
  if (request.outcome === 'malformed') {
    tally.malformed += 1;
    expect(request.status).toBe(requestErrorStatus[request.code]);
    return;
  }
  for (const [index, verdict] of request.verdicts.entries()) {
    if (verdict.accepted) {
      tally.accepted += 1;
      const { event } = verdict;
      expect(event.occurredAtUs).toBeGreaterThanOrEqual(limits.occurredAtUsMin);
      expect(event.occurredAtUs).toBeLessThanOrEqual(receivedAtUs + limits.aheadUsMax);
      expect(event.touchpoint.length * (event.customer ?? event.anonymous ?? '').length).toBeGreaterThan(0);
      expect(/\0|\p{Surrogate}/u.test(JSON.stringify([...Object.values(event)]))).toBe(false);
    } else {
      tally.refused += 1;
      const { rejection, raw } = verdict.rejected;
      expect(rejection.index).toBe(index);
      expect(codes).toContain(rejection.code);
      const node = readNode(raw);
      if (node === undefined) throw new Error(`what is kept of an event is no JSON: ${raw}`);
      expect(resolves(node, rejection.path), `${rejection.path} in ${raw}`).toBe(true);
      expect(raw).not.toContain('secret');
    }
  }
}

const value = fc.oneof(
  { weight: 3, arbitrary: oddText.map((text) => JSON.stringify(text)) },
  { weight: 2, arbitrary: jsonText },
);
const time = fc.constantFrom(
  '"2026-11-21T09:00:00.123456789Z"',
  '"2026-11-21T18:00:00+0900"',
  '"2026-11-21"',
  '"now"',
  '5',
  'null',
);

/** JSON text of an object with some of the given members, mostly likely values, sometimes any; the defaults are added where they are missing. */
function objectOf(
  members: Record<string, fc.Arbitrary<string>>,
  defaults: Record<string, string> = {},
): fc.Arbitrary<string> {
  const member = fc
    .constantFrom(...Object.entries(members))
    .chain(([name, likely]) =>
      fc
        .oneof({ weight: 7, arbitrary: likely }, { weight: 1, arbitrary: value })
        .map((text): [string, string] => [name, text]),
    );
  return fc
    .uniqueArray(member, { maxLength: 7, selector: ([name]) => name })
    .map((list) => Object.entries({ ...defaults, ...Object.fromEntries(list) }))
    .map((list) => `{${list.map(([name, text]) => `${JSON.stringify(name)}: ${text}`).join(' ,')}}`);
}

const id = fc.constantFrom('"u1"', '"u1"', '"u1"', '""', '42', '1.5', 'null', '{}');
const flat = objectOf({ a: value, 'a.b': value, page: value, 'page.url': value, plan: fc.constant('"pro"') });
const own = objectOf({ nps: fc.constantFrom('9', '11'), sentiment: value, account: id, mps: value });

const segmentEvent = objectOf(
  {
    type: fc.constantFrom('"track"', '"identify"', '"group"', '"page"', '"alias"', '"trak"'),
    userId: id,
    anonymousId: id,
    previousId: id,
    groupId: id,
    messageId: id,
    event: fc.constantFrom('"Signed Up"', '""'),
    name: value,
    properties: flat,
    traits: flat,
    timestamp: time,
    originalTimestamp: time,
    sentAt: time,
    writeKey: fc.constant('"secret"'),
    context: objectOf({ page: flat, campaign: flat, traits: flat, groupId: id, michinori: own, library: flat }),
  },
  { type: '"track"', userId: '"u2"', event: '"e"' },
);

const posthogEvent = objectOf(
  {
    event: fc.constantFrom('"e"', '"$identify"', '"$create_alias"', '"$groupidentify"', '"$screen"', '""'),
    distinct_id: id,
    uuid: id,
    timestamp: time,
    offset: fc.constantFrom('1', '-1.5', '1e30', '1e13', 'null', '"x"'),
    api_key: fc.constant('"secret"'),
    $set: flat,
    properties: objectOf({
      distinct_id: id,
      token: fc.constant('"secret"'),
      $set: flat,
      alias: id,
      $anon_distinct_id: id,
      $groups: objectOf({ company: id, project: id }),
      $group_type: fc.constantFrom('"company"', '"project"'),
      $group_key: id,
      $group_set: flat,
      $screen_name: value,
      $is_identified: fc.constantFrom('true', 'false'),
      $michinori: own,
      a: value,
    }),
  },
  { event: '"e"', distinct_id: '"u2"' },
);

const cloudEvent = objectOf(
  {
    specversion: fc.constantFrom('"1.0"', '"0.3"'),
    id,
    source: id,
    type: fc.constant('"t"'),
    subject: id,
    time,
    sequence: fc.constantFrom('1', '"7"', '"x"', '-0'),
    account: id,
    data: fc.oneof(flat, objectOf({ traits: flat, michinori: own, a: value })),
    data_base64: value,
  },
  { specversion: '"1.0"', id: '"1"', source: '"/s"', type: '"t"', subject: '"c"' },
);

const lists = (event: fc.Arbitrary<string>) => fc.array(event, { maxLength: 3 }).map((list) => `[${list.join(',')}]`);
const batch = (event: fc.Arbitrary<string>, sentAt: string) =>
  fc
    .tuple(lists(event), time, fc.boolean())
    .map(([list, sent, hasSent]) => `{"batch":${list}${hasSent ? `,"${sentAt}":${sent}` : ''}}`);

test.each([
  [
    'segment',
    fc.oneof(batch(segmentEvent, 'sentAt'), segmentEvent),
    (body: Uint8Array) => [
      parseSegmentRequest(body, { ...context, call: null }),
      parseSegmentRequest(body, { ...context, call: 'track' }),
    ],
  ],
  [
    'posthog',
    fc.oneof(batch(posthogEvent, 'sent_at'), lists(posthogEvent), posthogEvent),
    (body: Uint8Array) => [parsePosthogRequest(body, context)],
  ],
  [
    'cloudevents',
    fc.oneof(lists(cloudEvent), cloudEvent),
    (body: Uint8Array) => [
      parseCloudEventsRequest(body, { ...context, contentType: 'application/json', headers: {} }),
      parseCloudEventsRequest(body, {
        ...context,
        contentType: 'application/json',
        headers: { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/s', 'ce-type': 't', 'ce-subject': 'c' },
      }),
    ],
  ],
] as const)('%s: every event is accepted, or refused with a code and a place', (_name, text, parse) => {
  const tally: Tally = { accepted: 0, refused: 0, malformed: 0 };
  fc.assert(
    fc.property(text.map(wellFormed), (body) => {
      for (const request of parse(bytes(body))) check(request, tally);
    }),
    runs(1_000),
  );
  expect(tally.accepted).toBeGreaterThan(100);
  expect(tally.refused).toBeGreaterThan(100);
  expect(tally.malformed).toBeGreaterThan(0);
});

test('no bytes, headers and content type make a dialect throw', () => {
  const types = fc.constantFrom(
    null,
    '',
    'application/json',
    'application/cloudevents+json',
    'text/plain',
    'image/png',
    ';;=',
  );
  const headers = fc.dictionary(
    fc.constantFrom('ce-specversion', 'ce-id', 'ce-x', 'ce-data', 'ce-', 'host'),
    fc.string(),
  );
  const prefixed = fc.tuple(fc.constantFrom('', 'data=', 'data=%7B'), scatteredBytes);
  fc.assert(
    fc.property(prefixed, types, headers, fc.option(fc.string()), ([prefix, body], contentType, some, sentAtMs) => {
      const tally: Tally = { accepted: 0, refused: 0, malformed: 0 };
      const sent = Uint8Array.from([...bytes(prefix), ...body]);
      check(parseSegmentRequest(sent, { ...context, call: null }), tally);
      check(parseSegmentRequest(sent, { ...context, call: 'page' }), tally);
      check(parsePosthogRequest(sent, { ...context, sentAtMs }), tally);
      check(parseCloudEventsRequest(sent, { ...context, contentType, headers: some }), tally);
    }),
    runs(1_000),
  );
});
