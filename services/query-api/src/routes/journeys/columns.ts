import { isoFromMicroseconds } from '@michinori/clickhouse';
import { durationParameter } from '@michinori/queries';
import { z } from 'zod';

/** A number that may be unknown. */
export const figure = z.number().nullable();

/** Columns that every row about a segment and a bucket begins with. */
export const cellColumns = {
  segment: z.string().nullable().describe('value of the segment of `by`; null without'),
  bucket: z.string().nullable().describe('start of the bucket; null without interval'),
};

export const rateState = z.enum(['insufficient', 'immature', 'ok']);

/** Columns of the significance of a row among its family. */
export const significance = { pValue: figure, qValue: figure };

export const horizon = durationParameter
  .optional()
  .describe('judge the outcome this long after entry, e.g. 30d; default the horizon of each stage');

export const language = z.string().max(35).optional().describe('language of the titles, e.g. ja; default en');

/** The row with its bucket as ISO 8601. */
export function withBucket<R extends { readonly bucket: number | null }>(row: R) {
  return { ...row, bucket: row.bucket === null ? null : isoFromMicroseconds(row.bucket) };
}
