import {
  type ParsedRequest,
  parseNativeRequest,
  type RequestContext,
  type RequestErrorCode,
  requestErrorStatus,
} from '@michinori/events';
import { describe, expect, test } from 'vitest';
import { acceptedEvent, bytes, context, eventText, outcomeOf, receivedAtUs } from './helpers.ts';

function parse(body: string | Uint8Array, more: Partial<RequestContext> = {}): ParsedRequest {
  return parseNativeRequest(typeof body === 'string' ? bytes(body) : body, { ...context, ...more });
}

function outcomes(request: ParsedRequest): string | string[] {
  return request.outcome === 'malformed' ? `${request.code} ${request.path}`.trim() : request.verdicts.map(outcomeOf);
}

const one = eventText();
const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('the forms of a request', () => {
  test.each([
    ['one event', one, 1],
    ['an array', `[${one}, ${one}]`, 2],
    ['a batch', `{"sentAt":null,"events":[${one},${one},${one}]}`, 3],
    ['a byte order mark', `\ufeff${one}`, 1],
    ['white space around', `\r\n\t ${one} \n`, 1],
  ])('%s', (_, body, count) => {
    expect(outcomes(parse(body))).toEqual(Array.from({ length: count }, () => 'accepted'));
  });

  test.each([
    null,
    '',
    'text/plain',
    'application/octet-stream',
    'application/x-www-form-urlencoded',
    'application/x-ndjson',
    'application/jsonl; charset=UTF-8',
  ])('one event per line as %s', (contentType) => {
    expect(outcomes(parse(`${one}\r\n\n${one}\n  \n`, { contentType }))).toEqual(['accepted', 'accepted']);
  });

  test('all fields arrive', () => {
    const event = acceptedEvent(
      `{"id":"evt-1","customer":"acme-42","anonymous":"a-9f3","account":"acme","touchpoint":"app.first_login","channel":"app","team":"product",
        "direction":"inbound","topic":"onboarding","occurredAt":"2026-11-21T18:00:00.123456+09:00","sequence":7,"sentiment":0.4,"nps":9,
        "amount":{"value":"1200.00","currency":"JPY"},"properties":{"page":"/setup"},"traits":{"plan":"pro"}}`,
    );
    expect(event).toEqual({
      id: 'evt-1',
      customer: 'acme-42',
      anonymous: 'a-9f3',
      account: 'acme',
      touchpoint: 'app.first_login',
      channel: 'app',
      team: 'product',
      direction: 'inbound',
      topic: 'onboarding',
      occurredAtUs: Date.UTC(2026, 10, 21, 9) * 1_000 + 123_456,
      receivedAtUs,
      sequence: 7,
      sentiment: 0.4,
      nps: 9,
      amount: { value: '1200.00', currency: 'JPY' },
      properties: new Map([['page', '/setup']]),
      traits: new Map([['plan', 'pro']]),
    });
  });

  test('a missing id is generated once per event, a missing occurredAt is the receipt', () => {
    let made = 0;
    const request = parse(
      '[{"customer":"c","touchpoint":"t"},{"touchpoint":"t"},{"anonymous":"a","touchpoint":"t","id":null}]',
      {
        newId: () => `id-${++made}`,
      },
    );
    if (request.outcome === 'malformed') throw new Error(request.message);
    const ids = request.verdicts.flatMap((verdict) =>
      verdict.accepted ? [[verdict.event.id, verdict.event.occurredAtUs]] : [],
    );
    expect(ids).toEqual([
      ['id-1', receivedAtUs],
      ['id-2', receivedAtUs],
    ]);
    expect(made).toBe(2);
  });
});

describe('clock skew', () => {
  const occurred = (sentAt: string, occurredAt: string | null): number | string => {
    const time = occurredAt === null ? '' : `"occurredAt":"${occurredAt}"`;
    const request = parse(`{"events":[${eventText(time)}],"sentAt":"${sentAt}"}`);
    if (request.outcome === 'malformed') return request.code;
    const verdict = request.verdicts[0];
    return verdict?.accepted
      ? (verdict.event.occurredAtUs - receivedAtUs) / 1e6
      : verdict === undefined
        ? ''
        : outcomeOf(verdict);
  };

  test('up to 60 s nothing is corrected, beyond it every event is shifted by the whole difference', () => {
    expect(occurred('2026-11-21T09:59:00Z', '2026-11-21T09:58:50Z')).toBe(-70);
    expect(occurred('2026-11-21T10:01:00Z', '2026-11-21T10:00:50Z')).toBe(50);
    expect(occurred('2026-11-21T09:58:59Z', '2026-11-21T09:58:49Z')).toBe(-10);
    expect(occurred('2026-11-21T10:01:00.000001Z', '2026-11-21T10:00:50.000001Z')).toBe(-10);
  });

  test('the range is judged after the shift', () => {
    expect(occurred('1970-01-01T00:05:00Z', '1970-01-01T00:04:00Z')).toBe(-60);
    expect(occurred('2040-01-01T00:00:00Z', '2039-12-31T23:59:59Z')).toBe(-1);
    expect(occurred('2026-11-21T12:00:00Z', '1980-01-01T01:00:00Z')).toBe('time_out_of_range /occurredAt');
  });

  test('an event without occurredAt is not shifted', () => {
    expect(occurred('2031-01-01T00:00:00Z', null)).toBe(0);
  });

  test('sentAt may come before or after the events', () => {
    const event = eventText('"occurredAt":"2031-01-01T00:00:00Z"');
    const first = parse(`{"sentAt":"2031-01-01T00:00:00Z","events":[${event}]}`);
    expect(first).toEqual(parse(`{"events":[${event}],"sentAt":"2031-01-01T00:00:00Z"}`));
    expect(outcomes(first)).toEqual(['accepted']);
  });
});

