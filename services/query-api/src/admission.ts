/** Lets at most `runningMax` questions run and `waitingMax` wait; the others are turned away at once. */
export interface Admission {
  /** Runs the work when a place is free. Rejects with `'overloaded'` outcome through `onFull`. */
  run<T>(work: () => Promise<T>, onFull: () => Error): Promise<T>;
  running(): number;
  waiting(): number;
}

/**
 * A bounded waiting room in front of the engine: reads on one embedded connection run one after the other, so a
 * crowd would only make everybody wait; who can't be served soon is told to come back.
 */
export function createAdmission(limits: { runningMax: number; waitingMax: number }): Admission {
  let running = 0;
  const queue: (() => void)[] = [];
  const leave = (): void => {
    const next = queue.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  const enter = (onFull: () => Error): Promise<void> => {
    if (running < limits.runningMax) {
      running += 1;
      return Promise.resolve();
    }
    if (queue.length >= limits.waitingMax) return Promise.reject(onFull());
    return new Promise((resolve) => queue.push(resolve));
  };
  return {
    running: () => running,
    waiting: () => queue.length,
    async run(work, onFull) {
      await enter(onFull);
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
