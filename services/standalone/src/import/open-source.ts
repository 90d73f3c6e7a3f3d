import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { createCsvAssembler, createJsonAssembler, type SourceItem } from './csv-items.ts';
import { importError } from './import-error.ts';
import { readLines } from './read-lines.ts';

export type SourceFormat = 'csv' | 'ndjson';

/** An opened file. `items` can be gone through once; `readBytes` counts what was taken from the disk. */
export interface OpenedSource {
  sizeBytes: number;
  modifiedMs: number;
  format: SourceFormat;
  items: AsyncIterable<readonly SourceItem[]>;
  readBytes: () => number;
  close(): void;
}

const byEnding: Record<string, SourceFormat> = { csv: 'csv', tsv: 'csv', ndjson: 'ndjson', jsonl: 'ndjson' };

/**
 * Opens a file for import; gzip is recognised by its first bytes, the format by the name unless it is given.
 *
 * @throws `import_file_unreadable`, also while the items are gone through, `import_format_unknown`
 */
export async function openSource(
  path: string,
  options: { format?: SourceFormat | undefined; delimiter?: string | undefined },
): Promise<OpenedSource> {
  const format = options.format ?? formatOf(path);
  const { sizeBytes, modifiedMs, isGzip } = await inspect(path).catch((error) => {
    throw unreadable(path, error);
  });
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  const stream: Readable = isGzip ? pipeline(file, createGunzip({ chunkSize: 256 * 1024 }), () => {}) : file;
  return {
    sizeBytes,
    modifiedMs,
    format,
    items: assemble(path, stream, format, options.delimiter),
    readBytes: () => file.bytesRead,
    close() {
      stream.destroy();
      file.destroy();
    },
  };
}

async function* assemble(
  path: string,
  stream: Readable,
  format: SourceFormat,
  delimiter: string | undefined,
): AsyncGenerator<readonly SourceItem[]> {
  const assembler = format === 'csv' ? createCsvAssembler({ delimiter }) : createJsonAssembler();
  const chunks = readLines(stream);
  for (;;) {
    const next = await chunks.next().catch((error) => {
      throw unreadable(path, error);
    });
    if (next.done === true) break;
    yield assembler.push(next.value);
  }
  yield assembler.end();
}

async function inspect(path: string): Promise<{ sizeBytes: number; modifiedMs: number; isGzip: boolean }> {
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
    const message = `${path}: neither csv nor ndjson by its name; say --format csv or --format ndjson.`;
    throw importError('import_format_unknown', message);
  }
  return format;
}

function unreadable(path: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = error instanceof Error ? error.message : String(error);
  const hint = code.startsWith('Z_')
    ? 'the gzip data is damaged or cut off; what was read before stays imported'
    : reason;
  return importError('import_file_unreadable', `${path} can't be read: ${hint}.`, error);
}
