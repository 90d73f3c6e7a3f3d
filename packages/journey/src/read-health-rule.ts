import { type Cursor, isMisspelt, type Members, membersOf, shapeOf } from './cursor.ts';
import type { HealthRule, HealthTest } from './health.ts';
import { readId, readTouchpoint } from './identifiers.ts';
import type { Condition } from './journey.ts';
import { journeyLimits } from './limits.ts';
import type { Places } from './places.ts';
import type { Report } from './problem.ts';
import { conditionSubjects, readConditions } from './read-condition.ts';
import { readBounds } from './read-health-bounds.ts';
import { readTitle } from './read-title.ts';
import { readDuration, readInteger, readWord } from './scalars.ts';

const shared = ['id', 'title', 'points'] as const;

interface Kind {
  /** Keys besides the shared ones and the one that names the kind. */
  readonly keys: readonly string[];
  readonly required: readonly string[];
  readonly read: (members: Members, named: Cursor, report: Report) => HealthTest | null;
}

const kinds: Readonly<Record<HealthTest['kind'], Kind>> = {
  idle: { keys: ['for', 'where'], required: ['for'], read: readIdle },
  count: { keys: ['where', 'within', 'at_least', 'at_most'], required: [], read: readCount },
  trend: { keys: ['where', 'within', 'at_least', 'at_most', 'minimum'], required: ['within'], read: readTrend },
  sentiment: { keys: ['where', 'within', 'at_least', 'at_most', 'minimum'], required: ['within'], read: readSentiment },
  nps: { keys: ['within'], required: [], read: readNps },
  stalled: { keys: [], required: [], read: readStalled },
};

const kindNames = Object.keys(kinds) as readonly HealthTest['kind'][];
const allKeys = [...new Set([...shared, ...kindNames, ...Object.values(kinds).flatMap(({ keys }) => keys)])];

/** A health rule, or null if anything of it is wrong. */
export function readHealthRule(cursor: Cursor, places: Places, report: Report): HealthRule | null {
  const given = membersOf(
    cursor,
    'a health rule such as { id: quiet, idle: app.opened, for: 7d, points: -10 }',
    report,
  );
  if (given === null) return null;
  const [name, ...further] = kindNames.filter((kind) => given.has(kind));
  if (name === undefined || further.length > 0) {
    if (name === undefined) shapeOf(cursor, allKeys, ['id', 'points'], report);
    if (name !== undefined || !kindNames.some((kind) => isMisspelt(kind, given, allKeys)))
      report(
        'health_rule_kind',
        cursor,
        `a health rule names exactly one of ${kindNames.join(', ')}, not ${name === undefined ? 'none' : [name, ...further].join(' and ')}`,
      );
    return null;
  }
  const { keys, required, read } = kinds[name];
  const known = [...shared, name, ...keys];
  const members = shapeOf(cursor, known, ['id', 'points', ...required], report);
  const named = members?.get(name);
  if (members === null || named === undefined) return null;
  const [id, points] = [members.get('id'), members.get('points')];
  const rule = {
    id: id === undefined ? null : readId(id, report),
    title: readTitle(members.get('title'), report),
    points:
      points === undefined
        ? null
        : readInteger(points, -journeyLimits.healthPointsMax, journeyLimits.healthPointsMax, report),
    test: read(members, named, report),
  };
  const isKnown = [...members.keys()].every((key) => known.includes(key));
  if (rule.id === null || rule.points === null || rule.test === null || !isKnown) return null;
  const whole: HealthRule = { id: rule.id, title: rule.title, points: rule.points, test: rule.test };
  places.set(whole, cursor, members);
  return whole;
}

interface Matching {
  readonly touchpoint: string;
  readonly where: readonly Condition[];
}

function readMatching(members: Members, named: Cursor, report: Report): Matching | null {
  const touchpoint = readTouchpoint(named, report);
  const given = members.get('where');
  const where = given === undefined ? [] : readConditions(given, conditionSubjects, report);
  return touchpoint === null || where === null ? null : { touchpoint, where };
}

/** Undefined: not given; null: wrong, and reported. */
function durationOf(members: Members, key: string, report: Report): number | null | undefined {
  const given = members.get(key);
  return given === undefined ? undefined : readDuration(given, report);
}

function readIdle(members: Members, named: Cursor, report: Report): HealthTest | null {
  const matching = readMatching(members, named, report);
  const forUs = durationOf(members, 'for', report) ?? null;
  return matching === null || forUs === null ? null : { kind: 'idle', ...matching, forUs };
}

function readCount(members: Members, named: Cursor, report: Report): HealthTest | null {
  const matching = readMatching(members, named, report);
  const withinUs = durationOf(members, 'within', report);
  const bounds = readBounds(members, named, { min: 0, max: journeyLimits.countMax, isWhole: true, atLeast: 1 }, report);
  if (matching === null || withinUs === null || bounds === null) return null;
  return { kind: 'count', ...matching, withinUs: withinUs ?? null, ...bounds };
}

/** The fewest events that a trend, or a mean, is taken of. */
function minimumOf(members: Members, byDefault: number, report: Report): number | null {
  const given = members.get('minimum');
  return given === undefined ? byDefault : readInteger(given, 1, journeyLimits.countMax, report);
}

function readTrend(members: Members, named: Cursor, report: Report): HealthTest | null {
  const matching = readMatching(members, named, report);
  const withinUs = durationOf(members, 'within', report) ?? null;
  const bounds = readBounds(members, named, { min: 0, max: 100, isWhole: false, isSingle: true }, report);
  const minimum = minimumOf(members, 3, report);
  if (matching === null || withinUs === null || bounds === null || minimum === null) return null;
  return { kind: 'trend', ...matching, withinUs, ...bounds, minimum };
}

function readSentiment(members: Members, named: Cursor, report: Report): HealthTest | null {
  const matching = readMatching(members, named, report);
  const withinUs = durationOf(members, 'within', report) ?? null;
  const bounds = readBounds(members, named, { min: -1, max: 1, isWhole: false }, report);
  const minimum = minimumOf(members, 1, report);
  if (matching === null || withinUs === null || bounds === null || minimum === null) return null;
  return { kind: 'sentiment', ...matching, withinUs, ...bounds, minimum };
}

function readNps(members: Members, named: Cursor, report: Report): HealthTest | null {
  const word = readWord(named, ['promoter', 'passive', 'detractor'] as const, report);
  const withinUs = durationOf(members, 'within', report);
  return word === null || withinUs === null ? null : { kind: 'nps', class: word, withinUs: withinUs ?? null };
}

const quantiles = { p50: 0.5, p75: 0.75, p90: 0.9 } as const;

function readStalled(_members: Members, named: Cursor, report: Report): HealthTest | null {
  const word = readWord(named, ['p50', 'p75', 'p90'] as const, report);
  return word === null ? null : { kind: 'stalled', quantile: quantiles[word] };
}
