const units = [
  { seconds: 86_400, name: 'd' },
  { seconds: 3_600, name: 'h' },
  { seconds: 60, name: 'min' },
  { seconds: 1, name: 's' },
] as const;

/** A duration in seconds as a person says it: two significant units at most, `3 d 4 h`, `12 min`, `0.4 s`. */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return `${Number(seconds.toFixed(2))} s`;
  const first = units.findIndex((unit) => seconds >= unit.seconds);
  const unit = units[first];
  const smaller = units[first + 1];
  if (unit === undefined || smaller === undefined) return `${Math.round(seconds)} s`;
  const inSmaller = Math.round(seconds / smaller.seconds);
  const perUnit = unit.seconds / smaller.seconds;
  const whole = Math.floor(inSmaller / perUnit);
  const rest = inSmaller % perUnit;
  return rest === 0 || whole >= 10 ? `${whole} ${unit.name}` : `${whole} ${unit.name} ${rest} ${smaller.name}`;
}
