import { QuestionError } from '../question-error.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/**
 * The JSON value of a body. Names such as `__proto__` become ordinary members, which the schema then refuses by name.
 *
 * @throws QuestionError `invalid_json` that says where
 */
export function readJsonBody(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw new QuestionError('invalid_json', 'The body is not UTF-8.');
  }
  if (text.trim() === '')
    throw new QuestionError('invalid_json', 'The body is empty; send the question as a JSON object.');
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new QuestionError('invalid_json', `The body is not JSON: ${reason}.${placeOf(reason, text)}`);
  }
}

function placeOf(reason: string, text: string): string {
  const position = /position (\d+)/.exec(reason)?.[1];
  if (position === undefined) return '';
  const lines = text.slice(0, Number(position)).split('\n');
  return ` Line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}.`;
}
