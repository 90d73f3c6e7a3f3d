import { useState } from 'preact/hooks';

const place = 'michinori.key';

/** The API key of this tab: gone when it is closed, never in the address, never in another tab. */
export function useKey(): { key: string | null; keep(key: string | null): void } {
  const [key, setKey] = useState(() => sessionStorage.getItem(place));
  return {
    key,
    keep(next) {
      if (next === null) sessionStorage.removeItem(place);
      else sessionStorage.setItem(place, next);
      setKey(next);
    },
  };
}
