/** The three parts of the page, as they stand in `?part=`. */
export const healthParts = ['now', 'record', 'ahead'] as const;
export type HealthPart = (typeof healthParts)[number];

/** The part that an address names; what stands now without one. */
export function healthPart(query: URLSearchParams): HealthPart {
  return healthParts.find((part) => part === query.get('part')) ?? 'now';
}
