import { join } from 'node:path';
import { isEventLogError } from '@michinori/event-log';
import { formatInstant } from '@michinori/events';
import type { StandaloneConfig } from '../config.ts';
import { waitUntilVisible } from '../drain-log.ts';
import { createHttpTarget } from '../import/http-target.ts';
import { type Mapping, readMapping } from '../import/mapping.ts';
import { type SourceFormat, sourceFormats } from '../import/open-source.ts';
import { type ImportResult, runImport } from '../import/run-import.ts';
import { placeWords } from '../import/source-item.ts';
import { createLogTarget, dataFolder, type ImportTarget } from '../import/target.ts';
import { isTimezone } from '../import/timestamp.ts';
import { readServerFile } from '../server-file.ts';
import { startProgress } from '../terminal/progress.ts';
import { drawTable } from '../terminal/table.ts';
import { type Io, printJson } from './io.ts';
import { commandLogger, withStores } from './stores-command.ts';
import { UsageError } from './usage-error.ts';

export interface ImportFlags {
  format?: string;
  map: string[];
  set: string[];
  unmapped?: string;
  timezone?: string;
  delimiter?: string;
  dryRun: boolean;
  again: boolean;
  to?: string;
  key?: string;
  json: boolean;
}

/** `michinori import FILE…`: exit code 0 if every row was taken, 1 if some were rejected or it was stopped. */
export async function importCommand(
  io: Io,
  config: StandaloneConfig,
  files: readonly string[],
  flags: ImportFlags,
): Promise<number> {
  const mapping = mappingOf(flags);
  const delimiter = delimiterOf(flags.delimiter);
  const to = flags.to === undefined ? undefined : urlOf(flags.to);
  const results: ImportResult[] = [];
  const run = (target: ImportTarget | undefined, engineFolder?: string): Promise<void> =>
    importAll(io, config, files, { ...flags, delimiter, engineFolder }, mapping, target, (result) => {
      results.push(result);
      if (!flags.json) io.out(describeResult(result));
    });
  try {
    if (flags.dryRun) await run(undefined);
    else await intoTarget(io, config, { to, key: flags.key }, run);
  } finally {
    if (flags.json)
      printJson(
        io,
        results.map((result) => jsonResult(result, flags.dryRun)),
      );
  }
  return results.every(({ outcome, rejected }) => rejected === 0 && outcome !== 'stopped') ? 0 : 1;
}

function mappingOf(flags: ImportFlags): Mapping {
  const { unmapped, timezone } = flags;
  if (unmapped !== undefined && unmapped !== 'properties' && unmapped !== 'ignore') {
    throw new UsageError(`--unmapped is "properties" or "ignore", not "${unmapped}".`);
  }
  if (timezone !== undefined && !isTimezone(timezone)) {
    throw new UsageError(`"${timezone}" is no time zone; use a name like Europe/Amsterdam or Asia/Tokyo.`);
  }
  return readMapping({ map: flags.map, set: flags.set, timezone, ...(unmapped === undefined ? {} : { unmapped }) });
}

async function importAll(
  io: Io,
  config: StandaloneConfig,
  files: readonly string[],
  flags: { format?: string; delimiter: string | undefined; engineFolder: string | undefined; again: boolean },
  mapping: Mapping,
  target: ImportTarget | undefined,
  onResult: (result: ImportResult) => void,
): Promise<void> {
  let stopped = false;
  io.onStop(() => {
    stopped = true;
  });
  for (const path of files) {
    if (stopped) return;
    const progress = startProgress({ title: path, total: 1_000, isInteractive: io.isInteractive });
    const result = await runImport({
      path,
      format: formatOf(flags.format),
      delimiter: flags.delimiter,
      engineFolder: flags.engineFolder,
      mapping,
      target,
      stateFolder: join(config.data, 'imports'),
      again: flags.again,
      nowUs: io.nowUs,
      isStopped: () => stopped,
      onProgress: ({ readBytes, sizeBytes, accepted, rejected }) =>
        progress.update(
          Math.floor((1_000 * readBytes) / Math.max(1, sizeBytes)),
          `${accepted.toLocaleString('en-US')} events${rejected > 0 ? `, ${rejected.toLocaleString('en-US')} rejected` : ''}`,
        ),
    }).finally(() => progress.stop());
    onResult(result);
  }
}

