import { LineCounter } from 'yaml';
import { checkJourney } from './check-journey.ts';
import type { Journey } from './journey.ts';
import { createPlaces } from './places.ts';
import type { Place, Problem, Report } from './problem.ts';
import { readJourney } from './read-journey.ts';
import { readDocuments } from './source.ts';

export interface ParsedJourney {
  readonly journey: Journey;
  /** The YAML text of the journey's own document: parsed alone it gives the same journey. */
  readonly source: string;
}

export type ParsedJourneys =
  | { readonly outcome: 'ok'; readonly journeys: readonly ParsedJourney[] }
  | { readonly outcome: 'invalid'; readonly problems: readonly Problem[] };

/**
 * Reads one or several journeys from a YAML 1.2 text (documents are separated by `---`). Either all of them are valid, or all
 * problems of all of them come back in the order of the text. `file` is only named in the problems. Never throws. The
 * language is described in docs/journeys.md, the problems in docs/errors.md.
 */
export function parseJourneys(text: string, { file }: { readonly file: string }): ParsedJourneys {
  const lines = new LineCounter();
  const found: { problem: Problem; offset: number }[] = [];
  const report: Report = (code, at, message, suggestion = null) => {
    const { line, col } = lines.linePos(at.offset);
    const problem: Problem = {
      code,
      file,
      line: Math.max(1, line),
      column: Math.max(1, col),
      key: at.key,
      message,
      suggestion,
    };
    found.push({ problem, offset: at.offset });
  };
  const journeys = readDocuments(text, lines, report).flatMap((document) => {
    const places = createPlaces();
    const journey = readJourney(document, places, report);
    if (journey === null) return [];
    checkJourney(journey, places, report);
    return [{ journey, source: document.text, idAt: places.of(journey, 'journey') }];
  });
  checkJourneyIds(journeys, report);
  if (found.length > 0)
    return { outcome: 'invalid', problems: found.sort((a, b) => a.offset - b.offset).map(({ problem }) => problem) };
  return { outcome: 'ok', journeys: journeys.map(({ journey, source }) => ({ journey, source })) };
}

function checkJourneyIds(journeys: readonly { journey: Journey; idAt: Place }[], report: Report): void {
  const seen = new Set(['']);
  for (const { journey, idAt } of journeys) {
    if (journey.id !== '' && seen.has(journey.id))
      report('duplicate_id', idAt, `there is another journey with the id ${journey.id}`);
    seen.add(journey.id);
  }
}
