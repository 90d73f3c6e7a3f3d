import { MichinoriError } from '@michinori/runtime';
import type { Playlist } from './playlist.ts';

/** What this command needs of Grafana. Every method throws MichinoriError `grafana_…`. */
export interface GrafanaApi {
  /** `null` when there is none of that uid. */
  readPlaylist(uid: string): Promise<Playlist | null>;
  /** @returns `conflict` when somebody else made or changed it meanwhile */
  createPlaylist(playlist: Playlist): Promise<'done' | 'conflict'>;
  updatePlaylist(playlist: Playlist): Promise<'done' | 'conflict'>;
  /** Those of the uids that Grafana has, and the token may see, a dashboard for. */
  existingDashboards(uids: readonly string[]): Promise<ReadonlySet<string>>;
}

export interface GrafanaAccess {
  /** Where Grafana answers, with its sub path if it has one. */
  readonly url: string;
  readonly token: string | undefined;
  /** `default` is the first organisation; `org-2` the second; `stacks-ID` a stack of Grafana Cloud. */
  readonly namespace: string;
  readonly timeoutMs: number;
}

interface Answer {
  readonly status: number;
  readonly body: { kind?: string; message?: string; details?: { name?: string } } | null;
}

/** Newest first: `v1` since Grafana 12.4, `v0alpha1` before. */
const versions = ['v1', 'v0alpha1'] as const;

/** Grafana over HTTP, by the playlist API of Grafana 12 and newer. */
export function createGrafanaApi(access: GrafanaAccess): GrafanaApi {
  let version: (typeof versions)[number] = versions[0];

  async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const headers = {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(access.token === undefined ? {} : { authorization: `Bearer ${access.token}` }),
    };
    const answer = await send(access, path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.status === 401 || answer.status === 403) throw refused(access, answer);
    return answer;
  }

  const path = (uid = ''): string =>
    `/apis/playlist.grafana.app/${version}/namespaces/${encodeURIComponent(access.namespace)}/playlists${uid === '' ? '' : `/${encodeURIComponent(uid)}`}`;

  async function write(method: 'POST' | 'PUT', playlist: Playlist): Promise<'done' | 'conflict'> {
    const body = { apiVersion: `playlist.grafana.app/${version}`, kind: 'Playlist', ...playlist };
    const answer = await ask(method, path(method === 'PUT' ? playlist.metadata.name : ''), body);
    if (answer.status === 409) return 'conflict';
    if (answer.status >= 300) throw failed(access, answer);
    return 'done';
  }

  return {
    async readPlaylist(uid) {
      for (const each of versions) {
        version = each;
        const answer = await ask('GET', path(uid));
        if (answer.status === 200) return answer.body as unknown as Playlist;
        if (answer.status !== 404) throw failed(access, answer);
        // An API that is there answers with a Status that names what it doesn't have; a path that isn't there doesn't.
        if (answer.body?.kind === 'Status' && answer.body.details?.name === uid) return null;
      }
      throw new MichinoriError(
        'grafana_without_playlists',
        `${access.url} has no API for playlists: it takes Grafana 12 or newer, and --url with the sub path if Grafana has one.`,
      );
    },
    createPlaylist: (playlist) => write('POST', playlist),
    updatePlaylist: (playlist) => write('PUT', playlist),
    async existingDashboards(uids) {
      const query = new URLSearchParams({ type: 'dash-db' });
      for (const uid of uids) query.append('dashboardUIDs', uid);
      const answer = await ask('GET', `/api/search?${query}`);
      if (answer.status !== 200) throw failed(access, answer);
      const found = Array.isArray(answer.body) ? (answer.body as { uid: string }[]) : [];
      return new Set(found.map(({ uid }) => uid));
    },
  };
}

async function send(access: GrafanaAccess, path: string, init: RequestInit): Promise<Answer> {
  const target = `${access.url.replace(/\/+$/, '')}${path}`;
  try {
    const signal = AbortSignal.timeout(access.timeoutMs);
    const answer = await fetch(target, { ...init, redirect: 'manual', signal });
    const text = await answer.text();
    return { status: answer.status, body: parsed(text) };
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? cause.message || String((cause as { code?: string }).code) : message;
    throw new MichinoriError('grafana_unreachable', `Nobody answers at ${access.url}: ${reason}`, { canRetry: true });
  }
}

function parsed(text: string): Answer['body'] {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refused({ url, token }: GrafanaAccess, { status, body }: Answer): MichinoriError {
  const hint =
    token === undefined
      ? 'Give the token of a service account with the role Editor: GRAFANA_TOKEN, or GRAFANA_TOKEN_FILE for a file that holds it.'
      : status === 401
        ? 'The token is not one of this Grafana, or it has expired.'
        : 'The service account of the token may not write playlists: give it the role Editor.';
  const said = body?.message === undefined ? '' : ` (${body.message})`;
  return new MichinoriError('grafana_refused', `${url} answered ${status}${said}. ${hint}`);
}

function failed({ url }: GrafanaAccess, { status, body }: Answer): MichinoriError {
  const isElsewhere = status >= 300 && status < 400;
  const said = isElsewhere
    ? ', a redirect: give --url the address that it leads to'
    : `: ${body?.message ?? 'not an answer of Grafana'}`;
  return new MichinoriError('grafana_failed', `${url} answered ${status}${said}`, {
    canRetry: status >= 500 || status === 429,
  });
}
