import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TouchpointEvent } from '@michinori/events';
import { onTestFinished } from 'vitest';
import { readMapping } from '../../src/import/mapping.ts';
import type { RejectedRow } from '../../src/import/rejects-file.ts';
import { type ImportOptions, type ImportResult, runImport } from '../../src/import/run-import.ts';
import type { ImportTarget, RefusedEvent } from '../../src/import/target.ts';

export const nowUs = (): number => Date.UTC(2026, 0, 1) * 1_000;

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'michinori-import-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface MemoryTarget extends ImportTarget {
  batches: TouchpointEvent[][];
  events(): TouchpointEvent[];
}

/** Keeps what is sent. `onSend` may throw or refuse. */
export function memoryTarget(
  onSend?: (events: readonly TouchpointEvent[], call: number) => RefusedEvent[],
): MemoryTarget {
  const batches: TouchpointEvent[][] = [];
  return {
    place: 'memory',
    batches,
    events: () => batches.flat(),
    async send(events) {
      const refused = onSend?.(events, batches.length + 1) ?? [];
      batches.push([...events]);
      return refused;
    },
  };
}

export interface Case {
  name?: string;
  content: string | Uint8Array;
  map?: string[];
  set?: string[];
  timezone?: string;
  unmapped?: 'properties' | 'ignore';
  target?: MemoryTarget;
  options?: Partial<ImportOptions>;
}

/** Writes the content into a file of a fresh folder and imports it. */
export async function importText(given: Case): Promise<{
  result: ImportResult;
  events: TouchpointEvent[];
  rejects: RejectedRow[];
  again: (target?: MemoryTarget) => Promise<ImportResult>;
}> {
  const folder = temporaryFolder();
  const path = join(folder, given.name ?? 'rows.csv');
  writeFileSync(path, given.content);
  const target = given.target ?? memoryTarget();
  const options = (sink: MemoryTarget): ImportOptions => ({
    path,
    mapping: readMapping({
      map: given.map ?? [],
      set: given.set ?? [],
      unmapped: given.unmapped ?? 'properties',
      timezone: given.timezone,
    }),
    target: sink,
    stateFolder: join(folder, 'imports'),
    again: false,
    nowUs,
    ...given.options,
  });
  const result = await runImport(options(target));
  return {
    result,
    events: target.events(),
    rejects: readRejects(result.rejectsFile),
    again: (sink = target) => runImport(options(sink)),
  };
}

export function readRejects(path: string | null): RejectedRow[] {
  if (path === null) return [];
  const text = readFileSync(path, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RejectedRow);
}

export function propertiesOf(event: TouchpointEvent | undefined): Record<string, unknown> {
  return Object.fromEntries(event?.properties ?? []);
}
