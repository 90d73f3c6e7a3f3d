import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOutbox, type Notification, type Outbox } from '../../src/index.ts';
import { virtualClock } from '../channels/clock.ts';
import { notification, startUs } from '../channels/notifications.ts';
import { memoryStore } from './memory-store.ts';
import { delivered, playedChannel, refused, retry } from './receivers.ts';

const runs = Number(process.env.MICHINORI_TEST_RUNS ?? 150);
const series = ['free', 'pro', 'team'];

/** What may happen to an alerter. `tell`: the next transition of a series. */
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('tell' as const), of: fc.nat(2) }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 5000 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('die' as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('break' as const),
        of: fc.constantFrom('append', 'record', null),
        isDone: fc.boolean(),
      }),
    },
  ),
  { minLength: 1, maxLength: 60 },
);

const replies = fc.array(fc.constantFrom('take', 'take', 'fail', 'pause', 'refuse', 'throw'), {
  minLength: 1,
  maxLength: 20,
});

describe('an outbox, whatever happens', () => {
  it.each(['messages', 'state'] as const)('tells everything that it was given, in order (%s)', async (tells) => {
    await fc.assert(
      fc.asyncProperty(steps, replies, async (happenings, behaviour) => {
        const store = memoryStore();
        const clock = virtualClock();
        const heard: Notification[] = [];
        let asked = 0;
        let isKind = false;
        const channel = playedChannel('a', { tells });
        channel.play((told) => {
          const reply = isKind ? 'take' : (behaviour[asked++ % behaviour.length] ?? 'take');
          if (reply === 'throw') throw new Error('bug');
          if (reply === 'refuse') return refused;
          if (reply !== 'take') return { ...retry(1000), isPause: reply === 'pause' };
          heard.push(told);
          return tells === 'state' && told.state === 'firing' ? { ...delivered, againAfterMs: 60_000 } : delivered;
        });
        const start = (): Outbox => createOutbox({ store, channels: [channel], clock });
        let outbox = start();
        let untrusted = 0;
        const accepted: Notification[] = [];
        const counts = [0, 0, 0];

        for (const happening of happenings) {
          if (happening.kind === 'die') {
            outbox = start();
            untrusted += 1;
          } else if (happening.kind === 'break') {
            store.fail(happening.of, happening);
            untrusted += 1;
          } else if (happening.kind === 'wait') clock.advanceMs(happening.ms);
          else {
            const count = counts[happening.of] ?? 0;
            const startedAtUs = startUs + Math.floor(count / 2);
            const state = count % 2 === 0 ? 'firing' : 'resolved';
            const segment = { by: 'plan', value: series[happening.of] ?? '' };
            const next = notification({
              segment,
              state,
              startedAtUs,
              resolvedAtUs: state === 'firing' ? null : startedAtUs,
            });
            const isTaken = await outbox.enqueue([next]).then(
              () => true,
              () => false,
            );
            if (isTaken) {
              accepted.push(next);
              counts[happening.of] = count + 1;
            }
          }
          await outbox.tick();
        }
        store.fail(null);
        isKind = true;
        for (let hour = 0; hour < 30; hour++) {
          clock.advanceMs(3_600_000);
          await outbox.tick();
        }

        const ids = heard.map(({ id }) => id);
        const states = new Map(store.rows().map(({ notification: { id }, state }) => [id, state]));
        for (const { id } of accepted) {
          const state = states.get(id);
          expect(['delivered', 'refused', 'replaced', 'standing']).toContain(state);
          if (tells === 'messages') expect(state).not.toBe('replaced');
          if (state === 'delivered' || state === 'standing') expect(ids).toContain(id);
        }
        if (tells === 'messages') expect(ids.length - new Set(ids).size).toBeLessThanOrEqual(untrusted);
        for (const value of series) {
          const firsts = [...new Set(heard.filter(({ segment }) => segment?.value === value).map(({ id }) => id))];
          const told = accepted.filter(({ segment }) => segment?.value === value).map(({ id }) => id);
          const known = new Set(told);
          expect(firsts.filter((id) => known.has(id))).toEqual(told.filter((id) => firsts.includes(id)));
        }
      }),
      { numRuns: runs },
    );
  });
});
