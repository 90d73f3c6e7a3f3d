import { readFileSync } from 'node:fs';
import { type ParsedJourney, type Problem, parseJourneys } from '@michinori/journey';
import { fileReason } from '../file-reason.ts';
import { UsageError } from './usage-error.ts';

/** What a file of journeys holds. `problems` is empty exactly when all of it is valid. */
export interface JourneyFile {
  readonly file: string;
  readonly text: string;
  readonly journeys: readonly ParsedJourney[];
  readonly problems: readonly Problem[];
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads and checks a file. @throws UsageError if it can't be read as UTF-8 text */
export function readJourneyFile(file: string): JourneyFile {
  let text: string;
  try {
    text = decoder.decode(readFileSync(file));
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${fileReason(error)}`);
  }
  const parsed = parseJourneys(text, { file });
  if (parsed.outcome === 'ok') return { file, text, journeys: parsed.journeys, problems: [] };
  return { file, text, journeys: [], problems: parsed.problems };
}
