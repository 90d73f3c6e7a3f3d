import { type Cursor, kindOf, membersOf } from './cursor.ts';
import type { Title } from './journey.ts';
import { journeyLimits } from './limits.ts';
import type { Report } from './problem.ts';
import { readText } from './scalars.ts';

/** A title: a text (taken as `en`), or texts by language. The languages come in alphabetical order. */
export function readTitle(cursor: Cursor | undefined, report: Report): Title {
  if (cursor === undefined) return {};
  if (kindOf(cursor) === 'text') {
    const text = readText(cursor, journeyLimits.titleLengthMax, report);
    return text === null ? {} : { en: text };
  }
  const members = membersOf(cursor, 'a text, or texts by language such as { en: Trial, ja: お試し }', report);
  if (members === null) return {};
  if (members.size > journeyLimits.languagesMax)
    report('too_many', cursor, `has more than ${journeyLimits.languagesMax} languages`);
  const texts: [string, string][] = [];
  for (const [language, member] of members) {
    if (language in commonNames || !/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(language)) {
      const at = { key: member.key, offset: member.nameOffset };
      report(
        'invalid_language',
        at,
        `${JSON.stringify(language.slice(0, 60))} is no language tag such as en, ja or zh-Hant`,
        languageMeant(language),
      );
    }
    const text = readText(member, journeyLimits.titleLengthMax, report);
    if (text !== null) texts.push([language, text]);
  }
  return Object.fromEntries(texts.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const commonNames: Readonly<Record<string, string>> = {
  jp: 'ja',
  japanese: 'ja',
  english: 'en',
  german: 'de',
  french: 'fr',
  cn: 'zh',
  kr: 'ko',
};

function languageMeant(language: string): string | null {
  const lower = language.toLowerCase();
  return commonNames[lower] ?? (/^[a-z]{2}$/.test(lower) ? lower : null);
}
