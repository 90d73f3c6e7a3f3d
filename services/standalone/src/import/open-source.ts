import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { openParquet } from '@michinori/clickhouse';
import { MichinoriError } from '@michinori/runtime';
import { fileReason } from '../file-reason.ts';
import { createCsvAssembler, createJsonAssembler } from './csv-items.ts';
import { importError } from './import-error.ts';
import { readLines } from './read-lines.ts';
import { readParquetItems } from './read-parquet.ts';
import { readXes } from './read-xes.ts';
import type { SourceItem } from './source-item.ts';

export const sourceFormats = ['csv', 'ndjson', 'parquet', 'xes'] as const;
export type SourceFormat = (typeof sourceFormats)[number];

/** An opened file. `items` can be gone through once; `readBytes` counts what was taken from the disk, about. */
export interface OpenedSource {
  sizeBytes: number;
  modifiedMs: number;
  format: SourceFormat;
  items: AsyncIterable<readonly SourceItem[]>;
  readBytes: () => number;
  close(): Promise<void>;
}

export interface SourceOptions {
  format?: SourceFormat | undefined;
  delimiter?: string | undefined;
  /** Folder of the embedded engine, where this process has it open. */
  engineFolder?: string | undefined;
}

type FileFacts = Pick<OpenedSource, 'sizeBytes' | 'modifiedMs'> & { isGzip: boolean };

const byEnding: Record<string, SourceFormat> = {
  csv: 'csv',
  tsv: 'csv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  parquet: 'parquet',
  xes: 'xes',
};

/**
 * Opens a file for import; gzip is recognised by its first bytes, the format by the name unless it is given.
 *
 * @throws `import_file_unreadable`, also while the items are gone through, `import_format_unknown`
 */
export async function openSource(path: string, options: SourceOptions): Promise<OpenedSource> {
  const format = options.format ?? formatOf(path);
  try {
    const facts = await inspect(path);
    return format === 'parquet'
      ? await openParquetSource(path, facts, options.engineFolder)
      : openStream(path, facts, format, options.delimiter);
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function openParquetSource(path: string, facts: FileFacts, folder: string | undefined): Promise<OpenedSource> {
  const reader = await openParquet(path, { folder });
  let share = 0;
  const items = readParquetItems(reader, (rows) => {
    share = rows / Math.max(1, reader.rowCount);
  });
  return {
    ...facts,
    format: 'parquet',
    items: guarded(path, items),
    readBytes: () => Math.round(share * facts.sizeBytes),
    close: () => reader.close(),
  };
}

function openStream(
  path: string,
  facts: FileFacts,
  format: Exclude<SourceFormat, 'parquet'>,
  delimiter: string | undefined,
): OpenedSource {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  const stream: Readable = facts.isGzip ? pipeline(file, createGunzip({ chunkSize: 256 * 1024 }), () => {}) : file;
  const items = format === 'xes' ? readXes(path, stream) : assemble(stream, format, delimiter);
  return {
    ...facts,
    format,
    items: guarded(path, items),
    readBytes: () => file.bytesRead,
    async close() {
      stream.destroy();
      file.destroy();
    },
  };
}

async function* assemble(
  stream: Readable,
  format: 'csv' | 'ndjson',
  delimiter: string | undefined,
): AsyncGenerator<readonly SourceItem[]> {
  const assembler = format === 'csv' ? createCsvAssembler({ delimiter }) : createJsonAssembler();
  for await (const lines of readLines(stream)) yield assembler.push(lines);
  yield assembler.end();
}

/** The items; what goes wrong while they are read is told as a fault of the file. */
async function* guarded(path: string, items: AsyncIterable<readonly SourceItem[]>) {
  try {
    yield* items;
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function inspect(path: string): Promise<FileFacts> {
  const { size, mtimeMs } = await stat(path);
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    const isGzip = bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
    return { sizeBytes: size, modifiedMs: Math.round(mtimeMs), isGzip };
  } finally {
    await file.close();
  }
}

function formatOf(path: string): SourceFormat {
  const ending = /\.([a-z0-9]+)(?:\.gz)?$/i.exec(basename(path))?.[1]?.toLowerCase() ?? '';
  const format = byEnding[ending];
  if (format === undefined) {
    const message = `${path}: its name says none of ${sourceFormats.join(', ')}; say which it is, e.g. --format csv.`;
    throw importError('import_format_unknown', message);
  }
  return format;
}

function unreadable(path: string, error: unknown): Error {
  if (error instanceof MichinoriError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = fileReason(error);
  const hint = code.startsWith('Z_')
    ? 'the gzip data is damaged or cut off; what was read before stays imported'
    : reason.replace(/^.*DB::Exception: (?:[\w:]+: )*/s, '').replace(/\.?(?: \([A-Z_]+\))?\.?$/, '');
  return importError('import_file_unreadable', `${path} can't be read: ${hint}.`, error);
}
