import { type Refusal, refuse } from './problems.ts';

export const codings = ['gzip', 'deflate', 'br'] as const;
export type Coding = (typeof codings)[number];

/** For the header `Accept-Encoding` of a 415 (RFC 9110 §12.5.3). */
export const acceptedEncodings = codings.join(', ');

const codingsMax = 3;
const names = new Map<string, Coding>([
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
  ['br', 'br'],
]);

/**
 * The codings of a `Content-Encoding` header in the order in which they were applied, `identity` left out. At most three:
 * each one more multiplies what a small body can become.
 */
export function readContentEncoding(header: string | undefined): { outcome: 'codings'; codings: Coding[] } | Refusal {
  const tokens = (header ?? '')
    .split(',')
    .map((token) => token.trim().toLowerCase())
    .filter((token) => token !== '' && token !== 'identity');
  if (tokens.length > codingsMax) {
    return refuse(
      'unsupported_encoding',
      `A body may be encoded ${codingsMax} times, this one is ${tokens.length} times.`,
    );
  }
  const found: Coding[] = [];
  for (const token of tokens) {
    const coding = names.get(token);
    if (coding === undefined) {
      const detail = `Content-Encoding ${JSON.stringify(token.slice(0, 40))} is not supported; use identity, ${acceptedEncodings}.`;
      return refuse('unsupported_encoding', detail);
    }
    found.push(coding);
  }
  return { outcome: 'codings', codings: found };
}
