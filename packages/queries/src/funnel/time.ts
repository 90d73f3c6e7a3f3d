const isoPattern = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6})\d*)?)?(Z|[+-]\d\d:\d\d)$/;

/**
 * Microseconds since 1970 of an ISO 8601 time with a zone (`2026-01-01T00:00:00.123456Z`, `…+09:00`), or null when the
 * text is none. Digits beyond the microsecond are cut off.
 */
export function isoMicroseconds(text: string): number | null {
  const match = isoPattern.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second = '00', fraction = '', zone = 'Z'] = match;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const wallMs = Date.parse(`${local}Z`);
  if (Number.isNaN(wallMs) || new Date(wallMs).toISOString().slice(0, 19) !== local) return null;
  const instantMs = Date.parse(`${local}${zone}`);
  return Number.isNaN(instantMs) ? null : instantMs * 1000 + Number(fraction.padEnd(6, '0'));
}

/** Microseconds since 1970 as ISO 8601 UTC; the fraction has 3 digits, or 6 where they are needed. */
export function isoText(us: number): string {
  const micros = ((us % 1000) + 1000) % 1000;
  const text = new Date((us - micros) / 1000).toISOString();
  return micros === 0 ? text : `${text.slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
}

/** Whether a text names a time zone of the IANA database. */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
