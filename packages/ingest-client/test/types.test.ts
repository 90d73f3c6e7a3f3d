import type { nativeEventSchema } from '@michinori/events';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import { createIngestClient, flushOnExit, type IngestClient, type TrackedEvent } from '../src/index.ts';

type NativeEvent = z.input<typeof nativeEventSchema>;
/** Its amounts name every currency there is; here it is any text. */
type Comparable<Event> = Omit<Event, 'amount' | 'occurredAt' | 'properties' | 'traits' | 'customer' | 'anonymous'>;

describe('an event', () => {
  it('has the fields of the native form, all of them, and no other', () => {
    expectTypeOf<keyof TrackedEvent>().toEqualTypeOf<keyof NativeEvent>();
    expectTypeOf<Comparable<TrackedEvent>>().toExtend<Comparable<NativeEvent>>();
    expectTypeOf<Comparable<NativeEvent>>().toExtend<Comparable<TrackedEvent>>();
  });

  it('has a touchpoint, and a customer or an anonymous id', () => {
    expectTypeOf<{ customer: string; touchpoint: string }>().toExtend<TrackedEvent>();
    expectTypeOf<{ anonymous: string; touchpoint: string; customer: null }>().toExtend<TrackedEvent>();
    expectTypeOf<{ customer: string }>().not.toExtend<TrackedEvent>();
    expectTypeOf<{ touchpoint: string }>().not.toExtend<TrackedEvent>();
    expectTypeOf<{ touchpoint: string; customer: null; anonymous: null }>().not.toExtend<TrackedEvent>();
    expectTypeOf<{ customer: string; touchpoint: string; nps: '9' }>().not.toExtend<TrackedEvent>();
    expectTypeOf<{ customer: string; touchpoint: string; direction: 'in' }>().not.toExtend<TrackedEvent>();
    expectTypeOf<{
      customer: string;
      touchpoint: string;
      properties: { run: () => void };
    }>().not.toExtend<TrackedEvent>();
    expectTypeOf<{ customer: string; touchpoint: string; occurredAt: Date }>().toExtend<TrackedEvent>();
    expectTypeOf<{
      customer: string;
      touchpoint: string;
      traits: { tags: string[]; at: Date };
    }>().toExtend<TrackedEvent>();
  });
});

describe('a client', () => {
  it('must be told where failures go', () => {
    expectTypeOf<{ url: string }>().not.toExtend<Parameters<typeof createIngestClient>[0]>();
    expectTypeOf<{ url: string; onError: () => void }>().toExtend<Parameters<typeof createIngestClient>[0]>();
  });

  it('is flushed by the process of Node', () => {
    expectTypeOf(flushOnExit).toBeCallableWith({} as IngestClient, process);
    expect(createIngestClient).toBeTypeOf('function');
  });
});
