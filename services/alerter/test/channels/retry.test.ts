import { describe, expect, it } from 'vitest';
import { connectionFailure } from '../../src/channels/http/connection-failure.ts';
import { ForbiddenAddressError, UnresolvedNameError } from '../../src/channels/http/guarded-lookup.ts';
import { outcomeOfAnswer } from '../../src/channels/http/outcome-of-answer.ts';
import { retryAfterMs } from '../../src/channels/http/retry-after.ts';
import {
  afterFailure,
  chanceOf,
  jitterShareMax,
  messageSchedule,
  pauseMsMax,
  webhookSchedule,
} from '../../src/channels/retry-schedule.ts';

const failure = { reason: 'timeout', detail: 'after 1 ms' } as const;
const hours = (count: number) => count * 3_600_000;

describe('the schedule', () => {
  it('of webhooks is the one of the specification', () => {
    let sinceMs = 0;
    const starts = [0, ...webhookSchedule.map((pauseMs) => (sinceMs += pauseMs))].map((ms) => ms / 1000);
    const clock = (text: string) => text.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0);
    expect(starts).toEqual(
      [
        ...['00:00:00', '00:00:05', '00:05:05', '00:35:05', '02:35:05'],
        ...['07:35:05', '17:35:05', '31:35:05', '51:35:05', '75:35:05'],
      ].map(clock),
    );
  });

  it('of messages to people ends the same day', () => {
    expect(messageSchedule.reduce((sum, pauseMs) => sum + pauseMs, 0)).toBeLessThan(hours(4));
  });

  it('is stretched by less than its jitter, never shortened, and by the same for the same attempt', () => {
    const shares = Array.from({ length: 500 }, (_, i) => {
      const after = () => afterFailure([10_000], { id: `n${i}`, attempt: 1, failure });
      const outcome = after();
      expect(after()).toEqual(outcome);
      return outcome.outcome === 'retry' ? outcome.afterMs / 10_000 - 1 : Number.NaN;
    });
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...shares)).toBeLessThanOrEqual(jitterShareMax + 0.0001);
    expect(Math.max(...shares)).toBeGreaterThan(jitterShareMax * 0.95);
    expect(shares.filter((share) => share < jitterShareMax / 2).length).toBeGreaterThan(200);
  });

  it('spreads the attempts of one notification, too', () => {
    expect(new Set(Array.from({ length: 10 }, (_, attempt) => chanceOf(`n ${attempt}`))).size).toBe(10);
  });

  it('ends after one attempt more than it has pauses', () => {
    const outcomes = [1, 2, 3].map((attempt) => afterFailure([1, 2], { id: 'n', attempt, failure }).outcome);
    expect(outcomes).toEqual(['retry', 'retry', 'refused']);
    expect(afterFailure([], { id: 'n', attempt: 1, failure })).toEqual({
      outcome: 'refused',
      reason: 'attempts_exhausted',
      detail: 'attempt 1: timeout: after 1 ms',
    });
  });

  it('is lengthened by what the receiver asks for, within a day, and never shortened', () => {
    const after = (atLeastMs: number) => afterFailure([10_000], { id: 'n', attempt: 1, failure, atLeastMs });
    expect(after(60_000)).toMatchObject({ afterMs: 60_000, isPause: true });
    expect(after(hours(1000))).toMatchObject({ afterMs: pauseMsMax });
    expect(after(0)).toMatchObject({ afterMs: expect.closeTo(11_000, -3.5), isPause: true });
    expect(afterFailure([10_000], { id: 'n', attempt: 1, failure })).not.toHaveProperty('isPause');
  });
});

describe('Retry-After', () => {
  const nowMs = Date.UTC(2026, 0, 1);
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Thursday, 01-Jan-26 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['-1', null],
    ['1.5', null],
    ['2026-01-02', null],
    ['soon', null],
    ['', null],
    [null, null],
  ])('%j is %j ms', (value, ms) => {
    expect(retryAfterMs(value, nowMs)).toBe(ms);
  });
});

describe('an answer', () => {
  const outcome = (status: number, text = '', retryAfter: string | null = null) =>
    outcomeOfAnswer(
      { outcome: 'answered', status, retryAfter, text },
      { id: 'n', attempt: 1, schedule: [1000], nowMs: 0, final: { 410: 'receiver_gone' } },
    );

  it.each([200, 201, 202, 204, 299])('%d is a delivery', (status) => {
    expect(outcome(status)).toEqual({ outcome: 'delivered' });
  });

  it.each([300, 301, 302, 303, 304, 307, 308])('%d is refused: redirects are not followed', (status) => {
    expect(outcome(status)).toEqual({ outcome: 'refused', reason: 'redirected', detail: String(status) });
  });

  it.each([400, 401, 404, 408, 422, 500, 502, 503, 504])('%d is tried again', (status) => {
    expect(outcome(status)).toMatchObject({ outcome: 'retry', reason: 'status_unexpected' });
  });

  it('429 is tried again when it says', () => {
    expect(outcome(429, '', '30')).toEqual({
      ...{ outcome: 'retry', reason: 'rate_limited', detail: '429' },
      ...{ afterMs: 30_000, isPause: true },
    });
    expect(outcome(503, '', '30')).toMatchObject({ afterMs: 30_000, isPause: true });
  });

  it('that is final for its kind of receiver is refused', () => {
    expect(outcome(410)).toMatchObject({ outcome: 'refused', reason: 'receiver_gone' });
  });

  it('is quoted in one short line', () => {
    expect(outcome(500, ` a\n"b"\u001b[31m ${'x'.repeat(500)}`)).toMatchObject({
      detail: expect.stringMatching(/^500 "a \\"b\\"\\u001b\[31m x{100,190}"$/),
    });
  });
});

describe('a broken connection', () => {
  const error = (code: string, message = 'broken') => Object.assign(new Error(message), { code });

  it.each([
    ['a refused connection', error('ECONNREFUSED'), false, 'connect_failed'],
    ['a reset afterwards', error('ECONNRESET'), true, 'connection_lost'],
    ['a certificate of somebody else', error('ERR_TLS_CERT_ALTNAME_INVALID'), false, 'tls_failed'],
    ['an unknown issuer', error('DEPTH_ZERO_SELF_SIGNED_CERT'), false, 'tls_failed'],
    ['an old certificate', error('CERT_HAS_EXPIRED'), false, 'tls_failed'],
    ['no TLS on the other side', error('EPROTO'), false, 'tls_failed'],
    ['an unknown name', new UnresolvedNameError('x'), false, 'name_unresolved'],
    ['a forbidden address', new ForbiddenAddressError('x'), false, 'address_forbidden'],
  ])('by %s', (_what, cause, isConnected, reason) => {
    expect(connectionFailure(cause, isConnected)).toMatchObject({ reason });
  });

  it('says what happened at each of several addresses', () => {
    const both = Object.assign(new AggregateError([error('E', 'one'), error('E', 'two')]), { code: 'ECONNREFUSED' });
    expect(connectionFailure(both, false)).toEqual({ reason: 'connect_failed', detail: 'one; two' });
  });
});
