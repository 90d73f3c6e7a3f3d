interface ScaleProps {
  /** All of them in shares of the scale, 0…1; null draws nothing. */
  value: number | null;
  lo: number | null;
  hi: number | null;
  /** A second value, drawn as a diamond. */
  mark?: number | null;
  /** Lines across the scale, such as thresholds. */
  lines?: readonly number[];
}

/** A value with its interval on a line from 0 to 1. What it shows stands beside it in words. */
export function Scale({ value, lo, hi, mark = null, lines = [] }: ScaleProps) {
  const place = (share: number) => `${100 * Math.min(1, Math.max(0, share))}%`;
  return (
    <span class="scale" aria-hidden="true">
      {lines.map((line) => (
        <i key={line} class="scale-line" style={{ left: place(line) }} />
      ))}
      {lo !== null && hi !== null && (
        <i class="whisker" style={{ left: place(lo), width: `${100 * (Math.min(1, hi) - Math.max(0, lo))}%` }} />
      )}
      {mark !== null && <i class="scale-mark" style={{ left: place(mark) }} />}
      {value !== null && <i class="scale-dot" style={{ left: place(value) }} />}
    </span>
  );
}
