/** Reads the cells of one record, a line at a time. */
export interface RecordReader {
  /** Takes the next line of the record: `open` = a quote is still open, so the record goes on in the next line. */
  read(line: string): 'complete' | 'open' | { fault: string };
  /** The cells of the complete record. */
  cells(): string[];
}

/**
 * One record of CSV as in RFC 4180: cells may stand in quotes, then a quote is doubled, and delimiters and line breaks
 * are text. A quote anywhere else is a fault, never a guess. A carriage return at the end of a record is its line break.
 */
export function createRecordReader(delimiter: string): RecordReader {
  const cells: string[] = [];
  let quoted: string | undefined;

  const closeCell = (): void => {
    cells.push(quoted ?? '');
    quoted = undefined;
  };

  return {
    cells: () => cells,
    read(line) {
      const end = line.endsWith('\r') ? line.length - 1 : line.length;
      let at = 0;
      if (quoted !== undefined) quoted += '\n';
      for (;;) {
        if (quoted !== undefined) {
          const close = line.indexOf('"', at);
          if (close < 0) {
            quoted += line.slice(at);
            return 'open';
          }
          quoted += line.slice(at, close);
          at = close + 1;
          if (line[at] === '"') {
            quoted += '"';
            at += 1;
            continue;
          }
          closeCell();
          if (at === end) return 'complete';
          if (line[at] !== delimiter) return { fault: `cell ${cells.length} goes on after its closing quote` };
          at += 1;
        } else if (line[at] === '"') {
          quoted = '';
          at += 1;
        } else {
          const found = line.indexOf(delimiter, at);
          const next = found < 0 ? end : found;
          const text = line.slice(at, next);
          cells.push(text);
          if (text.includes('"')) return { fault: `cell ${cells.length} has a quote inside but is not quoted` };
          if (next === end) return 'complete';
          at = next + 1;
        }
      }
    },
  };
}
