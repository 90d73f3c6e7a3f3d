import { useEffect, useState } from 'preact/hooks';

const everyMs = 60_000;
const listeners = new Set<() => void>();
let ticker: ReturnType<typeof setInterval> | null = null;

/** The time in milliseconds since the epoch, renewed every minute; one timer for all who ask. */
export function useNow(): number {
  const [nowMs, setNow] = useState(() => Date.now());
  useEffect(() => {
    const renew = () => setNow(Date.now());
    listeners.add(renew);
    ticker ??= setInterval(() => {
      for (const listener of listeners) listener();
    }, everyMs);
    return () => {
      listeners.delete(renew);
      if (listeners.size > 0 || ticker === null) return;
      clearInterval(ticker);
      ticker = null;
    };
  }, []);
  return nowMs;
}
