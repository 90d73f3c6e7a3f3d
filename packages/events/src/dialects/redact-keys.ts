const KEY_MEMBER = /("(?:writeKey|api_key|token)"\s*:\s*)"(?:[^"\\]|\\.)*"/g;

/** An event's JSON text with the values of the members that carry API keys in other wire forms replaced by `"***"`. */
export function redactKeys(text: string): string {
  return text.replace(KEY_MEMBER, '$1"***"');
}
