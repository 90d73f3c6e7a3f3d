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

/** Query string of a limit: only digits, so that `limit=` and `limit=0x10` are mistakes. */
export function limitParameter(max: number, byDefault: number) {
  return z
    .string()
    .regex(/^[0-9]{1,9}$/, { message: 'must be a whole number' })
    .transform(Number)
    .pipe(z.int().min(1).max(max))
    .default(byDefault)
    .describe(`rows at most: 1 to ${max}`);
}

/** The documented answers of a request that writes: 202 when something was stored, 200 when nothing had to be. */
export function writeAnswers(row: z.ZodType, meta: z.ZodType) {
  const body = z.object({ rows: z.array(row), meta });
  return {
    200: body.describe('it was so before; nothing was stored'),
    202: body.describe('durable in the log'),
    400: problemSchema.describe('what was sent is not valid; `errors` says where'),
    401: problemSchema.describe('no key, or an unknown one'),
    403: problemSchema.describe('the key lacks the scope `admin`'),
    404: problemSchema.describe('there is no such journey'),
    406: problemSchema.describe('the format is unknown'),
    409: problemSchema.describe('the version is taken, or too old'),
    413: problemSchema.describe('the body is too large'),
    415: problemSchema.describe('the body is of another media type'),
    501: problemSchema.describe('this process has no event log'),
    503: problemSchema.describe('stopping, or the log takes no records; try again after Retry-After'),
  };
}

/** The documented answers of a question whose rows have this shape. */
export function answers(row: z.ZodType, meta: z.ZodType) {
  return {
    200: z.object({ rows: z.array(row), meta }).describe('rows, and what holds for all of them'),
    400: problemSchema.describe('the question is not valid; `errors` says where'),
    401: problemSchema.describe('no key, or an unknown one'),
    403: problemSchema.describe('the key may not ask'),
    406: problemSchema.describe('the format is unknown'),
    413: problemSchema.describe('the body is too large'),
    415: problemSchema.describe('the body is not sent as application/json'),
    422: problemSchema.describe('the question needs more than it may use'),
    503: problemSchema.describe('overloaded, stopping, or the store does not answer; ask again after Retry-After'),
  };
}
