import { parseDuration } from '@michinori/journey';
import { z } from 'zod';

/** A duration of a query string as definitions write it (`14d`, `36h`), as microseconds. A day is 86 400 s. */
export const durationParameter = z.string().transform((text, context) => {
  const parsed = parseDuration(text);
  if (parsed.ok) return parsed.us;
  const hint = parsed.suggestion === null ? '' : `. Did you mean ${parsed.suggestion}?`;
  context.addIssue({ code: 'custom', message: `${parsed.message}${hint}` });
  return z.NEVER;
});
