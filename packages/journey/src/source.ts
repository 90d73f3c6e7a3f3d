import { type Document, type LineCounter, type ParsedNode, parseAllDocuments, type YAMLError } from 'yaml';
import { journeyLimits } from './limits.ts';
import { isTooDeep } from './nesting.ts';
import type { Place, Report } from './problem.ts';
import { checkNodes, tagMessage } from './source-nodes.ts';

/** One YAML document of a source: its value and its text, without the line `---` that begins it. */
export interface SourceDocument {
  readonly root: ParsedNode;
  readonly text: string;
}

/**
 * The documents of a YAML 1.2 text (core schema: `on`, `off`, `yes`, `no` are texts, `010` is ten), those that hold nothing
 * left out. Documents with faults of syntax are reported and left out.
 */
export function readDocuments(text: string, lines: LineCounter, report: Report): SourceDocument[] {
  const start: Place = { key: '', offset: 0 };
  if (text.length > journeyLimits.sourceLengthMax) {
    report(
      'source_too_large',
      start,
      `the text has ${text.length} characters, at most ${journeyLimits.sourceLengthMax} are read at once`,
    );
    return [];
  }
  if (isTooDeep(text, journeyLimits.depthMax)) {
    report('yaml_too_deep', start, `more than ${journeyLimits.depthMax} maps and lists lie inside each other`);
    return [];
  }
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: false,
    logLevel: 'silent',
  });
  const documents = Array.isArray(parsed) ? (parsed as Document.Parsed[]) : [];
  const sound: SourceDocument[] = [];
  let endOfPrevious = 0;
  let isEmpty = true;
  for (const document of documents) {
    const from = endOfPrevious;
    endOfPrevious = document.range[2];
    const { contents: root, errors, warnings } = document;
    for (const { code, pos } of warnings)
      if (code === 'TAG_RESOLVE_FAILED') report('yaml_tag', { key: '', offset: pos[0] }, tagMessage);
    const onLine = new Map(
      errors.map((error) => [lines.linePos(error.pos[0]).line, error]).reverse() as [number, YAMLError][],
    );
    for (const error of [...onLine.values()].reverse()) reportSyntax(error, report);
    if (errors.length > 0) isEmpty = false;
    else if (root !== null && !isNothing(root)) {
      isEmpty = false;
      checkNodes(root, report);
      sound.push({ root, text: ownText(text.slice(from, endOfPrevious)) });
    }
  }
  if (isEmpty) report('no_journey', start, 'the text holds no journey');
  return sound;
}

function isNothing(root: ParsedNode): boolean {
  return 'value' in root && root.value === null && root.source !== '~' && root.source !== 'null';
}

function ownText(slice: string): string {
  const text = slice
    .replace(/^\uFEFF/, '')
    .replace(/^(?:[ \t]*\r?\n)*---[ \t]*\r?\n/, '')
    .replace(/\r?\n\.\.\.[ \t]*\r?\n?$/, '\n');
  return text.endsWith('\n') ? text : `${text}\n`;
}

function reportSyntax(error: YAMLError, report: Report): void {
  const at: Place = { key: '', offset: error.pos[0] };
  if (error.code === 'TAB_AS_INDENT') {
    report('yaml_tab', at, 'a tab stands where YAML wants blanks');
  } else if (error.code === 'BAD_ALIAS') {
    report('yaml_alias', at, 'a text that begins with * has to stand in quotes', '"*"');
  } else {
    const message = error.message.charAt(0).toLowerCase() + error.message.slice(1);
    report('yaml_syntax', at, `not YAML: ${message}`);
  }
}
