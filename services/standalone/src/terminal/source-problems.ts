import type { Problem } from '@michinori/journey';
import { displayWidth, printable } from './columns.ts';

/** A problem of any kind of text: journeys, rules of alerts. */
export type ShownProblem = Omit<Problem, 'code'> & { readonly code: string };

const before = 60;
const after = 40;

/** Problems of a text as a compiler prints them: place and words, then the line with a mark below the place. */
export function drawProblems(text: string, problems: readonly ShownProblem[]): string {
  const lines = text.split(/\r\n|\n|\r/);
  return problems.map((problem) => drawProblem(lines[problem.line - 1] ?? '', problem)).join('\n');
}

function drawProblem(
  line: string,
  { file, line: number, column, key, message, suggestion, code }: ShownProblem,
): string {
  const where = key === '' ? '' : `${key}: `;
  const hint = suggestion === null ? '' : ` Did you mean ${suggestion}?`;
  const words = `${file}:${number}:${column}: ${where}${message}.${hint} [${code}]`;
  const start = Math.max(0, column - 1 - before);
  const shown = cleared(line.slice(start, column - 1 + after));
  const indent = displayWidth(cleared(line.slice(start, column - 1)));
  const margin = String(number);
  const [cutBefore, cutAfter] = [start > 0 ? '…' : '', line.length > column - 1 + after ? '…' : ''];
  return [
    printable(words),
    `  ${margin} | ${cutBefore}${shown}${cutAfter}`,
    `  ${' '.repeat(margin.length)} | ${' '.repeat(cutBefore.length + indent)}^`,
    '',
  ].join('\n');
}

/** A tab as one blank, so that the mark stands below its place. */
function cleared(text: string): string {
  return printable(text.replaceAll('\t', ' '));
}
