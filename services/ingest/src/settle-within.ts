export type Settled<T> = { outcome: 'done'; value: T } | { outcome: 'failed'; error: unknown } | { outcome: 'late' };

/** Waits for a promise for at most `deadlineMs`; a late one goes on, and its later failure is nobody's surprise. */
export async function settleWithin<T>(promise: Promise<T>, deadlineMs: number): Promise<Settled<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Settled<T>>((resolve) => {
    timer = setTimeout(() => resolve({ outcome: 'late' }), deadlineMs);
  });
  const settled = promise.then(
    (value): Settled<T> => ({ outcome: 'done', value }),
    (error: unknown): Settled<T> => ({ outcome: 'failed', error }),
  );
  const result = await Promise.race([settled, late]);
  clearTimeout(timer);
  return result;
}
