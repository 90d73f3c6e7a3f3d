/** Chance that can be repeated: the same seed gives the same choices (mulberry32, T. Ettinger 2017). */
export interface Random {
  /** 0 ≤ x < 1 */
  share(): number;
  /** Integer, both ends included. */
  between(least: number, most: number): number;
  chance(probability: number): boolean;
  /** One of a list that isn't empty. */
  oneOf<T>(list: readonly T[]): T;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function share(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const between = (least: number, most: number): number => least + Math.floor(share() * (most - least + 1));
  return {
    share,
    between,
    chance: (probability) => share() < probability,
    oneOf<T>(list: readonly T[]): T {
      const chosen = list[between(0, list.length - 1)];
      if (chosen === undefined) throw new RangeError('nothing to choose from');
      return chosen;
    },
  };
}

/** The seed of this run: MICHINORI_SEED, or a new one. Tests print it. */
export function seedOfRun(): number {
  return Number(process.env.MICHINORI_SEED ?? Math.floor(Math.random() * 2 ** 31));
}
