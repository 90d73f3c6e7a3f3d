import { exitCodes } from '@michinori/runtime';
import type { StandaloneConfig } from '../config.ts';
import { drawJourney } from '../terminal/journey-drawing.ts';
import { drawProblems } from '../terminal/source-problems.ts';
import { drawTable } from '../terminal/table.ts';
import { withApi } from './api.ts';
import { type Io, printJson } from './io.ts';
import { type JourneyFile, readJourneyFile } from './journey-files.ts';
import { type JourneyStanding, standings, waitForJourneys } from './journey-progress.ts';

export interface ApiFlags {
  url?: string;
  key?: string;
  json: boolean;
}

export interface ApplyFlags extends ApiFlags {
  wait: boolean;
}

interface Applied {
  journey: string;
  version: number;
  state: 'accepted' | 'unchanged';
}

/** `michinori journey validate FILE…`: needs nothing but the files. Exit code 1 if one of them has a problem. */
export function validateJourneys(io: Io, files: readonly string[], flags: { json: boolean }): number {
  const read = files.map(readJourneyFile);
  if (flags.json) printJson(io, read.map(jsonOf));
  else
    for (const { text, journeys, problems } of read) {
      if (problems.length > 0) io.err(drawProblems(text, problems));
      for (const { journey } of journeys) io.out(`${drawJourney(journey, io.columns)}\n`);
    }
  return hasProblem(read) ? exitCodes.failure : exitCodes.ok;
}

/**
 * `michinori journey apply FILE…`: checks all files before anything is sent, sends them one by one, and waits until answers come from
 * what was applied. Exit code 1 if a file has a problem, or a version can't be applied.
 */
export async function applyJourneys(
  io: Io,
  config: StandaloneConfig,
  files: readonly string[],
  flags: ApplyFlags,
): Promise<number> {
  const read = files.map(readJourneyFile);
  if (hasProblem(read)) {
    for (const { text, problems } of read) if (problems.length > 0) io.err(drawProblems(text, problems));
    if (flags.json) printJson(io, read.map(jsonOf));
    return exitCodes.failure;
  }
  const stopping = new AbortController();
  io.onStop(() => stopping.abort());
  return withApi(io, config, flags, async (api) => {
    const applied: Applied[] = [];
    for (const { text } of read) {
      const { rows } = await api.post<{ rows: Applied[] }>('/v1/journeys', { type: 'text/yaml', text });
      applied.push(...rows);
    }
    const targets = applied.map(({ journey, version }) => ({ journey, version, afterDerivation: 0 }));
    const isDerived = flags.wait && (await waitForJourneys(io, api, targets, stopping.signal));
    if (flags.json) printJson(io, { applied, derived: isDerived });
    else io.out(applied.map((each) => describeApplied(each, isDerived)).join(''));
    return exitCodes.ok;
  });
}

/** `michinori journey list` */
export async function listJourneys(io: Io, config: StandaloneConfig, flags: ApiFlags): Promise<number> {
  await withApi(io, config, { ...flags, mustExist: true }, async (api) => {
    const rows = await standings(api);
    if (flags.json) printJson(io, rows);
    else if (rows.length === 0)
      io.out('There are no journeys. Describe one in YAML and apply it: michinori journey apply FILE\n');
    else io.out(`${drawTable(['journey', 'version', 'state', 'unit', 'stages', 'applied'], rows.map(tableRow))}\n`);
  });
  return exitCodes.ok;
}

function tableRow({ journey, version, state, progress, unit, stages, appliedAt }: JourneyStanding) {
  const share = state === 'building' || state === 'rebuilding' ? ` ${Math.floor(progress * 100)} %` : '';
  return [journey, version, `${state}${share}`, unit ?? '', stages.replaceAll(',', ' → '), appliedAt.slice(0, 19)];
}

function describeApplied({ journey, version, state }: Applied, isDerived: boolean): string {
  const what = state === 'unchanged' ? 'was applied before, nothing to do' : 'is applied';
  const then = isDerived ? 'answers come from it' : 'its derivation is under way; see michinori journey list';
  return `${journey} ${version} ${what}; ${then}.\n`;
}

const hasProblem = (files: readonly JourneyFile[]): boolean => files.some(({ problems }) => problems.length > 0);

function jsonOf({ file, journeys, problems }: JourneyFile) {
  const described = journeys.map(({ journey: { id, version, stages } }) => ({
    journey: id,
    version,
    stages: stages.map((stage) => stage.id),
  }));
  return { file, valid: problems.length === 0, journeys: described, problems };
}
