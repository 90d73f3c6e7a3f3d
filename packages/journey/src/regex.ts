import { journeyLimits } from './limits.ts';

/**
 * What is wrong with a pattern, or null. The judge at run time is RE2; this admits the part of it that can be recognised
 * without RE2: what JavaScript (flag `u`) understands too, without look-around, back references, named groups,
 * `\0`, `\c`, `\u`, `[]`, and with repetitions whose bounds, multiplied where they lie inside each other, are at most
 * 1 000. `(?i)`, `(?s)`, `(?m)` may begin it.
 */
export function regexProblem(pattern: string): string | null {
  if (pattern.length > journeyLimits.regexLengthMax) return `has more than ${journeyLimits.regexLengthMax} characters`;
  const body = pattern.replace(/^\(\?[ims]+\)/, '');
  const bare = body.replace(/\\./gs, (escaped) => (/[1-9kKcu0]/.test(escaped.charAt(1)) ? '\\' : 'x'));
  if (bare.includes('\\')) return 'has an escape that RE2 does not know (back references, \\k, \\c, \\u, \\0)';
  if (/\[\^?\]/.test(bare)) return 'has an empty class []';
  if (/\(\?(?!:)/.test(bare))
    return 'has a group that is neither ( nor (?: : look-around and names are not allowed, flags only at the beginning';
  if (repetition(bare) > 1_000) return 'repeats more than 1 000 times';
  const properties = body.match(/\\[pP].[^}]*\}?/g) ?? [];
  if (!properties.every((property) => /^\\[pP]\{[A-Z][a-z]?\}$/.test(property)))
    return 'has a \\p other than a general category such as \\p{L}';
  try {
    new RegExp(body, 'u');
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*\/u?: /, '') : '';
    return `is no pattern: ${reason.toLowerCase()}`;
  }
}

/** The greatest product of bounds of repetitions that lie inside each other. */
function repetition(bare: string): number {
  const enclosing = [1];
  let atom = 1;
  const keep = (value: number): void => {
    atom = value;
    enclosing.push(Math.max(enclosing.pop() ?? 1, value));
  };
  for (const [token, least = '', most = ''] of bare.matchAll(/\[[^\]]*\]|\{([0-9]+)(?:,([0-9]*))?\}|./gs)) {
    if (token === '(') enclosing.push(1);
    else if (token === ')') keep(enclosing.length > 1 ? (enclosing.pop() ?? 1) : 1);
    else if (least !== '') keep(atom * Math.max(1, Number(least), Number(most)));
    else atom = 1;
  }
  return Math.max(...enclosing);
}
