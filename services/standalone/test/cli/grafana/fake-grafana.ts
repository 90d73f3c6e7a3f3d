import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

export interface FakeGrafana {
  url: string;
  /** Method and path of every request, in order. */
  asked: string[];
  /** By uid, as the API keeps them. */
  playlists: Map<string, { metadata: Record<string, unknown>; spec: unknown }>;
}

export interface FakeGrafanaOptions {
  /** Versions of the playlist API that it serves. */
  versions?: string[];
  tokens?: Record<string, 'Editor' | 'Viewer'>;
  dashboards?: string[];
  /** How many writes fail because somebody else wrote before. */
  conflicts?: number;
  /** Answers every request itself. */
  answer?: (response: ServerResponse) => void;
}

/** The playlist API of Grafana 12.4 to 13.2, by its documentation: names, versions, statuses and resource versions. */
export async function fakeGrafana(options: FakeGrafanaOptions = {}): Promise<FakeGrafana> {
  const { versions = ['v0alpha1', 'v1'], tokens = { 'good-token': 'Editor' }, dashboards = [] } = options;
  const fake: FakeGrafana = { url: '', asked: [], playlists: new Map() };
  let [conflicts, revision] = [options.conflicts ?? 0, 100];
  const status = (code: number, reason: string, name: string) => ({
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    message: `playlists.playlist.grafana.app "${name}" ${reason === 'NotFound' ? 'not found' : 'already exists'}`,
    reason,
    details: { name, group: 'playlist.grafana.app', kind: 'playlists' },
    code,
  });

  const reply = (response: ServerResponse, code: number, body: unknown): void => {
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

  const write = (
    response: ServerResponse,
    name: string,
    given: { metadata: Record<string, unknown>; spec: unknown },
  ) => {
    const existing = fake.playlists.get(name);
    if (conflicts > 0) {
      conflicts -= 1;
      fake.playlists.set(name, {
        metadata: { ...existing?.metadata, name, resourceVersion: String(++revision) },
        spec: { title: 'of somebody else', interval: '1h', items: [] },
      });
      return reply(response, 409, status(409, 'Conflict', name));
    }
    const isNew = existing === undefined;
    if (!isNew && existing.metadata.resourceVersion !== given.metadata.resourceVersion)
      return reply(response, 409, status(409, 'Conflict', name));
    const metadata = { ...given.metadata, name, resourceVersion: String(++revision) };
    fake.playlists.set(name, { metadata, spec: given.spec });
    return reply(response, isNew ? 201 : 200, { ...given, metadata });
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    fake.asked.push(`${request.method} ${request.url}`);
    const body = await textOf(request);
    if (options.answer !== undefined) return options.answer(response);
    const role = tokens[/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''];
    if (role === undefined) return reply(response, 401, { message: 'Unauthorized', statusCode: 401 });
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://fake');
    if (pathname === '/api/search') {
      const wanted = searchParams.getAll('dashboardUIDs');
      return reply(
        response,
        200,
        dashboards.filter((uid) => wanted.includes(uid)).map((uid) => ({ uid })),
      );
    }
    const path = /^\/apis\/playlist\.grafana\.app\/(\w+)\/namespaces\/default\/playlists(?:\/([\w-]+))?$/.exec(
      pathname,
    );
    if (path === null || !versions.includes(path[1] ?? ''))
      return reply(response, 404, { message: 'Not found', statusCode: 404 });
    if (request.method === 'GET') {
      const found = fake.playlists.get(path[2] ?? '');
      return found === undefined
        ? reply(response, 404, status(404, 'NotFound', path[2] ?? ''))
        : reply(response, 200, found);
    }
    if (role !== 'Editor') return reply(response, 403, { ...status(403, 'Forbidden', ''), message: 'forbidden' });
    const given = JSON.parse(body);
    if (given.kind !== 'Playlist' || given.apiVersion !== `playlist.grafana.app/${path[1]}`)
      return reply(response, 400, { kind: 'Status', message: 'the object is of another version' });
    return write(response, path[2] ?? given.metadata.name, given);
  };

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  fake.url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return fake;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
