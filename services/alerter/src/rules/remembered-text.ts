import { z } from 'zod';
import { readNotification } from '../outbox/notification-text.ts';
import type { Remembered } from './rule-store.ts';
import type { Notice } from './tell.ts';

const key = z.object({ stage: z.string(), segment: z.string(), touchpoint: z.string().nullable() });
const instant = z.int();

const remembered: z.ZodType<Remembered> = z.object({
  state: z.object({
    rule: z.string(),
    evaluatedUs: instant.nullable(),
    series: z.array(
      z.object({
        key,
        state: z.enum(['ok', 'pending', 'firing', 'insufficient', 'no-data', 'late-data', 'query-failed']),
        episode: z
          .object({ id: z.string(), startedUs: instant, windowFromUs: instant, firedUs: instant.nullable() })
          .nullable(),
        alarming: z.int(),
        calm: z.int(),
        judgedUs: instant.nullable(),
      }),
    ),
  }),
  told: z.record(z.string(), z.array(z.string())),
});

const notices = z.array(z.object({ notification: z.string(), to: z.array(z.string()) }));

/** What is remembered of a rule, as it is stored: JSON. */
export const rememberedText = (value: Remembered): string => JSON.stringify(value);

/** The opposite of {@link rememberedText}. @throws on what it didn't write */
export const readRemembered = (json: string): Remembered => remembered.parse(JSON.parse(json));

/** Notices as they are stored: JSON, the notifications in it as texts of their own. */
export function noticesText(value: readonly Notice[]): string {
  return JSON.stringify(value.map(({ notification, to }) => ({ notification: JSON.stringify(notification), to })));
}

/** The opposite of {@link noticesText}. @throws on what it didn't write */
export function readNotices(json: string): Notice[] {
  return notices
    .parse(JSON.parse(json))
    .map(({ notification, to }) => ({ notification: readNotification(notification), to }));
}
