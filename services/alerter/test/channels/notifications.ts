import { type Notification, notificationId } from '../../src/index.ts';

export const startUs = Date.UTC(2026, 10, 20, 9) * 1000;
export const minuteUs = 60_000_000;

/** A notification as an evaluation would make it; the id follows from the facts. */
export function notification(given: Partial<Omit<Notification, 'id'>> = {}): Notification {
  const state = given.state ?? 'firing';
  const members = {
    alert: 'trial-drop-off',
    journey: 'buying',
    stage: 'trial',
    segment: { by: 'plan', value: 'pro' },
    touchpoint: null,
    kind: 'drop_off',
    state,
    severity: 'page',
    startedAtUs: startUs,
    resolvedAtUs: state === 'resolved' ? startUs + 90 * minuteUs : null,
    ...{ k: 42, n: 120, rate: 0.35, usualRate: 0.2, lo: 0.27, hi: 0.44, lift: 1.75, q: 0.0031 },
    title: { en: 'Drop-off of trial is up', ja: 'トライアルの離脱が増加' },
    text: { en: '42 of 120 did not go on within 7 days.', ja: '7日以内に120人中42人が次に進みませんでした。' },
    boardUrl: 'https://board.example.com/journeys/buying?stage=trial&by=plan',
    customersUrl: 'https://board.example.com/customers?stage=trial',
    customersPath: '/v1/journeys/buying/customers?stage=trial',
    runbookUrl: null,
    ...given,
  };
  return { id: notificationId(members), ...members };
}

/** The beginning and the end of one episode. */
export function episode(given: Partial<Omit<Notification, 'id' | 'state'>> = {}): [Notification, Notification] {
  return [notification(given), notification({ ...given, state: 'resolved' })];
}
