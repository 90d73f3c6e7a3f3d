import type { Cursor } from './cursor.ts';
import { journeyLimits } from './limits.ts';
import { nearestWord } from './nearest-word.ts';
import type { Report } from './problem.ts';
import { readText, shown } from './scalars.ts';

/** An id of a journey, stage or persona: small letters, digits, `-`, `_`. */
export function readId(cursor: Cursor, report: Report): string | null {
  const text = readText(cursor, journeyLimits.idLengthMax, report);
  if (text === null || /^[a-z0-9][a-z0-9_-]*$/.test(text)) return text;
  const meant = text
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+|-+$/g, '');
  report(
    'invalid_id',
    cursor,
    `${shown(text)} is no id: small letters, digits, - and _, with a letter or digit first`,
    meant === '' ? null : meant,
  );
  return null;
}

/** A touchpoint: its name, or a prefix that ends with `*`. */
export function readTouchpoint(cursor: Cursor, report: Report): string | null {
  const text = readText(cursor, journeyLimits.touchpointLengthMax, report);
  if (text === null || !text.slice(0, -1).includes('*')) return text;
  report(
    'invalid_touchpoint',
    cursor,
    `${shown(text)}: a * may only stand at the end`,
    JSON.stringify(text.slice(0, text.indexOf('*') + 1)),
  );
  return null;
}

/** The name of a trait to split by, or `persona`. */
export function readSegment(cursor: Cursor, report: Report): string | null {
  const text = readText(cursor, journeyLimits.nameLengthMax, report);
  if (text === null || !text.includes(':')) return text;
  const meant = /^trait:([^:]+)$/.exec(text)?.[1] ?? null;
  report('invalid_segment', cursor, `${shown(text)}: the name of a segment has no colon`, meant);
  return null;
}

/** A time zone of the IANA database, in its own spelling. */
export function readTimezone(cursor: Cursor, report: Report): string | null {
  const text = readText(cursor, journeyLimits.nameLengthMax, report);
  if (text === null) return null;
  const canonical = canonicalZone(text);
  const isOwnSpelling = text.split('/').every((part) => /^[A-Z]/.test(part));
  if (canonical !== null && (canonical === text || (isOwnSpelling && canonical.toLowerCase() !== text.toLowerCase())))
    return text;
  const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];
  const near = canonical ?? abbreviations[text.toUpperCase()] ?? nearestWord(text, zones) ?? byCity(text, zones);
  report('unknown_timezone', cursor, `${shown(text)} is no time zone of the IANA database`, near);
  return null;
}

const abbreviations: Readonly<Record<string, string>> = {
  JST: 'Asia/Tokyo',
  Z: 'UTC',
  CEST: 'Europe/Berlin',
  PST: 'America/Los_Angeles',
  BST: 'Europe/London',
};

function canonicalZone(text: string): string | null {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(text)) return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

function byCity(text: string, zones: readonly string[]): string | null {
  const cities = new Map(zones.map((zone) => [zone.slice(zone.lastIndexOf('/') + 1), zone]));
  const near = nearestWord(text.slice(text.lastIndexOf('/') + 1), [...cities.keys()]);
  return near === null ? null : (cities.get(near) ?? null);
}
