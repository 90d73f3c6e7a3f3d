import { exitCodes, MichinoriError } from '@michinori/runtime';
import { type Command, Option } from 'commander';
import { type Io, printJson } from '../io.ts';
import { readTextFile } from '../text-file.ts';
import { UsageError } from '../usage-error.ts';
import { createGrafanaApi, type GrafanaApi } from './grafana-api.ts';
import {
  type DashboardLanguage,
  decideChange,
  type Playlist,
  playAddress,
  uidIn,
  wallDashboards,
  wantedPlaylist,
} from './playlist.ts';

export interface PlaylistFlags {
  url: string;
  interval: string;
  language: DashboardLanguage;
  namespace: string;
  dashboard: string[];
  json: boolean;
}

const attemptsMax = 3;
const timeoutMs = 15_000;

/** `michinori grafana …` */
export function addGrafanaCommands(
  program: Command,
  io: Io,
  act: (work: () => number | Promise<number>) => void | Promise<void>,
): void {
  const grafana = program.command('grafana').description('Grafana: what its provisioning has no file for');
  grafana
    .command('playlist')
    .description('make or update the playlist of the wall screens')
    .option('--url <url>', 'where Grafana answers', 'http://localhost:3000')
    .option('--interval <time>', 'how long each dashboard is shown, e.g. 30s, 5m or 1h', '30s')
    .addOption(new Option('--language <language>', 'of the dashboards').choices(['en', 'ja']).default('en'))
    .option('--dashboard <uid>', 'uid of a dashboard to show, in this order (repeatable; default: ours)', collect, [])
    .option('--namespace <namespace>', 'default, org-2, … or stacks-ID in Grafana Cloud', 'default')
    .option('--json', 'machine-readable result', false)
    .action((flags: PlaylistFlags) => act(() => applyPlaylist(io, flags)));
}

const collect = (value: string, before: string[]): string[] => [...before, value];

/**
 * `michinori grafana playlist`: Grafana has the playlist afterwards, whatever it had before. The token comes from `GRAFANA_TOKEN` or the file
 * that `GRAFANA_TOKEN_FILE` names; it is never shown. Dashboards that Grafana doesn't have are named on standard error.
 */
export async function applyPlaylist(io: Io, flags: PlaylistFlags): Promise<number> {
  if (!/^https?:$/.test(protocolOf(flags.url)))
    throw new UsageError(`--url is an address like http://localhost:3000, not "${flags.url}".`);
  if (!/^[1-9]\d{0,5}[smh]$/.test(flags.interval))
    throw new UsageError(`--interval is a number of seconds, minutes or hours like 30s, not "${flags.interval}".`);
  const own = wallDashboards.map((uid) => uidIn(flags.language, uid));
  const wanted = wantedPlaylist(flags.language, flags.interval, flags.dashboard.length > 0 ? flags.dashboard : own);
  const api = createGrafanaApi({ url: flags.url, token: readToken(io), namespace: flags.namespace, timeoutMs });
  const done = await bringAbout(api, wanted);
  const uids = wanted.spec.items.map(({ value }) => value);
  const existing = await api.existingDashboards(uids);
  const missing = uids.filter((uid) => !existing.has(uid));
  const play = playAddress(flags.url, wanted);
  if (flags.json) printJson(io, { playlist: wanted.metadata.name, done, dashboards: uids, missing, play });
  else io.out(`The playlist "${wanted.spec.title}" ${sentences[done]}\n  ${play}\n`);
  if (missing.length > 0)
    io.err(`Grafana has no dashboard ${missing.join(', ')}: provision them, or name others with --dashboard.\n`);
  return exitCodes.ok;
}

const sentences = {
  create: 'was made.',
  update: 'was brought up to date.',
  nothing: 'is there already, as it should be.',
};

/** Reads, decides and writes, again when somebody else wrote in between. */
async function bringAbout(api: GrafanaApi, wanted: Playlist): Promise<keyof typeof sentences> {
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const change = decideChange(await api.readPlaylist(wanted.metadata.name), wanted);
    if (change.what === 'nothing') return change.what;
    const write = change.what === 'create' ? api.createPlaylist : api.updatePlaylist;
    if ((await write(change.playlist)) === 'done') return change.what;
  }
  throw new MichinoriError('grafana_conflict', 'Somebody else keeps changing the playlist at the same time.', {
    canRetry: true,
  });
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : '';
}

function readToken({ env }: Io): string | undefined {
  const { GRAFANA_TOKEN: token, GRAFANA_TOKEN_FILE: file } = env;
  if (token !== undefined && file !== undefined)
    throw new UsageError('GRAFANA_TOKEN and GRAFANA_TOKEN_FILE are both set: only one may be.');
  const found = file === undefined ? token : readTextFile(file);
  return found?.trim() || undefined;
}
