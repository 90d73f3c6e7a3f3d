import { type Journey, parseJourneys, problemText } from '@michinori/journey';

export type ReadSource =
  | { readonly ok: true; readonly journey: Journey }
  | { readonly ok: false; readonly message: string };

/** The one journey that a source holds, or what is wrong with it in one line. Never throws. */
export function readJourneySource(source: string): ReadSource {
  const parsed = parseJourneys(source, { file: 'definition' });
  if (parsed.outcome === 'invalid') {
    const [first] = parsed.problems;
    return { ok: false, message: first === undefined ? 'not a journey' : problemText(first) };
  }
  const [only, ...others] = parsed.journeys;
  if (only === undefined) return { ok: false, message: 'no journey' };
  return others.length === 0 ? { ok: true, journey: only.journey } : { ok: false, message: 'more than one journey' };
}
