import {
  type FunnelRequestInput,
  funnelCustomersRequest,
  funnelRequest,
  timeToConvertRequest,
} from '@michinori/queries';
import { describe, expect, it } from 'vitest';

const valid: FunnelRequestInput = {
  steps: [{ touchpoint: 'a' }, { touchpoint: ['b', 'c*'] }],
  window: { value: 14, unit: 'day' },
  from: '2026-01-01T00:00:00Z',
  to: '2026-02-01T00:00:00Z',
};

/** Paths and messages of what is wrong with a request. */
function problems(more: object): string[] {
  const parsed = funnelRequest.safeParse({ ...valid, ...more });
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `/${path.join('/')} ${message}`);
}

describe('funnelRequest', () => {
  it('fills in what is left out', () => {
    expect(funnelRequest.parse(valid)).toMatchObject({
      unit: 'customer',
      order: 'sequential',
      asOf: null,
      timezone: 'UTC',
      exclude: [],
      hold: [],
      breakdown: null,
      trend: null,
      filter: [],
    });
  });

  it.each([
    [{ stepz: [] }, 'Unrecognized key'],
    [{ steps: [] }, '/steps '],
    [{ steps: Array.from({ length: 21 }, () => ({ touchpoint: 'a' })) }, '/steps '],
    [{ steps: [{ touchpoint: 'a', optional: true }] }, '/steps/0/optional the first step'],
    [{ steps: [{ touchpoint: 'a', within: { value: 1, unit: 'day' } }] }, '/steps/0/within the first step'],
    [{ steps: [{ touchpoint: 'a' }, { touchpoint: 'b', optional: true }], order: 'any' }, '/steps/1/optional'],
    [
      { steps: [{ touchpoint: 'a' }, { touchpoint: 'b', atLeast: { value: 1, unit: 'day' } }], order: 'any' },
      '/steps/1/atLeast',
    ],
    [
      { steps: Array.from({ length: 11 }, (_, i) => ({ touchpoint: ['a', `b${i}`] })), order: 'any' },
      '/steps at most 10 steps in any order',
    ],
    [{ window: { value: 0, unit: 'day' } }, '/window must be more than zero'],
    [{ window: { value: 11, unit: 'year' } }, '/window/unit'],
    [{ window: { value: 4000, unit: 'day' } }, '/window must be at most ten years'],
    [{ from: '2026-01-01' }, '/from must be an ISO 8601 time'],
    [{ from: '2026-02-30T00:00:00Z' }, '/from must be an ISO 8601 time'],
    [{ to: '2026-01-01T00:00:00Z' }, '/to must be later'],
    [{ to: '2126-01-01T00:00:00Z' }, '/to must be at most 20 years'],
    [{ to: '2028-01-01T00:00:00Z', trend: { interval: 'hour' } }, '/to is too far away'],
    [{ timezone: 'Mars/Olympus' }, '/timezone must be an IANA'],
    [{ exclude: [{ touchpoint: 'x', after: 2 }] }, '/exclude/0/after must be a smaller'],
    [{ exclude: [{ touchpoint: 'x', before: 3 }] }, '/exclude/0/before there are only 2'],
    [{ exclude: [{ touchpoint: 'x', after: 1 }], order: 'any' }, '/exclude/0/after'],
    [{ hold: ['colour'] }, '/hold/0 must be property:NAME'],
    [{ breakdown: { by: 'channel', attribution: 'step:3' } }, '/breakdown/attribution there are only 2'],
    [{ breakdown: { by: 'channel', bands: [2, 1] } }, '/breakdown/bands must rise'],
    [{ filter: [{ property: 'p', trait: 't', op: 'set' }] }, '/filter/0 names exactly one'],
    [{ filter: [{ op: 'set' }] }, '/filter/0 names exactly one'],
    [{ filter: [{ property: 'p', op: 'set', value: 1 }] }, '/filter/0/value is not taken'],
    [{ filter: [{ property: 'p', op: 'eq' }] }, '/filter/0/value is needed'],
    [{ filter: [{ property: 'p', op: 'in', value: 'x' }] }, '/filter/0/value must be a list'],
    [{ filter: [{ property: 'p', op: 'eq', value: ['x'] }] }, '/filter/0/value must be one value'],
    [{ filter: [{ property: 'p', op: 'gt', value: '0x10' }] }, '/filter/0/value must be a number'],
    [{ filter: [{ property: 'p', op: 'regex', value: 'a'.repeat(513) }] }, '/filter/0/value must be a pattern'],
  ])('refuses %j', (more, message) => {
    expect(
      problems(more).some((problem) => problem.includes(message)),
      problems(more).join('\n'),
    ).toBe(true);
  });

  it('takes times with any zone and fractions down to the microsecond', () => {
    expect(problems({ from: '2026-01-01T09:00:00.000001+09:00' })).toEqual([]);
  });
});

describe('the other requests', () => {
  it('measure forwards between steps that exist, without a trend', () => {
    const parse = (more: object) =>
      timeToConvertRequest.safeParse({ ...valid, fromStep: 1, toStep: 2, ...more }).success;
    expect(parse({})).toBe(true);
    expect(parse({ toStep: 1 })).toBe(false);
    expect(parse({ toStep: 3 })).toBe(false);
    expect(parse({ trend: { interval: 'day' } })).toBe(false);
    expect(parse({ segment: 'x' })).toBe(false);
  });

  it('ask for customers of one segment and one bucket', () => {
    const parse = (more: object) => funnelCustomersRequest.safeParse({ ...valid, step: 1, ...more }).success;
    expect(parse({})).toBe(true);
    expect(parse({ step: 3 })).toBe(false);
    expect(parse({ breakdown: { by: 'channel' } })).toBe(false);
    expect(parse({ breakdown: { by: 'channel' }, segment: '' })).toBe(true);
    expect(parse({ trend: { interval: 'day' } })).toBe(false);
    expect(parse({ trend: { interval: 'day' }, bucket: '2026-01-01T00:00:00Z' })).toBe(true);
  });
});
