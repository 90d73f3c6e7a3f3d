import type { FastifyRequest } from 'fastify';
import { QuestionError } from '../question-error.ts';

/** The forms in which every answer can be had; the first is the default. */
export const formats = ['json', 'csv', 'ndjson'] as const;
export type Format = (typeof formats)[number];

/** Content type that goes with each format. */
export const contentTypes: Record<Format, string> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

const mediaTypes: Record<Format, readonly string[]> = {
  json: ['application/json'],
  csv: ['text/csv'],
  ndjson: ['application/x-ndjson', 'application/ndjson', 'application/jsonl'],
};

interface MediaRange {
  type: string;
  quality: number;
  place: number;
}

/**
 * Chooses the format: `?format=` wins over `Accept` (RFC 9110 § 12.5.1). Each format has the quality of the most
 * specific range that covers it; the highest wins, then the range that stands first, then the order of `formats`.
 * Without either it is JSON.
 *
 * @returns the format, or undefined if nothing that is asked for can be given (406).
 */
export function chooseFormat(format: string | undefined, accept: string | undefined): Format | undefined {
  if (format !== undefined) return formats.find((known) => known === format.toLowerCase());
  if (accept === undefined || accept.trim() === '') return 'json';
  const ranges = accept.split(',').map(readMediaRange);
  return formats
    .map((known) => ({ known, range: bestRange(mediaTypes[known], ranges) }))
    .filter(({ range }) => range !== undefined && range.quality > 0)
    .sort((a, b) => compareRanges(a.range, b.range))[0]?.known;
}

/** The format of a request, from its query string and its `Accept` header; `unknown_format` (406) otherwise. */
export function formatOf(request: FastifyRequest): Format {
  const { format } = request.query as { format?: string };
  const chosen = chooseFormat(format, request.headers.accept);
  if (chosen !== undefined) return chosen;
  throw new QuestionError('unknown_format', `Ask for one of ${formats.join(', ')} by ?format= or by Accept.`);
}

function bestRange(types: readonly string[], ranges: readonly MediaRange[]): MediaRange | undefined {
  const specificity = ({ type }: MediaRange): number => {
    if (types.includes(type)) return 3;
    if (types.some((known) => type === `${known.split('/')[0]}/*`)) return 2;
    return type === '*/*' ? 1 : 0;
  };
  return ranges
    .filter((range) => specificity(range) > 0)
    .sort((a, b) => specificity(b) - specificity(a) || a.place - b.place)[0];
}

function compareRanges(a: MediaRange | undefined, b: MediaRange | undefined): number {
  if (a === undefined || b === undefined) return 0;
  return b.quality - a.quality || a.place - b.place;
}

function readMediaRange(range: string, place: number): MediaRange {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => /^q\s*=/.test(parameter));
  const quality = weight === undefined ? 1 : Number(weight.split('=')[1]);
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0, place };
}
