import { Readable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCsvAssembler, detectDelimiter } from '../../src/import/csv-items.ts';
import { lineBytesMax, readLines } from '../../src/import/read-lines.ts';
import type { SourceItem } from '../../src/import/source-item.ts';

const numRuns = Number(process.env.MICHINORI_TEST_RUNS ?? 100);

async function itemsOf(chunks: readonly (string | Buffer)[], delimiter?: string): Promise<SourceItem[]> {
  const assembler = createCsvAssembler({ delimiter });
  const items: SourceItem[] = [];
  for await (const lines of readLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))) {
    items.push(...assembler.push(lines));
  }
  return [...items, ...assembler.end()];
}

const shown = (items: readonly SourceItem[]): unknown[] =>
  items.map((item) => {
    if (item.kind === 'header') return item.columns;
    if (item.kind === 'columns') return item.kind;
    if (item.kind === 'cells') return [item.line, ...item.cells];
    return `${item.kind} ${item.line} ${item.kind === 'unreadable' ? item.code : ''} ${item.raw}`;
  });

describe('CSV', () => {
  it('names the first line of a row, also after rows with line breaks and after blank lines', async () => {
    expect(shown(await itemsOf(['a,b\n1,"x\ny\nz"\n\n2,"p"\n']))).toEqual([
      ['a', 'b'],
      [2, '1', 'x\ny\nz'],
      [6, '2', 'p'],
    ]);
  });

  it.each([
    ['LF', 'a,b\n1,2\n3,4\n'],
    ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n'],
    ['no line break at the end', 'a,b\n1,2\n3,4'],
    ['byte-order mark', '\ufeffa,b\n1,2\n3,4'],
    ['blank lines at both ends', '\n\r\na,b\n1,2\n3,4\n\n'].map(String) as [string, string],
  ])('reads the same rows with %s', async (_name, text) => {
    const items = await itemsOf([text]);
    expect(items.map((item) => (item.kind === 'cells' ? item.cells : item.kind))).toEqual([
      'header',
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  it('has no rows in an empty file and in one with a header alone', async () => {
    expect(await itemsOf([])).toEqual([]);
    expect(await itemsOf(['\n\n'])).toEqual([]);
    expect(shown(await itemsOf(['a,b']))).toEqual([['a', 'b']]);
  });

  it.each([
    [',', 'id,"first; last",when'],
    [';', 'id;first, last;when'],
    ['\t', 'id\tfirst, last\twhen'],
    ['|', 'id|name|when'],
    [',', 'id'],
    [',', '"a;b;c;d",e,f'],
  ])('finds the delimiter %j in the header %j', (delimiter, header) => {
    expect(detectDelimiter(header)).toBe(delimiter);
  });

  it('splits at one delimiter only: the others are text', async () => {
    expect(shown(await itemsOf(['a;b\n1,5;x\ty|z\n']))).toEqual([
      ['a', 'b'],
      [2, '1,5', 'x\ty|z'],
    ]);
    expect(shown(await itemsOf(['a;b\n1,5;x\n'], ','))).toEqual([
      ['a;b'],
      expect.stringMatching(/^unreadable 2 wrong_column_count/),
    ]);
  });

  it('refuses rows with too many or too few cells and goes on', async () => {
    expect(shown(await itemsOf(['a,b\n1\n1,2,3\n1,2\n']))).toEqual([
      ['a', 'b'],
      'unreadable 2 wrong_column_count 1',
      'unreadable 3 wrong_column_count 1,2,3',
      [4, '1', '2'],
    ]);
  });

  it('gives up one line for a stray quote, not the rest of the file', async () => {
    const rest = Array.from({ length: 50 }, (_, index) => `${index},fine`);
    const items = await itemsOf([['a,b', '1,"never closed', ...rest].join('\n')]);
    expect(shown(items)[1]).toBe('unreadable 2 unreadable_row 1,"never closed');
    expect(items.filter(({ kind }) => kind === 'cells')).toHaveLength(50);
    expect(shown(items).at(-1)).toEqual([52, '49', 'fine']);
  });

  it.each([
    ['a quote inside a bare cell', '5" pipe,x'],
    ['text after a closing quote', '"a"b,x'],
    ['a blank after a closing quote', '"a" ,x'],
  ])('refuses %s', async (_name, line) => {
    expect(shown(await itemsOf([`a,b\n${line}\n1,2\n`]))).toEqual([
      ['a', 'b'],
      `unreadable 2 unreadable_row ${line}`,
      [3, '1', '2'],
    ]);
  });

  it('gives up a quote that is open for 1 MiB and reads the lines behind it', async () => {
    const long = Array.from({ length: 1_200 }, () => `1,${'x'.repeat(1_000)}`);
    const items = await itemsOf([['a,b', '"open', ...long, '2,last'].join('\n')]);
    expect(items.filter(({ kind }) => kind === 'unreadable')).toMatchObject([{ line: 2, code: 'unreadable_row' }]);
    expect(items.filter(({ kind }) => kind === 'cells')).toHaveLength(1_201);
  });

  it('refuses a line that is not UTF-8 or longer than 4 MiB, alone, also inside an open quote', async () => {
    const items = await itemsOf([
      'a,b\n1,',
      Buffer.from([0xe9]),
      '\n2,',
      'x'.repeat(lineBytesMax),
      'y\n"3\n',
      Buffer.from([0xff]),
      '\n4,5\n',
    ]);
    expect(items.map((item) => [item.kind, 'line' in item && item.line, 'code' in item && item.code])).toEqual([
      ['header', false, false],
      ['unreadable', 2, 'invalid_utf8'],
      ['unreadable', 3, 'line_too_long'],
      ['unreadable', 4, 'unreadable_row'],
      ['unreadable', 5, 'invalid_utf8'],
      ['cells', 6, false],
    ]);
  });

  it.each([
    ['a quote that is never closed', Buffer.from('a,"b\n1,2\n')],
    ['UTF-16', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le')],
    ['carriage returns alone', Buffer.from('a,b\r1,2\r')],
  ])('ends at a header with %s', async (_name, bytes) => {
    await expect(itemsOf([bytes])).rejects.toMatchObject({ code: 'import_header_invalid' });
  });

  it('trims names of columns and names those without one', async () => {
    expect(shown(await itemsOf(['a , b,,"",__proto__\n']))).toEqual([['a', 'b', 'column_3', 'column_4', '__proto__']]);
  });

  const cell = fc.string({
    unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r\n', ' ', 'é', '道', '😀', ''),
    maxLength: 6,
  });
  const table = fc
    .integer({ min: 2, max: 4 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }));

  it('reads what it can read exactly as csv-parse does, however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.boolean(),
        fc.array(fc.nat({ max: 40 }), { maxLength: 5 }),
        async (rows, isAlwaysQuoted, cuts) => {
          const quote = (text: string): string =>
            isAlwaysQuoted || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
          const header = (rows[0] ?? []).map((_, index) => `c${index}`);
          const text = [header, ...rows].map((row) => row.map(quote).join(',')).join('\n');
          const bytes = Buffer.from(text);
          const places = [0, ...cuts.sort((a, b) => a - b), bytes.length].filter((place) => place <= bytes.length);
          const chunks = places.slice(1).map((place, index) => bytes.subarray(places[index] ?? 0, place));
          const items = await itemsOf(chunks, ',');
          expect(items.map((item) => (item.kind === 'cells' ? item.cells : item.kind))).toEqual(['header', ...rows]);
          expect(parse(text, { relax_column_count: true, delimiter: ',', record_delimiter: '\n' })).toEqual([
            header,
            ...rows,
          ]);
        },
      ),
      { numRuns },
    );
  });

  it('gives the same items for any text, however the bytes are cut', async () => {
    const any = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'é', '""', '",'), maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(any, fc.integer({ min: 1, max: 7 }), async (text, size) => {
        const bytes = Buffer.from(`h1,h2\n${text}`);
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        const whole = await itemsOf([bytes]);
        expect(await itemsOf(chunks)).toEqual(whole);
        const isFull = (line: string): boolean => line !== '' && line !== '\r';
        const lines = whole.flatMap((item) => (!('raw' in item) ? [] : item.raw.split('\n')));
        expect(lines.filter(isFull)).toEqual(text.split('\n').filter(isFull));
      }),
      { numRuns },
    );
  });
});
