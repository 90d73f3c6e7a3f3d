import type { Filter, FunnelBreakdown } from '@michinori/client';

/** `plan:pro` as its name and value; a value may hold colons. */
export function splitSegment(segment: string): { name: string; value: string } {
  const at = segment.indexOf(':');
  return { name: segment.slice(0, at), value: segment.slice(at + 1) };
}

/** The segment `by` of a journey, where the address may say `trait:plan` because it comes from a funnel. */
export function segmentOf(by: string | null, known: readonly string[]): string | undefined {
  const name = by?.startsWith('trait:') ? by.slice('trait:'.length) : by;
  return known.find((segment) => segment === name);
}

/** What a funnel is split by: a segment of a journey is a trait there; personas are no trait. */
export function breakdownOf(by: string | null): FunnelBreakdown['by'] | null {
  if (by === null || by === 'persona') return null;
  if (by === 'channel' || by === 'team' || by === 'account') return by;
  if (by.startsWith('trait:') || by.startsWith('property:')) return by as `trait:${string}`;
  return `trait:${by}`;
}

/** Segments as filters of a funnel: the values of one trait are alternatives. */
export function filtersOf(segments: readonly string[]): Filter[] {
  const byName = new Map<string, string[]>();
  for (const { name, value } of segments.map(splitSegment)) {
    if (name !== 'persona') byName.set(name, [...(byName.get(name) ?? []), value]);
  }
  return [...byName].map(([trait, value]) => ({ trait, op: 'in', value }));
}

/** `segment` of a question, typed as the client wants it. */
export function segmentQuery(segments: readonly string[]): { segment?: `${string}:${string}`[] } {
  return segments.length === 0 ? {} : { segment: segments as `${string}:${string}`[] };
}
