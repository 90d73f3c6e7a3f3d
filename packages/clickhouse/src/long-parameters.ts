import { castText, quoteText } from './parameter-text.ts';
import type { Parameters } from './parameters.ts';
import { replacePlaceholders } from './placeholders.ts';

// Fields of a request are bounded: 128 KiB in a form (`http_max_field_value_size`, which a client cannot raise), often 8 KiB in
// an address on its way through a proxy. The text of the query, which is the body of the request, may be of any length.
const charactersMax = { form: 32 * 1024, address: 1024 } as const;
const keptCharactersMax = 256;

/** A query whose long parameters stand in its text as `CAST('…', 'Type')`, quoted; the short ones stay bound. */
export interface ShortenedQuery {
  readonly sql: string;
  readonly parameters: Parameters;
}

/** Moves parameters into the text of the query if one is too long for where they would travel otherwise. */
export function withoutLongParameters(sql: string, parameters: Parameters, place: 'form' | 'address'): ShortenedQuery {
  const texts = [...parameters].flatMap(([name, value]) =>
    value === null || typeof value === 'boolean' ? [] : [[name, castText(value)] as const],
  );
  if (texts.every(([, text]) => text.length <= charactersMax[place])) return { sql, parameters };
  const long = new Map(texts.filter(([, text]) => text.length > keptCharactersMax));
  return {
    sql: replacePlaceholders(sql, ({ name, type }) => {
      const text = long.get(name);
      return text === undefined ? undefined : `CAST(${quoteText(text)}, ${quoteText(type)})`;
    }),
    parameters: new Map([...parameters].filter(([name]) => !long.has(name))),
  };
}
