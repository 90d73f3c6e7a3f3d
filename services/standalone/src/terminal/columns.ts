const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;
const widePlanes = /[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const unseen = /[\p{Mn}\p{Me}\p{Cf}]/u;
const control = /\p{Cc}/gu;

function columnsOf(character: string): number {
  if (unseen.test(character)) return 0;
  return wide.test(character) || widePlanes.test(character) ? 2 : 1;
}

/** Columns that a text takes on a terminal: East Asian wide characters take two, combining ones none. */
export function displayWidth(text: string): number {
  return [...text].reduce((sum, character) => sum + columnsOf(character), 0);
}

/** A text without control characters, so that data can't steer the terminal. */
export function printable(text: string): string {
  return text.replace(control, '␣');
}

/** Exactly `width` columns: filled with blanks, or cut with `…`. */
export function fitColumns(text: string, width: number): string {
  const safe = printable(text);
  const length = displayWidth(safe);
  if (length <= width) return safe + ' '.repeat(width - length);
  let shown = '';
  let used = 0;
  for (const character of safe) {
    if (used + columnsOf(character) > width - 1) break;
    shown += character;
    used += columnsOf(character);
  }
  return `${shown}…${' '.repeat(Math.max(0, width - used - 1))}`;
}
