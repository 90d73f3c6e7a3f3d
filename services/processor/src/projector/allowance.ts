/** How much may be held at once: taken without waiting, given back later; who wants to go on waits while it is used up. */
export interface Allowance {
  take(amount: number): void;
  give(amount: number): void;
  /** Resolves when less than the whole is taken, or after {@link giveUp}. */
  room(): Promise<void>;
  /** Nobody waits any longer. */
  giveUp(): void;
}

export function createAllowance(whole: number): Allowance {
  let taken = 0;
  let isOver = false;
  let waiters: (() => void)[] = [];

  function release(): void {
    const released = waiters;
    waiters = [];
    for (const resolve of released) resolve();
  }

  return {
    take(amount) {
      taken += amount;
    },
    give(amount) {
      taken -= amount;
      if (taken < whole) release();
    },
    async room() {
      while (taken >= whole && !isOver) {
        const waitedFor = new Promise<void>((resolve) => {
          waiters.push(resolve);
        });
        await waitedFor;
      }
    },
    giveUp() {
      isOver = true;
      release();
    },
  };
}
