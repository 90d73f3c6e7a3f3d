import { canonicalDefinition, type ParsedJourney, type Problem, parseJourneys } from '@michinori/journey';
import type { ProblemError } from '@michinori/runtime';
import { QuestionError } from '../question-error.ts';

const file = 'body';

/**
 * The journeys of a YAML text.
 *
 * @throws QuestionError `invalid_journey` with every problem: where it stands and what was probably meant
 */
export function readJourneyText(source: string): readonly ParsedJourney[] {
  if (source.includes('\0') || /\p{Surrogate}/u.test(source))
    throw new QuestionError('invalid_journey', 'The text contains NUL or half of a surrogate pair.');
  const parsed = parseJourneys(source, { file });
  if (parsed.outcome === 'ok') return parsed.journeys;
  const [first] = parsed.problems;
  const more = parsed.problems.length > 1 ? ` (and ${parsed.problems.length - 1} more)` : '';
  const detail = first === undefined ? 'The text holds no journey.' : `${messageOf(first)}${more}`;
  throw new QuestionError('invalid_journey', detail, parsed.problems.map(toFinding));
}

/** The journeys of a text that was stored; none if this program can't read it. */
export function readStored(source: string): readonly ParsedJourney[] {
  const parsed = parseJourneys(source, { file });
  return parsed.outcome === 'ok' ? parsed.journeys : [];
}

/** What two texts of a journey have in common exactly when they mean the same; a text that can't be read means itself. */
export function meaningOf(source: string): string {
  const [read] = readStored(source);
  return read === undefined ? source : canonicalDefinition(read.journey);
}

function toFinding(problem: Problem): ProblemError {
  return { pointer: pointerOfKey(problem.key), message: messageOf(problem) };
}

function messageOf({ line, column, key, message, suggestion }: Problem): string {
  const where = key === '' ? '' : `${key}: `;
  const hint = suggestion === null ? '' : ` Did you mean ${suggestion}?`;
  return `line ${line}, column ${column}: ${where}${message}.${hint}`;
}

/** `stages[1].enter[0].within` → `/stages/1/enter/0/within`: a JSON pointer into the journey's document. */
export function pointerOfKey(key: string): string {
  const parts = key.split(/[.[\]]/).filter((part) => part !== '');
  return parts.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
