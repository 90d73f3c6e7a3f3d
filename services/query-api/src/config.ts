import { z } from 'zod';

/** Settings of the query API, below `queryApi` in the configuration. */
export const queryApiConfig = z.strictObject({
  /** Questions that run at once; embedded, as many as there are reader connections. */
  runningMax: z.int().min(1).max(64).default(4),
  /** Questions that may wait for a place before others are turned away with 503. */
  waitingMax: z.int().min(0).max(10_000).default(64),
  /** Largest body of a question. */
  bodyBytesMax: z.int().min(1024).default(262_144),
  /** Limits of one question in the store. */
  queryTimeMsMax: z.int().min(100).default(30_000),
  queryMemoryBytesMax: z
    .int()
    .min(2 ** 24)
    .default(4 * 2 ** 30),
});

export type QueryApiConfig = z.output<typeof queryApiConfig>;
