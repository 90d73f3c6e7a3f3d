import { z } from 'zod';
import type { Notification } from '../channels/notification.ts';

const text = z.record(z.string(), z.string());
const number = z.number().nullable();

const stored: z.ZodType<Notification> = z.object({
  id: z.string(),
  alert: z.string(),
  journey: z.string(),
  stage: z.string(),
  segment: z.object({ by: z.string(), value: z.string() }).nullable(),
  touchpoint: z.string().nullable(),
  kind: z.string(),
  state: z.enum(['firing', 'resolved']),
  severity: z.string(),
  startedAtUs: z.int(),
  resolvedAtUs: z.int().nullable(),
  ...{ k: number, n: number, rate: number, usualRate: number, lo: number, hi: number, lift: number, q: number },
  title: text,
  text,
  boardUrl: z.string(),
  customersUrl: z.string(),
  runbookUrl: z.string().nullable(),
  health: z
    .object({
      signal: z.enum(['churn', 'expansion', 'golden_time']),
      change: z.enum(['raised', 'cleared']),
      unit: z.enum(['customer', 'account']),
      name: z.string(),
      isAnonymous: z.boolean(),
      stage: z.string(),
      ...{ score: number, scoreBefore: number },
      why: z.enum(['score', 'left']),
      moved: z.array(
        z.object({
          line: z.enum(['start', 'rule', 'clamp']),
          rule: z.string().nullable(),
          ...{ from: z.number(), to: z.number() },
        }),
      ),
      tasks: z.array(z.object({ owner: z.string(), dueUs: z.int(), text })),
    })
    .optional(),
});

/** A notification as it is stored: JSON. */
export function notificationText(notification: Notification): string {
  return JSON.stringify(notification);
}

/** The notification that a stored text is. Throws on what `notificationText` didn't write. */
export function readNotification(json: string): Notification {
  return stored.parse(JSON.parse(json));
}
