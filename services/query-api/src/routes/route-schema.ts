import { z } from 'zod';

/** A problem as OpenAPI shows it. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
});

/** The parameter that every question takes. */
export const formatQuery = z.strictObject({
  format: z.string().optional().describe('json (default), csv or ndjson; wins over Accept'),
});

/** The documented answers of a question whose rows have this shape. */
export function answers(row: z.ZodType, meta: z.ZodType) {
  return {
    200: z.object({ rows: z.array(row), meta }),
    400: problemSchema.describe('the question is not valid; `errors` says where'),
    401: problemSchema.describe('no or an unknown key'),
    403: problemSchema.describe('the key may not ask'),
    422: problemSchema.describe('the question needs more than it may use'),
    503: problemSchema.describe('overloaded or stopping; ask again after Retry-After'),
  };
}
