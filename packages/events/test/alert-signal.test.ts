import { type AlertSignal, decodeAlertSignal, decodeSignal, encodeAlertSignal } from '@michinori/events';
import { describe, expect, it } from 'vitest';
import { bytes } from './helpers.ts';

const firing: AlertSignal = {
  kind: 'alert',
  id: 'd3702f8babf21af6559cab725dda9c73',
  revision: 1,
  retracted: false,
  announcedAtUs: 1_795_165_201_000_000,
  alert: 'trial-drop-off',
  journey: 'buying',
  stage: 'trial',
  segment: { by: 'plan', value: '' },
  touchpoint: null,
  alertKind: 'stage-drop-off',
  state: 'firing',
  severity: 'critical',
  startedAtUs: 1_795_165_200_000_000,
  resolvedAtUs: null,
  k: 42,
  n: 120,
  rate: 0.35,
  usualRate: 0.2,
  lo: 0.27,
  hi: 0.44,
  lift: 1.75,
  q: 0.0031,
  title: { en: 'Trial', ja: '試用' },
  text: { en: '42 of 120' },
  boardUrl: '',
  customersUrl: '',
  customersPath: '/v1/journeys/buying/customers?stage=trial',
  runbookUrl: null,
};
const resolved: AlertSignal = {
  ...firing,
  ...{ state: 'resolved', resolvedAtUs: firing.startedAtUs + 1, segment: null, touchpoint: 'page.pricing' },
  ...{ k: null, n: null, rate: null, usualRate: null, lo: null, hi: null, lift: null, q: null },
  runbookUrl: 'https://wiki.example.com/',
};
const changed = (change: Record<string, unknown>) =>
  decodeAlertSignal(
    bytes(JSON.stringify({ ...JSON.parse(Buffer.from(encodeAlertSignal(firing)).toString()), ...change })),
  );

describe('an alert among the signals', () => {
  it('comes back identical, whatever the order of its members', () => {
    for (const signal of [firing, resolved]) {
      const record = encodeAlertSignal(signal);
      expect(decodeAlertSignal(record)).toEqual(signal);
      const turned = Object.fromEntries(Object.entries(signal).reverse()) as unknown as AlertSignal;
      expect(encodeAlertSignal(turned)).toEqual(record);
    }
  });

  it.each([
    ['an id that is none', { id: 'x' }, '/id'],
    ['a second revision', { revision: 2 }, '/revision'],
    ['what is taken back', { retracted: true }, '/retracted'],
    ['a state that does not exist', { state: 'pending' }, '/state'],
    ['an end while it fires', { resolvedAtUs: firing.startedAtUs }, '/resolvedAtUs'],
    ['a figure as text', { rate: '0.35' }, '/rate'],
    ['a segment as text', { segment: 'plan:pro' }, '/segment'],
    ['a segment without a value', { segment: { by: 'plan' } }, '/segment'],
    ['no title', { title: {} }, '/title'],
    ['a text that is none', { text: { en: 1 } }, '/text'],
    ['a member more', { more: 1 }, '/more'],
    ['another kind', { kind: 'stage-transition' }, '/kind'],
  ])('refuses %s', (_, change, path) => {
    expect(changed(change)).toMatchObject({ kind: 'undecodable', message: expect.stringContaining(`"${path}`) });
  });

  it('refuses what lacks a member', () => {
    for (const name of Object.keys(firing))
      expect(changed({ [name]: undefined }), name).toMatchObject({ kind: 'undecodable' });
  });

  it('is left out by readers of transitions, and leaves them out', () => {
    expect(decodeSignal(encodeAlertSignal(firing))).toMatchObject({ kind: 'undecodable' });
    expect(decodeAlertSignal(new Uint8Array([0xff]))).toMatchObject({ code: 'envelope_malformed' });
    expect(changed({ v: 2 })).toMatchObject({ code: 'envelope_version_unknown' });
  });
});
