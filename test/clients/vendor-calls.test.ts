import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { CloudEvent, emitterFor, httpTransport } from 'cloudevents';
import { PostHog } from 'posthog-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningIngest, startIngest } from './ingest.ts';
import { posthogClient } from './posthog-client.ts';
import { rudderStackClient } from './rudderstack-client.ts';
import { segmentClient } from './segment-client.ts';
import { recordedSession } from './session.ts';

const hourUs = 3_600e6;
let ingest: RunningIngest;
beforeEach(async () => {
  ingest = await startIngest();
});
afterEach(() => ingest.close());

const told = async () =>
  (await ingest.events())
    .map(({ event }) => ({
      ...{ touchpoint: event.touchpoint, customer: event.customer, anonymous: event.anonymous, account: event.account },
      traits: Object.fromEntries(event.traits),
    }))
    .sort((a, b) => (a.touchpoint < b.touchpoint ? -1 : 1));

describe('calls with what the library adds by itself', () => {
  it('Segment: screen and page without a name, ids and times of the library', async () => {
    const before = Date.now() * 1_000;
    const analytics = new Analytics({ writeKey: ingest.key, host: ingest.url, flushInterval: 10 });
    analytics.screen({ anonymousId: 'a', name: 'Main' });
    analytics.page({ userId: 'c', category: 'Docs', properties: { url: '/docs' } });
    await analytics.closeAndFlush();
    const events = (await ingest.events()).map(({ event }) => event);
    expect(events.map(({ touchpoint }) => touchpoint)).toEqual(['page.Main', 'page.viewed']);
    expect(Object.fromEntries(events[1]?.properties ?? [])).toEqual({ url: '/docs', category: 'Docs' });
    for (const { id, occurredAtUs } of events) {
      expect(id).toMatch(/^node-next-/);
      expect(occurredAtUs).toBeGreaterThanOrEqual(before);
    }
  });

  it('RudderStack: without gzip, a number as user, a time of the library', async () => {
    const before = Date.now() * 1_000;
    const analytics = new RudderAnalytics(ingest.key, { dataPlaneUrl: ingest.url, gzip: false });
    const message = {
      userId: 42 as unknown as string,
      event: 'e',
      properties: { at: new Date('2026-01-05T09:00:00Z') },
    };
    analytics.track(message);
    await analytics.flush();
    await new Promise<void>((resolve) => void analytics.flush(() => resolve()));
    const [first] = await ingest.events();
    expect(first).toMatchObject({ dialect: 'rudderstack', event: { customer: '42', channel: 'server' } });
    expect(first?.event.occurredAtUs).toBeGreaterThanOrEqual(before);
    expect(Object.fromEntries(first?.event.properties ?? [])).toEqual({ at: '2026-01-05T09:00:00.000Z' });
  });

  it('PostHog: identify, alias, groupIdentify, a capture with groups, one that is sent at once', async () => {
    const posthog = new PostHog(ingest.key, { host: ingest.url });
    posthog.identify({ distinctId: 'c', properties: { plan: 'pro' } });
    posthog.alias({ distinctId: 'c', alias: 'old' });
    posthog.groupIdentify({
      groupType: 'company',
      groupKey: 'acme',
      properties: { industry: 'retail' },
      distinctId: 'c',
    });
    posthog.capture({ distinctId: 'c', event: 'with group', groups: { company: 'acme', project: 'p' } });
    await posthog.captureImmediate({ distinctId: 'c', event: 'at once' });
    await posthog.shutdown();
    const common = { customer: 'c', anonymous: null, account: null, traits: {} };
    expect(await told()).toEqual([
      { ...common, touchpoint: 'at once' },
      { ...common, touchpoint: 'identity.alias' },
      { ...common, touchpoint: 'identity.grouped', account: 'acme', traits: { industry: 'retail' } },
      { ...common, touchpoint: 'identity.identified', traits: { plan: 'pro' } },
      { ...common, touchpoint: 'with group', account: 'acme' },
    ]);
    expect(await ingest.deadLetters()).toEqual([]);
  });

  it('PostHog: asking for feature flags has an answer, and no error', async () => {
    const posthog = new PostHog(ingest.key, { host: ingest.url });
    const errors: string[] = [];
    posthog.on('error', (error: unknown) => errors.push(String(error)));
    expect(await posthog.isFeatureEnabled('new-board', 'c')).toBeFalsy();
    expect(await posthog.getAllFlags('c')).toEqual({});
    await posthog.shutdown();
    expect(errors).toEqual([]);
    expect(ingest.statuses.filter((status) => status !== 200)).toEqual([]);
  });

  it('CloudEvents: the transport of the library brings events too, where no keys are in use or the caller adds one', async () => {
    const emit = emitterFor(httpTransport(`${ingest.url}/v1/cloudevents`));
    const event = new CloudEvent({ type: 'contract.signed', source: '/crm', subject: 'c', data: { seats: 5 } });
    await emit(event, { headers: { authorization: `Bearer ${ingest.key}` } });
    const [first] = await ingest.events();
    expect(first?.event).toMatchObject({ id: `/crm ${event.id}`, customer: 'c', touchpoint: 'contract.signed' });
  });
});

it.each([segmentClient, rudderStackClient, posthogClient])(
  '$name: a clock that is an hour behind is corrected for the whole request',
  async (client) => {
    const ahead = await startIngest({}, hourUs);
    try {
      const open = client.open(ahead);
      const steps = recordedSession('s');
      for (const step of steps) open.send(step);
      await open.settle();
      const events = (await ahead.events()).sort((a, b) => a.event.occurredAtUs - b.event.occurredAtUs);
      expect(events).toHaveLength(12);
      for (const [index, { event }] of events.entries()) {
        const shift = event.occurredAtUs - Date.parse(steps[index]?.at ?? '') * 1_000;
        expect(shift).toBeGreaterThanOrEqual(hourUs);
        expect(shift).toBeLessThan(hourUs + 60e6);
      }
    } finally {
      await ahead.close();
    }
  },
);

it('metrics say what each dialect brought', async () => {
  for (const client of [segmentClient, rudderStackClient, posthogClient]) {
    const open = client.open(ingest);
    for (const step of recordedSession(client.dialect)) open.send(step);
    await open.settle();
  }
  for (const dialect of ['segment', 'rudderstack', 'posthog']) expect(await ingest.accepted(dialect)).toBe(12);
});
