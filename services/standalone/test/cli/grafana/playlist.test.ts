import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { uidIn, wallDashboards } from '../../../src/cli/grafana/playlist.ts';
import type { Io } from '../../../src/cli/io.ts';
import { run, temporaryFolder } from '../fake-io.ts';
import { type FakeGrafana, fakeGrafana } from './fake-grafana.ts';

const env = { GRAFANA_TOKEN: 'good-token' };
const apply = (grafana: Pick<FakeGrafana, 'url'>, flags: string[] = [], changes: { env: Io['env'] } = { env }) =>
  run(['grafana', 'playlist', '--url', grafana.url, ...flags], changes);
const all = [...wallDashboards].flatMap((uid) => [uid, uidIn('ja', uid)]);

describe('michinori grafana playlist', () => {
  it('makes the playlist, says where to play it, and changes nothing the second time', async () => {
    const grafana = await fakeGrafana({ dashboards: all });
    expect(await apply(grafana, ['--interval', '1m'])).toEqual({
      exitCode: 0,
      out: `The playlist "Michinori: customer journeys" was made.\n  ${grafana.url}/playlists/play/michinori?kiosk=true&autofitpanels=true\n`,
      err: '',
    });
    expect(grafana.playlists.get('michinori')?.spec).toEqual({
      title: 'Michinori: customer journeys',
      interval: '1m',
      items: wallDashboards.map((value) => ({ type: 'dashboard_by_uid', value })),
    });
    const asked = grafana.asked.length;
    expect((await apply(grafana, ['--interval', '1m'])).out).toContain('is there already');
    expect(grafana.asked.slice(asked).filter((request) => !request.startsWith('GET'))).toEqual([]);
    expect(grafana.playlists.size).toBe(1);
  });

  it('updates the one that is there, keeps what others wrote beside it, and has one per language', async () => {
    const grafana = await fakeGrafana({ dashboards: all });
    grafana.playlists.set('michinori', {
      metadata: { name: 'michinori', resourceVersion: '7', annotations: { 'grafana.app/folder': 'walls' } },
      spec: { title: 'older', interval: '10s', items: [] },
    });
    expect((await apply(grafana)).out).toContain('was brought up to date');
    expect(grafana.playlists.get('michinori')).toMatchObject({
      metadata: { annotations: { 'grafana.app/folder': 'walls' } },
      spec: {
        interval: '30s',
        items: [{ value: 'michinori-wall' }, ...wallDashboards.slice(1).map((value) => ({ value }))],
      },
    });
    const japanese = await apply(grafana, ['--language', 'ja', '--json']);
    expect(JSON.parse(japanese.out)).toMatchObject({ playlist: 'michinori-ja', done: 'create', missing: [] });
    expect(JSON.parse(japanese.out).dashboards[0]).toBe('michinori-wall-ja');
    expect([...grafana.playlists.keys()]).toEqual(['michinori', 'michinori-ja']);
  });

  it('shows other dashboards when asked to, and names those that are not there', async () => {
    const grafana = await fakeGrafana({ dashboards: ['mine'] });
    const { exitCode, out, err } = await apply(grafana, ['--dashboard', 'mine', '--dashboard', 'gone', '--json']);
    expect([exitCode, JSON.parse(out)]).toMatchObject([0, { dashboards: ['mine', 'gone'], missing: ['gone'] }]);
    expect(err).toBe('Grafana has no dashboard gone: provision them, or name others with --dashboard.\n');
  });

  it('works where only the older version of the API is', async () => {
    const grafana = await fakeGrafana({ versions: ['v0alpha1'], dashboards: all });
    expect((await apply(grafana)).exitCode).toBe(0);
    expect(grafana.asked.filter((request) => request.startsWith('POST'))).toEqual([
      'POST /apis/playlist.grafana.app/v0alpha1/namespaces/default/playlists',
    ]);
  });

  it.each([
    [2, 0, 'brought up to date'],
    [3, 1, 'keeps changing'],
  ])('meets %i others who write at the same time: exit code %i', async (conflicts, exitCode, words) => {
    const grafana = await fakeGrafana({ dashboards: all, conflicts });
    const ran = await apply(grafana);
    expect([ran.exitCode, ran.out + ran.err]).toEqual([exitCode, expect.stringContaining(words)]);
  });

  it('takes the token from a file, and shows it nowhere', async () => {
    const grafana = await fakeGrafana({
      tokens: { 'secret-of-file': 'Editor', 'secret-viewer': 'Viewer' },
      dashboards: all,
    });
    const file = join(temporaryFolder(), 'token');
    writeFileSync(file, 'secret-of-file\n');
    const fine = await apply(grafana, [], { env: { GRAFANA_TOKEN_FILE: file } });
    expect([fine.exitCode, fine.err]).toEqual([0, '']);
    for (const token of ['secret-viewer', 'secret-unknown']) {
      const grafanaAnew = await fakeGrafana({ tokens: { 'secret-viewer': 'Viewer' } });
      const ran = await apply(grafanaAnew, [], { env: { GRAFANA_TOKEN: token } });
      expect(ran.exitCode).toBe(1);
      expect(ran.out + ran.err).not.toContain('secret');
    }
    const both = await apply(grafana, [], { env: { GRAFANA_TOKEN: 'a', GRAFANA_TOKEN_FILE: file } });
    expect([both.exitCode, both.err]).toEqual([2, expect.stringContaining('both set')]);
  });

  it('says plainly why it could not', async () => {
    const closed = { url: 'http://127.0.0.1:9' };
    const open = await fakeGrafana({ tokens: { 'good-token': 'Viewer' } });
    const old = await fakeGrafana({ versions: [] });
    const moved = await fakeGrafana({ answer: (response) => response.writeHead(302, { location: '/login' }).end() });
    const broken = await fakeGrafana({ answer: (response) => response.writeHead(502).end('<html>') });
    expect(await apply(closed)).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('Nobody answers at http://127.0.0.1:9'),
    });
    expect((await apply(open, [], { env: {} })).err).toContain(
      'answered 401 (Unauthorized). Give the token of a service account',
    );
    expect((await apply(open, [], { env: { GRAFANA_TOKEN: 'other' } })).err).toContain('is not one of this Grafana');
    expect((await apply(open)).err).toContain(
      'answered 403 (forbidden). The service account of the token may not write',
    );
    expect((await apply(old)).err).toContain('it takes Grafana 12 or newer');
    expect((await apply(moved)).err).toContain('a redirect: give --url the address that it leads to');
    expect((await apply(broken)).err).toContain('answered 502: not an answer of Grafana');
  });

  it.each([
    [['--interval', '0s'], '--interval is'],
    [['--interval', '30'], '--interval is'],
    [['--url', 'localhost:3000'], '--url is'],
    [['--language', 'fr'], 'Allowed choices'],
  ])('refuses %j', async (flags, words) => {
    const ran = await run(['grafana', 'playlist', ...flags], { env });
    expect([ran.exitCode, ran.err]).toEqual([2, expect.stringContaining(words)]);
  });
});
