import type { FastifyRequest } from 'fastify';

/** The forms in which every answer can be had. */
export type Format = 'json' | 'csv' | 'ndjson';

export const formats: readonly Format[] = ['json', 'csv', 'ndjson'];

/** Content type that goes with each format. */
export const contentTypes: Record<Format, string> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

const byMediaType: Record<string, Format> = {
  'application/json': 'json',
  'application/*': 'json',
  '*/*': 'json',
  'text/csv': 'csv',
  'text/*': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
};

/**
 * Chooses the format: `?format=` wins over `Accept`; the most wanted media type (RFC 9110 § 12.5.1, quality
 * values) that exists here is taken; without either it is JSON.
 *
 * @returns the format, or undefined if nothing that is asked for can be given (406).
 */
export function chooseFormat(format: string | undefined, accept: string | undefined): Format | undefined {
  if (format !== undefined) return formats.find((known) => known === format.toLowerCase());
  if (accept === undefined || accept.trim() === '') return 'json';
  return accept
    .split(',')
    .map(readMediaRange)
    .filter(({ quality, type }) => quality > 0 && byMediaType[type] !== undefined)
    .sort((a, b) => b.quality - a.quality)
    .map(({ type }) => byMediaType[type])[0];
}

/** The format of a request, from its query string and its `Accept` header. */
export function formatOf(request: FastifyRequest): Format | undefined {
  const { format } = request.query as { format?: string };
  return chooseFormat(format, request.headers.accept);
}

function readMediaRange(range: string): { type: string; quality: number } {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = weight === undefined ? 1 : Number(weight.slice(2));
  return { type, quality: Number.isNaN(quality) ? 0 : quality };
}
