/** Runs at most `width` tasks at a time, first come first served. */
export interface Lane {
  run<T>(task: () => Promise<T>): Promise<T>;
  /** Resolves when nothing runs and nothing waits. */
  drained(): Promise<void>;
}

/** Makes a {@link Lane}. */
export function createLane(width: number): Lane {
  const waiting: (() => void)[] = [];
  const pending = new Set<Promise<unknown>>();
  let running = 0;

  async function take(): Promise<void> {
    if (running < width) {
      running += 1;
      return;
    }
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
  }

  function release(): void {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }

  async function runTask<T>(task: () => Promise<T>): Promise<T> {
    await take();
    try {
      return await task();
    } finally {
      release();
    }
  }

  return {
    run(task) {
      const result = runTask(task);
      const forget = () => {
        pending.delete(result);
      };
      pending.add(result);
      result.then(forget, forget);
      return result;
    },
    async drained() {
      while (pending.size > 0) await Promise.allSettled(pending);
    },
  };
}
