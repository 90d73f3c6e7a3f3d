import { readFileSync } from 'node:fs';
import type { Journey, Problem } from '@michinori/journey';
import { parseJourneys } from '@michinori/journey';

/** The text of a file beside this one. */
export function textOf(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

/** The one journey of a text that has to be valid. */
export function journeyOf(text: string): Journey {
  const parsed = parseJourneys(text, { file: 'test.yaml' });
  if (parsed.outcome === 'invalid') throw new Error(JSON.stringify(parsed.problems, null, 1));
  const [first, ...further] = parsed.journeys;
  if (first === undefined || further.length > 0) throw new Error(`${parsed.journeys.length} journeys`);
  return first.journey;
}

export function problemsOf(text: string): readonly Problem[] {
  const parsed = parseJourneys(text, { file: 'test.yaml' });
  return parsed.outcome === 'invalid' ? parsed.problems : [];
}

/** `code key` of every problem. */
export function briefly(text: string): string[] {
  return problemsOf(text).map(({ code, key }) => `${code} ${key}`.trim());
}

/** A journey of one stage with these enter rules and exits, as YAML. */
export function withRules(enter: string, exit = '[]'): string {
  return `journey: j\nversion: 1\nstages: [{ id: s, enter: ${enter} }]\nexit: ${exit}\n`;
}
