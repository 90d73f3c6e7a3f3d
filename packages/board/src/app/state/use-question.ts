import { useNow } from '../data/use-now.ts';
import { useAddress } from './address.tsx';
import { instantsOf } from './range.ts';
import { segmentQuery } from './segments.ts';

/** The parameters that every question about a journey shares, of the address. */
export function useShared() {
  const { view } = useAddress();
  const nowMs = useNow();
  const { from, to } = instantsOf(view.range, view.timezone, nowMs);
  return { from, to, timezone: view.timezone, ...segmentQuery(view.segments) };
}
