import { ln } from './elementary.ts';

/** A value with its relative weight, for `weighted`. */
export type Weighted<T> = readonly [value: T, weight: number];

/** A seeded source of draws. Two sources with the same seed and path give the same draws on every engine. */
export interface Rng {
  /** Uniform in [0, 1) with 53 bits. */
  uniform(): number;
  /** Uniform integer in [0, bound). */
  integer(bound: number): number;
  /** Exponential with mean 1. */
  exponential(): number;
  /** Mean 0, variance 1, inside ±6: sum of twelve uniforms (Irwin–Hall), free of trigonometry. */
  normal(): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  weighted<T>(items: readonly Weighted<T>[]): T;
}

/**
 * sfc32 (Chris Doty-Humphrey, PractRand 2010), seeded through the splitmix32 finaliser (after Steele, Lea & Flood,
 * "Fast splittable pseudorandom number generators", 2014). `path` names an independent stream of the same seed.
 */
export function createRng(seed: number, ...path: number[]): Rng {
  let mixed = 0;
  const mix = (value: number) => {
    mixed = (mixed + (value | 0) + 0x9e3779b9) | 0;
    let z = mixed;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    mixed = z ^ (z >>> 15);
    return mixed;
  };
  mix(seed);
  mix(Math.floor(seed / 2 ** 32));
  for (const step of path) mix(step);
  let a = mix(1);
  let b = mix(2);
  let c = mix(3);
  let counter = 1;
  const next = () => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + result;
    c |= 0;
    return result >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();

  const uniform = () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
  return {
    uniform,
    integer: (bound) => Math.floor(uniform() * bound),
    exponential: () => -ln(1 - uniform()),
    normal: () => {
      let sum = -6;
      for (let i = 0; i < 12; i += 1) sum += uniform();
      return sum;
    },
    chance: (probability) => uniform() < probability,
    pick: (items) => at(items, Math.floor(uniform() * items.length)),
    weighted: (items) => {
      let total = 0;
      for (const [, weight] of items) total += weight;
      let left = uniform() * total;
      for (const [value, weight] of items) {
        left -= weight;
        if (left < 0) return value;
      }
      return at(items, items.length - 1)[0];
    },
  };
}

/** The item at an index that must exist. Throws RangeError otherwise. */
export function at<T>(items: readonly T[], index: number): T {
  if (index < 0 || index >= items.length) throw new RangeError(`no item ${index} of ${items.length}`);
  return items[index] as T;
}
