import { exitCodes } from '@michinori/runtime';
import type { Command } from 'commander';
import type { StandaloneConfig } from '../config.ts';
import { drawTrackRecord, type TrackRecordRow } from '../terminal/track-record-table.ts';
import { withApi } from './api.ts';
import { type Act, apiOptions } from './definition-options.ts';
import { type Io, printJson } from './io.ts';
import type { ApiFlags } from './journey-command.ts';

interface SuggestionRow {
  readonly sentence: string;
}

/** `michinori health …` */
export function addHealthCommands(program: Command, io: Io, act: Act): void {
  const health = program.command('health').description('health scores: whether they were any good');
  apiOptions(health.command('track-record <journey>'))
    .description('scores of one horizon ago against what happened since, as judged in the last night')
    .action((journey: string, flags: ApiFlags) => act(({ config }) => showTrackRecord(io, config, journey, flags)));
}

/** `michinori health track-record JOURNEY`: the newest record and what it suggests. */
export async function showTrackRecord(
  io: Io,
  config: StandaloneConfig,
  journey: string,
  flags: ApiFlags,
): Promise<number> {
  await withApi(io, config, { ...flags, mustExist: true }, async (api) => {
    const path = `/v1/journeys/${encodeURIComponent(journey)}/health`;
    const { rows } = await api.get<{ rows: TrackRecordRow[] }>(`${path}/track-record`);
    const { rows: suggestions } = await api.get<{ rows: SuggestionRow[] }>(`${path}/suggestions`);
    if (flags.json) printJson(io, { trackRecord: rows, suggestions });
    else io.out(rows.length === 0 ? nothingYet : `${drawTrackRecord(rows)}${sentencesOf(suggestions)}`);
  });
  return exitCodes.ok;
}

const nothingYet = 'There is no track record yet: the alerter makes one every night, once scores are a horizon old.\n';

function sentencesOf(suggestions: readonly SuggestionRow[]): string {
  if (suggestions.length === 0) return '';
  return `\nPoints of rules, by what happened:\n${suggestions.map(({ sentence }) => `  ${sentence}\n`).join('')}`;
}
