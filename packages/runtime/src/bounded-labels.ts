/** A label whose values come from a closed list; anything else becomes `other`. */
export function closedLabel<const V extends string>(values: readonly V[]): (value: string) => V | 'other' {
  const known = new Set<string>(values);
  return (value) => (known.has(value) ? (value as V) : 'other');
}

/**
 * A label whose values aren't known beforehand (stages, segments, queries): the first `valuesMax` distinct ones are
 * kept, later ones become `other`, so the number of series is bounded whatever arrives.
 */
export function limitedLabel(valuesMax: number): (value: string) => string {
  const seen = new Set<string>();
  return (value) => {
    if (seen.has(value)) return value;
    if (seen.size >= valuesMax) return 'other';
    seen.add(value);
    return value;
  };
}