/** To a running process over HTTP if one is named or owns the data folder; else into the folder itself. */
async function intoTarget(
  io: Io,
  config: StandaloneConfig,
  { to, key }: { to: string | undefined; key: string | undefined },
  run: (target: ImportTarget, engineFolder?: string) => Promise<void>,
): Promise<void> {
  if (to !== undefined) return run(createHttpTarget({ url: to, key, wait: io.wait }));
  let stopped = false;
  io.onStop(() => {
    stopped = true;
  });
  try {
    await withStores(config, commandLogger(io, config), async ({ log, engineFolder }) => {
      await run(createLogTarget(log), engineFolder);
      if (stopped) return;
      let most = 0;
      const progress = startProgress({ title: 'Making it visible', total: 1_000, isInteractive: io.isInteractive });
      await waitUntilVisible({
        log,
        group: config.processor.group,
        wait: io.wait,
        onLag(lag) {
          most = Math.max(most, lag);
          progress.update(
            most === 0 ? 1_000 : Math.floor((1_000 * (most - lag)) / most),
            `${lag.toLocaleString('en-US')} to go`,
          );
        },
      });
      progress.stop();
    });
  } catch (error) {
    const url = isEventLogError(error, 'log_locked') ? readServerFile(config.data) : undefined;
    if (url === undefined) throw error;
    io.err(`${config.data} belongs to a running process; sending to ${url}\n`);
    await run(createHttpTarget({ url, place: dataFolder, key, wait: io.wait }));
  }
}

function formatOf(format: string | undefined): SourceFormat | undefined {
  const known = sourceFormats.find((name) => name === format);
  if (format === undefined || known !== undefined) return known;
  throw new UsageError(`--format is one of ${sourceFormats.join(', ')}, not "${format}".`);
}

function delimiterOf(delimiter: string | undefined): string | undefined {
  const meant = delimiter === '\\t' || delimiter === 'tab' ? '\t' : delimiter;
  if (meant === undefined || (meant.length === 1 && !/["\r\n]/.test(meant))) return meant;
  throw new UsageError(`--delimiter is one character (or "tab"), not "${delimiter}".`);
}

function urlOf(to: string): string {
  if (URL.canParse(to) && /^https?:$/.test(new URL(to).protocol)) return to;
  throw new UsageError(`--to is the address of an ingest like http://127.0.0.1:8081, not "${to}".`);
}

function jsonResult({ preview, ...rest }: ImportResult, isDry: boolean): Record<string, unknown> {
  return { ...rest, ...(isDry ? { preview: preview.map(previewRow) } : {}) };
}

function previewRow(event: ImportResult['preview'][number]): Record<string, string> {
  return {
    occurredAt: formatInstant(event.occurredAtUs),
    customer: event.customer ?? event.anonymous ?? '',
    touchpoint: event.touchpoint,
    channel: event.channel ?? '',
    team: event.team ?? '',
    properties: [...event.properties].map(([name, value]) => `${name}=${value}`).join(' '),
  };
}

function describeResult(result: ImportResult): string {
  const { file, outcome, accepted, rejected, resumedFrom, rejectsFile, firstRejects, preview } = result;
  const count = (number: number): string => number.toLocaleString('en-US');
  const head = {
    finished: `${file}: ${count(accepted)} events imported, ${count(rejected)} rows rejected`,
    stopped: `${file}: stopped after ${count(accepted)} events; the same command goes on from there`,
    'already-imported': `${file}: was imported before (${count(accepted)} events, ${count(rejected)} rejected); --again imports it again, which changes nothing unless events were lost`,
    'dry-run': `${file}: ${count(accepted)} events would be imported, ${count(rejected)} rows rejected; nothing was written`,
  }[outcome];
  const lines = [head];
  if (resumedFrom > 0 && outcome !== 'already-imported')
    lines.push(`  went on after row ${count(resumedFrom)} of an earlier call`);
  if (outcome === 'dry-run' && preview.length > 0) {
    const rows = preview
      .map(previewRow)
      .map((row) => Object.values(row).map((cell) => (cell.length > 40 ? `${cell.slice(0, 39)}…` : cell)));
    lines.push('', drawTable(Object.keys(previewRow(preview[0] as (typeof preview)[number])), rows), '');
  }
  for (const { code, where, message, ...place } of firstRejects) {
    lines.push(`  ${placeWords(place)}: ${message}${where === '' ? '' : ` (${where})`} [${code}]`);
  }
  if (rejectsFile !== null) lines.push(`  every rejected row with its reason: ${rejectsFile}`);
  return `${lines.join('\n')}\n`;
}
