/** Escapes what Slack gives a meaning: `&`, `<`, `>` ("Formatting text for app surfaces"). */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Escaped text of at most `lengthMax` characters; what is too long ends with `…`, and no escape or character is cut in two. */
export function clipSlack(text: string, lengthMax: number): string {
  const whole = escapeSlack(text);
  if (whole.length <= lengthMax) return whole;
  let clipped = '';
  for (const character of text) {
    const next = escapeSlack(character);
    if (clipped.length + next.length > lengthMax - 1) break;
    clipped += next;
  }
  return `${clipped}…`;
}

/** A link with words: `<address|words>`. */
export function slackLink(address: string, words: string): string {
  const url = address.replaceAll('|', '%7C').replaceAll('<', '%3C').replaceAll('>', '%3E').replaceAll('&', '&amp;');
  return `<${url}|${escapeSlack(words).replaceAll('|', '¦')}>`;
}
