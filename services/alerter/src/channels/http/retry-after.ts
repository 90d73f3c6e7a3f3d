/**
 * How long a `Retry-After` asks to wait, ms: whole seconds, or a date (RFC 9110, section 10.2.3); null where it says nothing that can be understood.
 * A date in the past is no wait.
 */
export function retryAfterMs(value: string | null, nowMs: number): number | null {
  const text = value?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const isDate = /^(mon|tue|wed|thu|fri|sat|sun)/i.test(text);
  const atMs = isDate ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
