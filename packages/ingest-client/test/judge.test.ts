import { describe, expect, it } from 'vitest';
import { judge } from '../src/judge.ts';

const batch = ['a', 'b'].map((id) => ({ text: `{"id":"${id}"}`, bytes: 10 }));
const verdict = (status: number, body: unknown, retryAfter: string | null = null) =>
  judge({ status, retryAfter, text: typeof body === 'string' ? body : JSON.stringify(body) }, batch, 60_000);
const rejection = { index: 1, id: 'b', code: 'number_out_of_range', path: '/nps', message: 'is 11' };

describe('what an answer means', () => {
  it('accepted', () => {
    expect(verdict(202, { accepted: 2, rejected: [] })).toEqual({ outcome: 'settled', failures: [] });
  });

  it('some or all rejected, each with its code', () => {
    const failure = { code: 'number_out_of_range', message: 'is 11', status: 202, path: '/nps', events: [{ id: 'b' }] };
    expect(verdict(202, { accepted: 1, rejected: [rejection] })).toEqual({ outcome: 'settled', failures: [failure] });
    const both = verdict(422, { accepted: 0, rejected: [rejection, { ...rejection, index: 0 }] });
    expect(both).toMatchObject({ failures: [{ events: [{ id: 'b' }], status: 422 }, { events: [{ id: 'a' }] }] });
  });

  it.each([
    ['a page of a proxy', 200, '<html>'],
    ['an empty answer', 202, ''],
    ['another count', 202, { accepted: 1, rejected: [] }],
    ['an event that was not sent', 202, { accepted: 1, rejected: [{ ...rejection, index: 2 }] }],
    ['one event twice', 202, { accepted: 0, rejected: [rejection, rejection] }],
    ['nothing in the list', 202, { accepted: 1, rejected: [null] }],
    ['no list', 202, { accepted: 2 }],
    ['another status', 200, { accepted: 2, rejected: [] }],
    ['a redirect', 302, ''],
    ['a redirect in a browser', 0, ''],
    ['a code without a refusal', 204, { code: 'x', detail: 'y' }],
    ['a refusal without a code', 404, 'Not found'],
    ['a number', 400, '7'],
  ])('%s is no delivery: unexpected_answer, with all events', (_name, status, body) => {
    const failures = [{ code: 'unexpected_answer', status, path: null, events: [{ id: 'a' }, { id: 'b' }] }];
    expect(verdict(status, body)).toMatchObject({ outcome: 'settled', failures });
  });

  it.each([400, 401, 403, 404, 415, 422])('%i is for good', (status) => {
    const failures = [{ code: 'some_code', message: 'Why.', status, events: [{ id: 'a' }, { id: 'b' }] }];
    expect(verdict(status, { code: 'some_code', detail: 'Why.' })).toMatchObject({ outcome: 'settled', failures });
  });

  it.each([408, 425, 429, 500, 502, 503, 504, 529])('%i passes', (status) => {
    expect(verdict(status, { code: 'x', detail: 'Why.' })).toEqual({
      outcome: 'retry',
      reason: `${status} Why.`,
      retryAfterMs: 0,
    });
  });

  it('Retry-After is read as seconds or as a date', () => {
    const waits = ['3', 'Thu, 01 Jan 1970 00:01:10 GMT', 'Thu, 01 Jan 1970 00:00:10 GMT', 'soon'];
    expect(waits.map((header) => verdict(503, '', header))).toMatchObject(
      [3_000, 10_000, 0, 0].map((retryAfterMs) => ({ retryAfterMs })),
    );
  });

  it('too large: split while there is something to split', () => {
    expect(verdict(413, { code: 'request_too_large' })).toEqual({ outcome: 'split' });
    expect(judge({ status: 413, retryAfter: null, text: '' }, batch.slice(1), 0)).toMatchObject({ outcome: 'settled' });
  });
});
