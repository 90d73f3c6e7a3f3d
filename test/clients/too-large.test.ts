import { PostHog } from 'posthog-node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cloudEventsBatchClient } from './cloudevents-client.ts';
import { type RunningIngest, startIngest } from './ingest.ts';
import { nativeClient } from './native-client.ts';
import { posthogClient } from './posthog-client.ts';
import { rudderStackClient } from './rudderstack-client.ts';
import { segmentClient } from './segment-client.ts';
import type { Step } from './session.ts';

let ingest: RunningIngest;
beforeEach(async () => {
  // posthog-node also writes what it reports.
  vi.spyOn(console, 'error').mockReturnValue();
  ingest = await startIngest();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await ingest.close();
});

/** A track whose text has about so many bytes, in properties of the greatest length that is kept. */
function track(id: string, bytes: number): Step {
  const parts = Array.from({ length: Math.ceil(bytes / 65_536) }, (_, part) => [
    `part${part}`,
    'x'.repeat(Math.min(65_536, bytes)),
  ]);
  return {
    kind: 'track',
    id,
    at: '2026-01-05T09:00:00Z',
    customer: 'c',
    name: id,
    properties: Object.fromEntries(parts),
  };
}

const mib = 2 ** 20;
const stored = async () => (await ingest.events()).map(({ event }) => event.touchpoint).sort();
const refused = async () => (await ingest.deadLetters()).map(({ rejected }) => rejected.rejection.code);

describe('nothing that is too large vanishes silently', () => {
  it('an event above 1 MiB is a dead letter, the others are stored', async () => {
    for (const client of [segmentClient, rudderStackClient, posthogClient, cloudEventsBatchClient, nativeClient]) {
      const open = client.open(ingest);
      for (const step of [track('small', 10), track('large', 1.5 * mib), track('last', 10)]) {
        open.send({ ...step, id: `${client.name} ${step.id}` });
      }
      await open.settle();
      expect([client.name, open.errors]).toEqual([client.name, []]);
    }
    expect(await stored()).toEqual([...Array(5).fill('last'), ...Array(5).fill('small')]);
    expect(await refused()).toEqual(Array(5).fill('event_too_large'));
  });

  it('Segment’s client reports every event of a request above 4 MiB', async () => {
    const open = segmentClient.open(ingest);
    for (let n = 0; n < 5; n += 1) open.send(track(`part${n}`, 0.9 * mib));
    await open.settle();
    expect(ingest.statuses).toEqual([413]);
    expect(open.errors).toEqual(Array(5).fill('delivery_failure: [413] Payload Too Large'));
    expect(await stored()).toEqual([]);
  });

  it('RudderStack’s client reports a request above 4 MiB to its errorHandler', async () => {
    const open = rudderStackClient.open(ingest);
    open.send(track('first', 10));
    await open.settle();
    open.send(track('beside', 10));
    open.send(track('huge', 5 * mib));
    await open.settle();
    expect(open.errors).toEqual([expect.stringContaining('413')]);
    expect(await stored()).toEqual(['first']);
  });

  it('PostHog’s client halves a batch above 4 MiB until it fits, and tells of an event that never will', async () => {
    const open = posthogClient.open(ingest);
    for (let n = 0; n < 8; n += 1) open.send(track(`part${n}`, 0.9 * mib));
    await open.settle();
    expect(ingest.statuses).toContain(413);
    expect(open.errors).toEqual([]);
    expect(await stored()).toEqual(Array.from({ length: 8 }, (_, n) => `part${n}`));

    const posthog = new PostHog(ingest.key, { host: ingest.url, flushAt: 100 });
    const errors: string[] = [];
    posthog.on('error', (error: unknown) => errors.push(String(error)));
    posthog.capture({ distinctId: 'c', event: 'huge', properties: { ...track('huge', 5 * mib).properties } });
    posthog.capture({ distinctId: 'c', event: 'after' });
    await vi.waitFor(async () => {
      await posthog.flush().catch(() => {});
      expect(errors).toEqual([expect.stringContaining('status=413')]);
    });
    await posthog.shutdown();
    expect(await stored()).toContain('after');
  });

  it('an application that posts CloudEvents itself sees the 413', async () => {
    const open = cloudEventsBatchClient.open(ingest);
    open.send(track('huge', 5 * mib));
    await open.settle();
    expect(open.errors).toEqual([expect.stringMatching(/^413 .*request_too_large/)]);
  });
});
