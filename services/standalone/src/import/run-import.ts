import { mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { TouchpointEvent } from '@michinori/events';
import { type Checkpoint, emptyCheckpoint, fingerprintImport, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { createJudge, type Judged, type RowItem, refuse } from './judge-item.ts';
import type { Mapping } from './mapping.ts';
import { type OpenedSource, openSource, type SourceFormat } from './open-source.ts';
import { openRejectsFile, type RejectedRow, type RejectsFile } from './rejects-file.ts';
import type { ImportTarget } from './target.ts';

export interface ImportOptions {
  path: string;
  format?: SourceFormat | undefined;
  /** One character; found out from the header if undefined. */
  delimiter?: string | undefined;
  mapping: Mapping;
  /** Folder of the embedded engine, where this process has it open: a Parquet file is read beside it. */
  engineFolder?: string | undefined;
  /** Undefined = dry run: everything is read and judged, nothing is sent or written. */
  target: ImportTarget | undefined;
  /** Folder of the states and rejects files of imports. */
  stateFolder: string;
  /** Begin at the first row although the file was imported before. */
  again: boolean;
  batchRows?: number;
  nowUs: () => number;
  onProgress?: (progress: ImportProgress) => void;
  /** Checked between batches: true ends the import; what was sent stays, and the next call goes on from there. */
  isStopped?: () => boolean;
}

export interface ImportProgress {
  readBytes: number;
  sizeBytes: number;
  accepted: number;
  rejected: number;
}

export interface ImportResult {
  file: string;
  outcome: 'finished' | 'stopped' | 'already-imported' | 'dry-run';
  accepted: number;
  rejected: number;
  /** Rows that an earlier call had done. */
  resumedFrom: number;
  rejectsFile: string | null;
  /** The first problems, to be shown at once. */
  firstRejects: RejectedRow[];
  /** The first events, as they were understood. */
  preview: TouchpointEvent[];
}

type Refused = Extract<Judged, { ok: false }>;

interface Batch {
  events: { item: RowItem; event: TouchpointEvent }[];
  refused: Refused[];
  length: number;
}

const shownMax = 10;
const batchLengthMax = 2 * 1024 * 1024;

/**
 * Imports one file: reads it row by row with bounded memory, judges every row like an event on the wire, sends batches,
 * and notes after each batch how far it came. A killed import is continued by the same call; a row that was sent but not
 * noted is sent again under the same id and counts once.
 *
 * @throws a MichinoriError with a code of `importErrorCodes`; what was sent before stays, and so does the state
 */
export async function runImport(options: ImportOptions): Promise<ImportResult> {
  const { target, stateFolder, nowUs, batchRows = 2_000 } = options;
  const source = await openSource(options.path, options);
  try {
    const state = await openState(options, source);
    const { begin } = state;
    const result = startResult(options, begin);
    const rejectsPath = join(stateFolder, `${basename(options.path)}.${state.id}.rejects.ndjson`);
    if (begin.finishedAt !== null) return { ...result, rejectsFile: begin.rejected > 0 ? rejectsPath : null };

    const rejects = target === undefined ? undefined : await openRejectsFile(rejectsPath, begin.rejectsBytes);
    const judge = createJudge(options.mapping, source.format);
    let seen = 0;
    let batch: Batch = { events: [], refused: [], length: 0 };

    const flush = async (isEnd: boolean): Promise<void> => {
      await deliver(batch, target, rejects, result);
      if (rejects !== undefined) {
        await writeCheckpoint(state.path, {
          ...begin,
          itemsDone: seen,
          accepted: result.accepted,
          rejected: result.rejected,
          rejectsBytes: rejects.bytes(),
          finishedAt: isEnd ? new Date(nowUs() / 1000).toISOString() : null,
        });
      }
      result.rejectsFile = rejects !== undefined && result.rejected > 0 ? rejects.path : null;
      batch = { events: [], refused: [], length: 0 };
      const { accepted, rejected } = result;
      options.onProgress?.({ readBytes: source.readBytes(), sizeBytes: source.sizeBytes, accepted, rejected });
    };

    try {
      for await (const items of source.items) {
        for (const item of items) {
          const isRow = item.kind !== 'header' && item.kind !== 'columns';
          const isDone = isRow && seen < begin.itemsDone;
          if (isRow) seen += 1;
          const judged = isDone ? undefined : judge(item, nowUs());
          if (judged === undefined) continue;
          if (judged.ok) batch.events.push(judged);
          else batch.refused.push(judged);
          batch.length += judged.ok ? judged.item.raw.length : judged.rejected.raw.length;
          if (batch.events.length + batch.refused.length < batchRows && batch.length < batchLengthMax) continue;
          await flush(false);
          if (options.isStopped?.() === true) return { ...result, outcome: 'stopped' };
        }
      }
      await flush(true);
    } finally {
      await rejects?.close();
    }
    return { ...result, outcome: target === undefined ? 'dry-run' : 'finished' };
  } finally {
    await source.close();
  }
}

/** Sends the events of a batch and writes down what was refused, here or there; adds both to the result. */
async function deliver(
  batch: Batch,
  target: ImportTarget | undefined,
  rejects: RejectsFile | undefined,
  result: ImportResult,
): Promise<void> {
  const { events } = batch;
  const refusals = events.length === 0 ? [] : ((await target?.send(events.map(({ event }) => event))) ?? []);
  const refusedThere = new Set<number>();
  const refused = [...batch.refused];
  for (const { index, code, path, message } of refusals) {
    const row = events[index];
    if (row === undefined || refusedThere.has(index)) continue;
    refusedThere.add(index);
    refused.push(refuse(row.item, code, path, message));
  }
  refused.sort((a, b) => a.line - b.line);
  const rows = refused.map(({ rejected }) => rejected);
  await rejects?.add(rows);
  result.accepted += events.length - refusedThere.size;
  result.rejected += refused.length;
  result.firstRejects.push(...rows.slice(0, shownMax - result.firstRejects.length));
  const taken = result.preview.length < shownMax ? events.filter((_, index) => !refusedThere.has(index)) : [];
  result.preview.push(...taken.slice(0, shownMax - result.preview.length).map(({ event }) => event));
}

async function openState(
  options: ImportOptions,
  source: OpenedSource,
): Promise<{ id: string; path: string; begin: Checkpoint }> {
  const { mapping, stateFolder, again, target, delimiter } = options;
  const id = fingerprintImport([
    resolve(options.path),
    source.sizeBytes,
    source.modifiedMs,
    source.format,
    delimiter ?? '',
    JSON.stringify([[...mapping.columns], [...mapping.constants], mapping.unmapped, mapping.timezone ?? null]),
    target?.place ?? '',
  ]);
  const path = join(stateFolder, `${basename(options.path)}.${id}.json`);
  const empty = emptyCheckpoint(options.path);
  if (target === undefined) return { id, path, begin: empty };
  await mkdir(stateFolder, { recursive: true });
  if (again) await writeCheckpoint(path, empty);
  return { id, path, begin: (await readCheckpoint(path)) ?? empty };
}

function startResult(options: ImportOptions, begin: Checkpoint): ImportResult {
  return {
    file: options.path,
    outcome: 'already-imported',
    accepted: begin.accepted,
    rejected: begin.rejected,
    resumedFrom: begin.itemsDone,
    rejectsFile: null,
    firstRejects: [],
    preview: [],
  };
}