const malformed: readonly (readonly [RequestErrorCode, string, string | Uint8Array, string?])[] = [
  ['empty_body', '', ''],
  ['empty_body', '', ' \n '],
  ['empty_body', '', '\ufeff'],
  ['empty_body', '', '\n\n', 'application/x-ndjson'],
  ['invalid_utf8', '', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)],
  ['invalid_utf8', '', Uint8Array.of(0xed, 0xa0, 0x80)],
  ['invalid_utf8', '', Uint8Array.of(0xff, 0xfe, 0x7b, 0)],
  ['invalid_json', '', '{"touchpoint":NaN}'],
  ['invalid_json', '', '{"touchpoint":Infinity}'],
  ['invalid_json', '', `[${one},]`],
  ['invalid_json', '', `{"customer":"c",}`],
  ['invalid_json', '', `{"events":[${one}]`],
  ['invalid_json', '', `${one}\n${one}`],
  ['invalid_json', '', `${one}${one}`, 'text/plain'],
  ['invalid_json', '', `{\n"customer":"c"}\n${one}`, 'text/plain'],
  ['invalid_json', '', `[${one}]\n[${one}]`, 'text/plain'],
  ['invalid_json', '', '{"a":"\u0001"}'],
  ['invalid_json', '', '{"a":"\\x"}'],
  ['invalid_json', '', '[01]'],
  ['invalid_json', '', '\ufeff\ufeff{}'],
  ['invalid_json', '', '['.repeat(4_000_000)],
  ['invalid_json', '', '{"a":'.repeat(800_000)],
  ['wrong_type', '', '"text"'],
  ['wrong_type', '', '1e999'],
  ['wrong_type', '/events', '{"events":{}}'],
  ['wrong_type', '/events', '{"events":null}'],
  ['no_events', '', '[]'],
  ['no_events', '/events', '{"events":[]}'],
  ['unknown_field', '/sendAt', `{"events":[${one}],"sendAt":"2026-11-21T09:00:00Z"}`],
  ['duplicate_name', '/events', `{"events":[${one}],"events":[${one}]}`],
  ['duplicate_name', '/events', `{"events":1,"events":[${one}]}`],
  ['duplicate_name', '/sentAt', `{"sentAt":null,"events":[${one}],"sentAt":"2026-11-21T09:00:00Z"}`],
  ['invalid_sent_at', '/sentAt', `{"events":[${one}],"sentAt":1732180000}`],
  ['invalid_sent_at', '/sentAt', `{"events":[${one}],"sentAt":"2026-11-21"}`],
  ['invalid_sent_at', '/sentAt', `{"events":[${one}],"sentAt":"9999-01-01T00:00:00Z"}`],
  ['request_too_large', '', ' '.repeat(4 * 1_048_576 + 1)],
  ['too_many_events', '', `[${'1,'.repeat(5_000)}1]`],
  ['too_many_events', '/events', `{"events":[${'1,'.repeat(5_000)}1]}`],
  ['too_many_events', '', '1\n'.repeat(5_001), 'application/x-ndjson'],
  ['unsupported_media_type', '', one, 'text/csv'],
  ['unsupported_media_type', '', one, 'application/cloudevents+json'],
  ['unsupported_charset', '', one, 'application/json; charset=shift_jis'],
];

describe('a request that is refused as a whole', () => {
  test.each(malformed.map(([code, path, body, type]) => [code, path, { body, type }] as const))(
    '%s at "%s" #%#',
    (code, path, { body, type }) => {
      const request = parse(body, type === undefined ? {} : { contentType: type });
      expect(outcomes(request)).toBe(`${code} ${path}`.trim());
      expect(request.outcome === 'malformed' && request.status).toBe(requestErrorStatus[code]);
    },
  );

  test('every code occurs here', () => {
    expect(new Set(malformed.map(([code]) => code))).toEqual(new Set(Object.keys(requestErrorStatus)));
  });

  test('the message says where', () => {
    const message = (body: string | Uint8Array): string => {
      const request = parse(body);
      return request.outcome === 'malformed' ? request.message : '';
    };
    expect(message('{\n "a": tru }')).toContain('line 2, column 7');
    expect(message(Uint8Array.of(0xef, 0xbf, 0xbd, 0xc3, 0xa9, 0x80))).toContain('byte 5 ');
    expect(message(Uint8Array.of(0x22, 0xe3, 0x81))).toContain('byte 1 ');
    expect(message(Uint8Array.of(0xff, 0xfe, 0x7b, 0))).toContain('UTF-16');
    expect(message(`{"events":[${one}],"sendAt":1}`)).toContain('"sentAt"');
    expect(message(`${one}\n${one}`)).toContain('application/x-ndjson');
  });

  test('limits are inclusive: 5 000 events, 4 MiB, any depth that closes', () => {
    expect(outcomes(parse(`[${'1,'.repeat(4_999)}1]`))).toHaveLength(5_000);
    expect(outcomes(parse(one.padEnd(4 * 1_048_576)))).toEqual(['accepted']);
    expect(outcomes(parse(`[${one},{"a":${deep(400_000)}}]`))).toEqual(['accepted', 'unknown_field /a']);
    expect(outcomes(parse(deep(400_000)))).toEqual(['not_an_object']);
    expect(outcomes(parse(`[${'{"a":'.repeat(100_000)}[{}, 1, "x"]${'}'.repeat(100_000)},${one}]`))).toEqual([
      'unknown_field /a',
      'accepted',
    ]);
  });
});
