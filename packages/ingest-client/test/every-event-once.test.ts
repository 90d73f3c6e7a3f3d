import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIngestClient, type IngestFailure } from '../src/index.ts';
import { type Fault, faultNames, faults, startFaultyIngest } from './faulty-ingest.ts';

const runs = Number(process.env.MICHINORI_TEST_RUNS ?? 60);

interface Story {
  script: Fault[];
  events: number;
  batchMax: number;
  /** Events after which it is flushed by hand. */
  flushedAfter: number[];
}

async function live({ script, events, batchMax, flushedAfter }: Story) {
  const ingest = await startFaultyIngest(script);
  const failures: IngestFailure[] = [];
  const client = createIngestClient({
    url: ingest.url,
    batchMax,
    flushMs: 1,
    requestMs: script.includes('silent') ? 50 : 60_000,
    retryMs: 1,
    retryMaxMs: 4,
    onError: (failure) => void failures.push(failure),
  });
  try {
    const ids: string[] = [];
    for (let i = 0; i < events; i++) {
      ids.push(client.track({ customer: `c${i}`, touchpoint: 'page.read' }));
      if (flushedAfter.includes(i)) await client.flush();
    }
    await client.close({ timeoutMs: 60_000 });
    return { ids, failures, waiting: client.waiting, taken: ingest.taken, requests: ingest.requests };
  } finally {
    await ingest.stop();
  }
}

const story: fc.Arbitrary<Story> = fc.record({
  script: fc.array(fc.constantFrom(...faultNames), { maxLength: 12 }),
  events: fc.integer({ min: 1, max: 60 }),
  batchMax: fc.integer({ min: 1, max: 20 }),
  flushedAfter: fc.array(fc.nat(60), { maxLength: 3 }),
});

/**
 * Faults after which the server has taken what the client can't know to be taken. With silence there is a short time limit, which an honest
 * answer can miss too.
 */
const unclear = faultNames.filter(
  (name) => name === 'silent' || (faults[name].isTaken && name !== 'none' && name !== 'rejecting'),
);

describe('whatever the server does', () => {
  it('every event is taken, or reported once; in order; and nothing waits in the end', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        const { ids, failures, waiting, taken, requests } = await live(told);
        const reported = failures.flatMap(({ events }) => events.map(({ id }) => id));
        expect(new Set(reported).size, 'reported twice').toBe(reported.length);
        const isSettled = (id: string) => taken.includes(id) || reported.includes(id);
        expect(
          ids.filter((id) => !isSettled(id)),
          'lost',
        ).toEqual([]);
        if (!told.script.some((fault) => unclear.includes(fault))) {
          expect(
            taken.filter((id) => reported.includes(id)),
            'taken and reported',
          ).toEqual([]);
        }
        expect(taken, 'order').toEqual(ids.filter((id) => taken.includes(id)));
        expect(reported.filter((id) => !ids.includes(id ?? ''))).toEqual([]);
        expect(Math.max(...requests.map(({ events }) => events.length))).toBeLessThanOrEqual(told.batchMax);
        expect(waiting).toBe(0);
      }),
      { numRuns: runs },
    );
  });

  it('it is asked again after every fault that passes, and nothing is reported', async () => {
    const script: Fault[] = [
      'busy',
      'draining',
      'broken',
      'badGateway',
      'silent',
      'resetBefore',
      'resetAfter',
      'cutAfter',
    ];
    const { ids, failures, taken, requests } = await live({ script, events: 5, batchMax: 5, flushedAfter: [] });
    expect(failures).toEqual([]);
    expect(taken).toEqual(ids);
    expect(requests.length).toBeGreaterThanOrEqual(script.length + 1);
  });
});
