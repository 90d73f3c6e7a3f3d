import { type Range, readRange, writeRange } from './range.ts';
import { isZone } from './zone.ts';

export const languages = ['en', 'ja'] as const;
export type Language = (typeof languages)[number];
export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** What all pages share; all of it stands in the query string. */
export interface View {
  range: Range;
  /** `name:value` of the journey's segments; values of one name are alternatives. */
  segments: readonly string[];
  /** Segment that answers are split by. */
  by: string | null;
  timezone: string;
  language: Language;
  theme: Theme;
}

/** What a browser would choose, where the address says nothing. */
export interface Surroundings {
  timezone: string;
  languages: readonly string[];
}

/** Reads the query string; what it doesn't say or can't be comes from the surroundings. */
export function readView(query: URLSearchParams, { timezone, languages: spoken }: Surroundings): View {
  const zone = query.get('tz') ?? '';
  return {
    range: readRange(query.get('range')),
    segments: query.getAll('segment').filter((segment) => segment.includes(':')),
    by: query.get('by') || null,
    timezone: zone !== '' && isZone(zone) ? zone : timezone,
    language: languages.find((known) => known === query.get('lang')) ?? firstKnown(spoken),
    theme: themes.find((known) => known === query.get('theme')) ?? 'auto',
  };
}

/** The query string with changes made to the view; everything else in it stays. */
export function writeView(query: URLSearchParams, change: Partial<View>): URLSearchParams {
  const next = new URLSearchParams(query);
  if (change.range !== undefined) next.set('range', writeRange(change.range));
  if (change.timezone !== undefined) next.set('tz', change.timezone);
  if (change.language !== undefined) next.set('lang', change.language);
  if (change.theme !== undefined) setOrDrop(next, 'theme', change.theme === 'auto' ? null : change.theme);
  if (change.by !== undefined) setOrDrop(next, 'by', change.by);
  if (change.segments !== undefined) {
    next.delete('segment');
    for (const segment of change.segments) next.append('segment', segment);
  }
  return next;
}

/** The part of a query string that stays when another page is opened. */
export function carriedOver(query: URLSearchParams): URLSearchParams {
  const shared = ['range', 'segment', 'by', 'tz', 'lang', 'theme'];
  return new URLSearchParams([...query].filter(([name]) => shared.includes(name)));
}

export function setOrDrop(query: URLSearchParams, name: string, value: string | null): void {
  if (value === null || value === '') query.delete(name);
  else query.set(name, value);
}

function firstKnown(spoken: readonly string[]): Language {
  const codes = spoken.map((tag) => tag.slice(0, 2).toLowerCase());
  return languages.find((known) => known === codes.find((code) => languages.some((one) => one === code))) ?? 'en';
}
