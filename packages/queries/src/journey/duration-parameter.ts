import { z } from 'zod';

const unitUs = { s: 1e6, m: 60e6, h: 3600e6, d: 86_400e6, w: 604_800e6 } as const;
const durationUsMax = 3660 * unitUs.d;

function microseconds(text: string): number {
  const [, amount = '', unit = 's'] = /^([0-9]{1,12})([smhdw])$/.exec(text) ?? [];
  return amount === '' ? Number.NaN : Number(amount) * unitUs[unit as keyof typeof unitUs];
}

/** A duration of a query string as definitions write it (`14d`, `36h`), as microseconds. A day is 86 400 s. */
export const durationParameter = z
  .string()
  .refine((text) => microseconds(text) > 0, {
    message: 'must be a whole number above zero with one of the units s, m, h, d, w, such as 14d',
  })
  .refine((text) => !(microseconds(text) > durationUsMax), { message: 'must be at most ten years' })
  .transform(microseconds);
