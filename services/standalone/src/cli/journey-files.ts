import { type ParsedJourney, type Problem, parseJourneys } from '@michinori/journey';
import { readTextFile } from './text-file.ts';

/** What a file of journeys holds. `problems` is empty exactly when all of it is valid. */
export interface JourneyFile {
  readonly file: string;
  readonly text: string;
  readonly journeys: readonly ParsedJourney[];
  readonly problems: readonly Problem[];
}

/** Reads and checks a file. @throws UsageError if it can't be read as UTF-8 text */
export function readJourneyFile(file: string): JourneyFile {
  const text = readTextFile(file);
  const parsed = parseJourneys(text, { file });
  if (parsed.outcome === 'ok') return { file, text, journeys: parsed.journeys, problems: [] };
  return { file, text, journeys: [], problems: parsed.problems };
}
