import { createRecordReader, type RecordReader } from './csv-record.ts';
import { importError } from './import-error.ts';
import type { Line } from './read-lines.ts';
import type { ItemAssembler, SourceItem } from './source-item.ts';

const candidates = [',', ';', '\t', '|'];
const recordLengthMax = 1024 * 1024;

/** The delimiter that stands most often in a header, outside of quotes; the comma if there is none. */
export function detectDelimiter(header: string): string {
  const bare = header.replace(/"(?:[^"]|"")*"/g, '');
  const counts = candidates.map((candidate) => bare.split(candidate).length);
  return candidates[counts.indexOf(Math.max(...counts))] ?? ',';
}

/**
 * Lines of CSV → rows. The first line that isn't blank names the columns; blank lines are skipped. A row with a fault in
 * its quotes costs its first line only: reading goes on with the next line, so a stray quote can't swallow a file.
 *
 * @throws `import_header_invalid` if the first line can't be the names of the columns
 */
export function createCsvAssembler(options: { delimiter?: string | undefined }): ItemAssembler<Line> {
  let delimiter = options.delimiter;
  let columns: string[] | undefined;
  let reader: RecordReader | undefined;
  let held: { line: number; text: string }[] = [];
  let heldLength = 0;

  const release = (): { line: number; text: string }[] => {
    const released = held;
    held = [];
    heldLength = 0;
    reader = undefined;
    return released;
  };

  /** Gives up the first of the held lines; the others are read anew. */
  const giveUp = (message: string, items: SourceItem[], queue: Line[]): void => {
    const [first, ...rest] = release();
    if (first === undefined) return;
    if (columns === undefined)
      throw importError('import_header_invalid', `Line ${first.line}, the header: ${message}.`);
    items.push({ kind: 'unreadable', line: first.line, code: 'unreadable_row', message, raw: first.text });
    queue.push(...rest.reverse());
  };

  const complete = (cells: string[], items: SourceItem[]): void => {
    const lines = release();
    const line = lines[0]?.line ?? 0;
    const raw = lines.map(({ text }) => text).join('\n');
    if (columns === undefined) {
      columns = nameColumns(cells);
      items.push({ kind: 'header', columns });
    } else if (cells.length === columns.length) items.push({ kind: 'cells', line, cells, raw });
    else {
      const message = `the row has ${cells.length} cells, the header ${columns.length}`;
      items.push({ kind: 'unreadable', line, code: 'wrong_column_count', message, raw });
    }
  };

  const take = (line: Line, items: SourceItem[], queue: Line[]): void => {
    if (line.fault !== undefined) {
      if (held.length > 0) {
        queue.push(line);
        giveUp('a quote is not closed before a line that can not be read', items, queue);
        return;
      }
      if (columns === undefined) throw unreadableHeader(line);
      items.push(unreadableLine(line));
      return;
    }
    if (held.length === 0 && (line.text === '' || line.text === '\r')) return;
    delimiter ??= detectDelimiter(line.text);
    reader ??= createRecordReader(delimiter);
    held.push(line);
    heldLength += line.text.length;
    const state = reader.read(line.text);
    if (state === 'complete') complete(reader.cells(), items);
    else if (state !== 'open') giveUp(state.fault, items, queue);
    else if (heldLength > recordLengthMax) giveUp('a quote is not closed within 1 MiB', items, queue);
  };

  const drain = (queue: Line[], items: SourceItem[]): void => {
    for (let line = queue.pop(); line !== undefined; line = queue.pop()) take(line, items, queue);
  };

  return {
    push(lines) {
      const items: SourceItem[] = [];
      drain([...lines].reverse(), items);
      return items;
    },
    end() {
      const items: SourceItem[] = [];
      while (held.length > 0) {
        const queue: Line[] = [];
        giveUp('a quote is not closed before the end of the file', items, queue);
        drain(queue, items);
      }
      return items;
    },
  };
}

/** Lines of NDJSON → a row each. */
export function createJsonAssembler(): ItemAssembler<Line> {
  return {
    push: (lines) =>
      lines.map((line) =>
        line.fault === undefined ? { kind: 'json', line: line.line, raw: line.text } : unreadableLine(line),
      ),
    end: () => [],
  };
}

function unreadableLine({ line, fault, raw }: Extract<Line, { fault: string }>): SourceItem {
  const message = fault === 'line_too_long' ? 'a line may have 4 MiB' : 'the line is not UTF-8';
  return { kind: 'unreadable', line, code: fault, message, raw };
}

function unreadableHeader({ fault }: Extract<Line, { fault: string }>): Error {
  const reason =
    fault === 'line_too_long'
      ? 'it is longer than 4 MiB; is this a CSV file?'
      : 'it is not UTF-8; convert the file first, e.g. iconv -f UTF-16 -t UTF-8, or -f SHIFT_JIS, or -f WINDOWS-1252';
  return importError('import_header_invalid', `The header can't be read: ${reason}.`);
}

function nameColumns(cells: readonly string[]): string[] {
  if (cells.some((cell) => cell.includes('\r'))) {
    const message = 'The header has carriage returns inside; lines must end in LF or CRLF.';
    throw importError('import_header_invalid', message);
  }
  return cells.map((cell, index) => cell.trim() || `column_${index + 1}`);
}
