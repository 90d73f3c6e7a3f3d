import { z } from 'zod';

/** A stretch `[fromOffset, toOffset)` of a partition of a log, as it stands in the rows. */
export const rangeParams = z.object({
  log: z.string().min(1),
  partition: z.int().nonnegative(),
  fromOffset: z.int().nonnegative(),
  toOffset: z.int().nonnegative(),
});
