import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import { newestAlertRows, pastAlertTransitions } from './rules.ts';

const number = z.number().nullable();
const instant = z.int().nullable();

/** One series of an alert as of its last evaluation, as the alerter wrote it. Times µs since 1970, rates 0…1. */
const listedAlert = z.object({
  ...{ alert: z.string(), journey: z.string(), kind: z.string(), severity: z.string() },
  ...{ stage: z.string(), segment: z.string(), touchpoint: z.string().nullable(), state: z.string() },
  ...{ firing: z.boolean(), episode: z.string().nullable(), startedUs: instant, firedUs: instant },
  ...{ evaluatedUs: z.int(), windowFromUs: instant, windowToUs: instant, k: number, n: number },
  ...{ rate: number, lo: number, hi: number, usual: number, usualLo: number, usualHi: number },
  ...{ lift: number, p: number, q: number },
});
export type ListedAlert = z.output<typeof listedAlert>;

const figures = z.object({
  window: z.object({ fromUs: z.int(), toUs: z.int() }),
  ...{ k: z.number(), n: z.number(), rate: z.number(), lo: z.number(), hi: z.number(), usual: z.number() },
  lift: z.number(),
});

/** What happened to an episode, as the alerter wrote it. */
const listedTransition = z.object({
  kind: z.enum(['started', 'fired', 'dropped', 'resolved']),
  atUs: z.int(),
  key: z.object({ stage: z.string(), segment: z.string(), touchpoint: z.string().nullable() }),
  episode: z.object({ id: z.string(), startedUs: z.int() }),
  reason: z.string().nullable(),
  verdict: z.object({ figures: figures.nullable(), q: number }).nullable(),
});

export interface ListedTransition extends z.output<typeof listedTransition> {
  readonly alert: string;
  readonly journey: string;
}

export interface AlertsAsked {
  /** `''`: all of them. */
  readonly alert: string;
  readonly journey: string;
}

/** The series of alerts as of the last evaluation of each rule, by rule. Rules that were never evaluated have none. */
export async function listAlerts(
  clickhouse: ClickHouse,
  { alert, journey }: AlertsAsked,
  options?: QueryOptions,
): Promise<ListedAlert[]> {
  const found = await clickhouse.query(newestAlertRows, { alert, journey }, options);
  return found.flatMap(({ texts }) => z.array(listedAlert).parse(JSON.parse(texts)));
}

/** What happened to the episodes of alerts in [fromUs, toUs), the newest first; `limit` at most. */
export async function listAlertTransitions(
  clickhouse: ClickHouse,
  asked: AlertsAsked & { readonly fromUs: number; readonly toUs: number; readonly limit: number },
  options?: QueryOptions,
): Promise<ListedTransition[]> {
  const found = await clickhouse.query(pastAlertTransitions, asked, options);
  const all = found.flatMap(({ alert, journey, texts }) =>
    z
      .array(listedTransition)
      .parse(JSON.parse(texts))
      .map((transition) => ({ ...transition, alert, journey })),
  );
  return all.slice(0, asked.limit);
}
