import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeParquet } from '@michinori/clickhouse';
import type { Api } from '../cli/api.ts';
import type { ExportColumn, Exported } from './export-row.ts';
import { besideOf, openTextFile, replaceFile, type TextOutput, textOutputOf } from './output.ts';
import { readPages } from './read-pages.ts';
import { openRowSpool, writeCsv } from './table-file.ts';
import { createXesText } from './xes-text.ts';

export const exportFormats = ['parquet', 'xes', 'csv', 'ndjson'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportOptions<R> {
  what: (api: Api) => Promise<Exported<R>>;
  format: ExportFormat;
  /** A file, or who takes the text. */
  to: { file: string } | { write: (text: string) => void; drained: () => Promise<void> };
  /** Gives an API to the work, and lets go of all stores before it resolves. */
  withApi: <T>(work: (api: Api) => Promise<T>) => Promise<T>;
  wait: (ms: number) => Promise<void>;
  onProgress?: (progress: { share: number; rows: number }) => void;
  isStopped?: () => boolean;
}

export interface ExportResult {
  rows: number;
  /** Of XES. */
  traces: number | null;
}

/**
 * Exports rows, a page of the API at a time; memory doesn't grow with their number. A file appears when it is complete.
 *
 * @throws MichinoriError of the API or with a code of `exportErrorCodes`
 */
export async function runExport<R>(options: ExportOptions<R>): Promise<ExportResult> {
  const { to, format } = options;
  if ('write' in to) return exportText(options, textOutputOf(to.write, to.drained), join(tmpdir(), 'michinori-export'));
  return replaceFile(to.file, async (temporary) => {
    if (format === 'parquet')
      return exportTable(options, to.file, (spool, columns) => writeParquet({ from: spool, to: temporary, columns }));
    const output = openTextFile(temporary, to.file);
    try {
      const result = await exportText(options, output, to.file);
      await output.end();
      return result;
    } finally {
      await output.close();
    }
  });
}

function exportText<R>(options: ExportOptions<R>, output: TextOutput, near: string): Promise<ExportResult> {
  if (options.format === 'csv') return exportTable(options, near, (spool, columns) => writeCsv(spool, columns, output));
  return options.withApi(async (api) => {
    const what = await options.what(api);
    const log = options.format === 'xes' ? createXesText() : undefined;
    let rows = 0;
    if (log !== undefined) await output.write(log.head(what.title));
    for await (const page of readPages<R>(api, what.path, options)) {
      rows += page.length;
      const text = page.map((row) => (log === undefined ? `${what.json(row)}\n` : log.part(what.xes(row)))).join('');
      await output.write(text);
    }
    if (log !== undefined) await output.write(log.tail());
    return { rows, traces: log?.traces() ?? null };
  });
}

/** Gathers the rows in a file near the one that is wanted, has it written, and removes it. */
async function exportTable<R>(
  options: ExportOptions<R>,
  near: string,
  write: (spool: string, columns: readonly ExportColumn[]) => Promise<void>,
): Promise<ExportResult> {
  const path = besideOf(near);
  try {
    const { rows, columns } = await options.withApi(async (api) => {
      const what = await options.what(api);
      const spool = openRowSpool(path, what.columns);
      let count = 0;
      try {
        for await (const page of readPages<R>(api, what.path, options)) {
          count += page.length;
          await spool.add(page.map((row) => what.flat(row)));
        }
        return { rows: count, columns: await spool.end() };
      } finally {
        await spool.close();
      }
    });
    await write(path, columns);
    return { rows, traces: null };
  } finally {
    await rm(path, { force: true });
  }
}
