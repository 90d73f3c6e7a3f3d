import { basename } from 'node:path';
import { exitCodes, MichinoriError } from '@michinori/runtime';
import type { Command } from 'commander';
import type { StandaloneConfig } from '../config.ts';
import { exportedEvents } from '../export/exported-events.ts';
import { exportedVisits } from '../export/exported-visits.ts';
import { type ExportFormat, type ExportResult, exportFormats, runExport } from '../export/run-export.ts';
import { startProgress } from '../terminal/progress.ts';
import { type Api, withApi } from './api.ts';
import { type Io, printJson } from './io.ts';
import { UsageError } from './usage-error.ts';

export interface ExportFlags {
  format?: string;
  journey?: string;
  from?: string;
  to?: string;
  asOf?: string;
  output?: string;
  url?: string;
  key?: string;
  json: boolean;
}

/** The arguments of `michinori export`. */
export function addExportOptions(command: Command): Command {
  return command
    .description('export all events or visits as Parquet, XES, CSV or NDJSON')
    .option('--format <format>', 'parquet, xes, csv or ndjson (default: by the name of the file, else ndjson)')
    .option('--journey <id>', 'visits: of this journey (default: the only one)')
    .option('--from <time>', 'events that occurred, visits that began at or after this time')
    .option('--to <time>', 'before this time')
    .option('--as-of <time>', 'visits: as they were known at this time (default: now)')
    .option('-o, --output <file>', 'file to write; .gz compresses text (default: standard output)')
    .option('--url <url>', 'ask a running query API instead of the data folder')
    .option('--key <key>', 'API key for --url')
    .option('--json', 'what was written, as JSON', false);
}

/** `michinori export events|visits`: from the data folder, or from the process that owns it. Exit code 1 if it was stopped. */
export async function exportCommand(
  io: Io,
  config: StandaloneConfig,
  what: string,
  flags: ExportFlags,
): Promise<number> {
  const { output } = flags;
  const format = formatOf(flags);
  assertUsage(what, format, flags);
  let stopped = false;
  io.onStop(() => {
    stopped = true;
  });
  const progress = startProgress({
    title: output ?? what,
    total: 1_000,
    isInteractive: io.isInteractive,
    columns: io.columns,
  });
  const common = {
    format,
    to: output === undefined ? { write: io.out, drained: () => io.drained?.() ?? Promise.resolve() } : { file: output },
    withApi: <R>(work: (api: Api) => Promise<R>) =>
      withApi(io, config, { ...connectionOf(flags), mustExist: true, withEvents: true }, work),
    wait: io.wait,
    isStopped: () => stopped,
    onProgress: ({ share, rows }: { share: number; rows: number }) =>
      progress.update(Math.floor(1_000 * share), `${rows.toLocaleString('en-US')} ${what}`),
  };
  const { from, to } = flags;
  const result = await (what === 'events'
    ? runExport({ ...common, what: async () => exportedEvents({ from, to }) })
    : runExport({ ...common, what: (api) => visitsWanted(api, flags) })
  ).finally(() => progress.stop());
  if (flags.json) printJson(io, { file: output, what, format, ...result });
  else if (output !== undefined) io.out(describe(output, what, result));
  return exitCodes.ok;
}

function formatOf({ format, output }: ExportFlags): ExportFormat {
  if (format !== undefined) {
    const known = exportFormats.find((name) => name === format);
    if (known !== undefined) return known;
    throw new UsageError(`--format is one of ${exportFormats.join(', ')}, not "${format}".`);
  }
  if (output === undefined) return 'ndjson';
  const ending = /\.([a-z]+)(?:\.gz)?$/i.exec(basename(output))?.[1]?.toLowerCase();
  const named = exportFormats.find((name) => name === (ending === 'jsonl' ? 'ndjson' : ending));
  if (named !== undefined) return named;
  throw new UsageError(`The name ${basename(output)} says none of ${exportFormats.join(', ')}: give --format.`);
}

function assertUsage(what: string, format: ExportFormat, flags: ExportFlags): void {
  if (what !== 'events' && what !== 'visits') throw new UsageError(`Export "events" or "visits", not "${what}".`);
  if (what === 'events' && flags.journey !== undefined)
    throw new UsageError('--journey is for visits; events belong to no journey.');
  if (what === 'events' && flags.asOf !== undefined) throw new UsageError('--as-of is for visits; give --to.');
  if (flags.output === undefined && format === 'parquet')
    throw new UsageError('Parquet needs a file: -o events.parquet.');
  if (flags.output === undefined && flags.json)
    throw new UsageError('--json needs -o FILE, as the answer itself goes to standard output.');
  if (format === 'parquet' && flags.output?.endsWith('.gz') === true)
    throw new UsageError('Parquet is compressed inside; leave out .gz.');
}

const connectionOf = ({ url, key }: ExportFlags) => ({
  ...(url === undefined ? {} : { url }),
  ...(key === undefined ? {} : { key }),
});

/** The visits of the journey that is meant. */
async function visitsWanted(api: Api, { journey: given, from, to, asOf }: ExportFlags) {
  const journey = given ?? (await onlyJourney(api));
  const { meta } = await api.get<{ meta: { segments: string[] } }>(`/v1/journeys/${encodeURIComponent(journey)}`);
  return exportedVisits({ journey, segments: meta.segments, from, to, asOf });
}

async function onlyJourney(api: Api): Promise<string> {
  const { rows } = await api.get<{ rows: { journey: string }[] }>('/v1/journeys');
  const [first] = rows;
  if (first !== undefined && rows.length === 1) return first.journey;
  if (first === undefined)
    throw new MichinoriError('no_events', 'There is no journey yet; apply one first: michinori journey apply FILE.');
  throw new UsageError(`Which journey? Give --journey: ${rows.map(({ journey }) => journey).join(', ')}.`);
}

function describe(file: string, what: string, { rows, traces }: ExportResult): string {
  const count = (number: number) => number.toLocaleString('en-US');
  const inTraces = traces === null ? '' : ` in ${count(traces)} traces`;
  return `${file}: ${count(rows)} ${what}${inTraces}\n`;
}
