import { z } from 'zod';

const number = z.number().nullable();

/** What became different with a change: cohorts before and after it. */
export const effectColumns = {
  customersBefore: z.int(),
  customersAfter: z.int(),
  secondsBefore: number,
  secondsAfter: number,
  differenceSeconds: number,
  differenceLo: number,
  differenceHi: number,
  advancedShareBefore: number,
  advancedShareAfter: number,
  naiveMeanBefore: number,
  naiveMeanAfter: number,
  logRankP: number,
  didSeconds: number,
  didLo: number,
  didHi: number,
  verdict: z.string().nullable(),
  reason: z.string().nullable(),
};
