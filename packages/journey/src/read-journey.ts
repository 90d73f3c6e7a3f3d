import { type Cursor, cursorAt, elementsOf, type Members, oneOrMore, shapeOf } from './cursor.ts';
import { readId, readSegment, readTimezone } from './identifiers.ts';
import type { ExitRule, Journey, Persona, Stage } from './journey.ts';
import { journeyLimits } from './limits.ts';
import type { Places } from './places.ts';
import type { Report } from './problem.ts';
import { readConditions } from './read-condition.ts';
import { readHealth } from './read-health.ts';
import { readExitRule } from './read-rule.ts';
import { readStage } from './read-stage.ts';
import { readTitle } from './read-title.ts';
import { readInteger, readText, readWord } from './scalars.ts';
import type { SourceDocument } from './source.ts';

export const journeyKeys = [
  'journey',
  'version',
  'title',
  'unit',
  'timezone',
  'progress',
  'activity',
  'personas',
  'segments',
  'stages',
  'exit',
  'health',
] as const;

/** A journey with what could be read of it; null if the document is no map. Every fault is reported. */
export function readJourney(document: SourceDocument, places: Places, report: Report): Journey | null {
  const root = cursorAt(document.root, '', 0);
  const members = shapeOf(root, journeyKeys, ['journey', 'version', 'stages'], report);
  if (members === null) return null;
  const id = members.get('journey');
  const version = members.get('version');
  const timezone = members.get('timezone');
  const health = members.get('health');
  const journey: Journey = {
    id: (id && readId(id, report)) ?? '',
    version: (version && readInteger(version, 1, journeyLimits.versionMax, report)) ?? 1,
    title: readTitle(members.get('title'), report),
    unit: wordOf(members, 'unit', ['customer', 'account'], report),
    timezone: (timezone && readTimezone(timezone, report)) ?? 'UTC',
    progress: wordOf(members, 'progress', ['forward', 'free'], report),
    activity: wordOf(members, 'activity', ['any', 'inbound'], report),
    personas: readPersonas(members.get('personas'), places, report),
    segments: readSegments(members.get('segments'), report),
    stages: readStages(members.get('stages'), places, report),
    exit: readExits(members.get('exit'), places, report),
    ...(health === undefined ? {} : { health: readHealth(health, places, report) }),
  };
  places.set(journey, root, members);
  return journey;
}

function wordOf<Word extends string>(
  members: Members,
  key: string,
  words: readonly [Word, ...Word[]],
  report: Report,
): Word {
  const cursor = members.get(key);
  return (cursor === undefined ? null : readWord(cursor, words, report)) ?? words[0];
}

function readStages(cursor: Cursor | undefined, places: Places, report: Report): Stage[] {
  if (cursor === undefined) return [];
  const given = elementsOf(cursor, 'a list of stages', journeyLimits.stagesMax, report);
  if (given?.length === 0) report('empty_list', cursor, 'a journey needs at least one stage');
  return (given ?? []).map((each) => readStage(each, places, report)).filter((stage) => stage !== null);
}

function readExits(cursor: Cursor | undefined, places: Places, report: Report): ExitRule[] {
  if (cursor === undefined) return [];
  const given = oneOrMore(cursor, 'a rule or a list of rules', journeyLimits.rulesMax, report) ?? [];
  return given.flatMap((each) => {
    const rule = readExitRule(each, report);
    if (rule === null) return [];
    places.set(rule, each);
    return [rule];
  });
}

function readPersonas(cursor: Cursor | undefined, places: Places, report: Report): Persona[] {
  if (cursor === undefined) return [];
  const given = elementsOf(cursor, 'a list of personas', journeyLimits.personasMax, report) ?? [];
  return given.map((each) => readPersona(each, places, report)).filter((persona) => persona !== null);
}

function readPersona(cursor: Cursor, places: Places, report: Report): Persona | null {
  const members = shapeOf(cursor, ['id', 'title', 'where', 'goal'], ['id', 'where'], report);
  if (members === null) return null;
  const [id, where, goal] = [members.get('id'), members.get('where'), members.get('goal')];
  const conditions = where === undefined ? [] : readConditions(where, ['trait'], report);
  if (where !== undefined && conditions?.length === 0)
    report('empty_list', where, 'a persona needs at least one condition');
  const persona: Persona = {
    id: (id && readId(id, report)) ?? '',
    title: readTitle(members.get('title'), report),
    where: conditions ?? [],
    goal: goal === undefined ? null : readText(goal, journeyLimits.valueLengthMax, report),
  };
  places.set(persona, cursor, members);
  return persona;
}

function readSegments(cursor: Cursor | undefined, report: Report): string[] {
  if (cursor === undefined) return [];
  const given = elementsOf(cursor, 'a list of names of traits', journeyLimits.segmentsMax, report) ?? [];
  const segments = given.map((each) => readSegment(each, report));
  for (const [index, segment] of segments.entries()) {
    const at = given[index];
    if (at && segment !== null && segments.indexOf(segment) < index)
      report('duplicate_value', at, `${JSON.stringify(segment)} stands twice`);
  }
  return segments.filter((segment) => segment !== null);
}
