import { type ClickHouse, isoFromMicroseconds } from '@michinori/clickhouse';
import { beforeAll, describe, expect, it } from 'vitest';
import { apiOver, openStore } from './world.ts';

const dayUs = 86_400_000_000;
/** Today: the tables forget what is older than 400 days. */
const nowUs = Math.floor(Date.now() / 86_400_000) * dayUs;
const iso = (us: number) => isoFromMicroseconds(us);
const key = { stage: 'trial', segment: 'plan:pro', touchpoint: null };
const figures = { k: 42, n: 120, rate: 0.35, lo: 0.27, hi: 0.44, usual: 0.2, usualLo: 0.15, usualHi: 0.26 };
const window = { fromUs: nowUs - 14 * dayUs, toUs: nowUs - 7 * dayUs };
const episode = { id: 'e1', startedUs: nowUs - dayUs, windowFromUs: window.fromUs, firedUs: nowUs };

/** A row as an alerter writes it. */
const alertRow = (alert: string, evaluatedUs: number, state: string) => ({
  ...{ alert, journey: 'buying', kind: 'stage-drop-off', severity: 'warning', ...key, state },
  ...{ firing: state === 'firing', episode: 'e1', startedUs: episode.startedUs, firedUs: null, evaluatedUs },
  ...{ windowFromUs: window.fromUs, windowToUs: window.toUs, ...figures, lift: 1.75, p: 1e-4, q: 0.0031 },
});
const transition = (kind: string, atUs: number, isJudged = true) => ({
  ...{ id: `e1:${kind}`, kind, atUs, rule: 'r', key, episode, reason: kind === 'resolved' ? 'retired' : null },
  verdict: isJudged
    ? { key, finding: 'alarming', figures: { ...figures, window, lift: 1.75, p: 1e-4 }, q: 0.0031 }
    : null,
});

let clickhouse: ClickHouse;
beforeAll(async () => {
  clickhouse = await openStore();
  const row = (alert: string, us: number, journey: string, rows: unknown[], transitions: unknown[]) => [
    ...[alert, us, journey, '', '{}', JSON.stringify(transitions), '[]', JSON.stringify(rows)],
  ];
  await clickhouse.insert({
    table: 'alert_evaluations',
    columns: ['alert', 'evaluated_at', 'journey', 'source', 'state', 'transitions', 'notices', 'rows'],
    rows: [
      row(
        'trial',
        nowUs - dayUs,
        'buying',
        [alertRow('trial', nowUs - dayUs, 'pending')],
        [transition('started', nowUs - dayUs)],
      ),
      row('trial', nowUs, 'buying', [alertRow('trial', nowUs, 'firing')], [transition('fired', nowUs)]),
      row('gone', nowUs - 2 * dayUs, 'leaving', [], [transition('resolved', nowUs - 2 * dayUs, false)]),
      row('quiet', nowUs, 'leaving', [alertRow('quiet', nowUs, 'ok')], []),
    ],
  });
});

const get = async (path: string) => (await apiOver(clickhouse).app.inject(path)).json();

describe('/v1/alerts', () => {
  it('is a flat row per series, as of the last evaluation of each rule', async () => {
    const { rows, meta } = await get('/v1/alerts');
    expect(rows.map(({ alert, state }: { alert: string; state: string }) => `${alert} ${state}`)).toEqual([
      ...['quiet ok', 'trial firing'],
    ]);
    expect(rows[1]).toEqual({
      ...{ alert: 'trial', journey: 'buying', kind: 'stage-drop-off', severity: 'warning', ...key },
      ...{ state: 'firing', firing: true, episode: 'e1', firedAt: null, ...figures, lift: 1.75, p: 1e-4, q: 0.0031 },
      ...{ startedAt: iso(nowUs - dayUs), evaluatedAt: iso(nowUs) },
      ...{ windowFrom: iso(window.fromUs), windowTo: iso(window.toUs) },
    });
    expect(meta).toMatchObject({ truncated: false });
    expect((await get('/v1/alerts?alert=trial')).rows).toHaveLength(1);
    expect((await get('/v1/alerts?journey=buying')).rows).toHaveLength(1);
    expect((await get('/v1/alerts?alert=nothing')).rows).toEqual([]);
    expect((await get('/v1/alerts?alert=')).rows).toEqual(rows);
  });

  it('has the same columns as CSV', async () => {
    const csv = await apiOver(clickhouse).app.inject('/v1/alerts?format=csv');
    expect(csv.body.split('\r\n')[0]).toMatch(/^alert,journey,kind,severity,stage,segment,touchpoint,state,firing,/);
    expect(csv.body.trim().split('\r\n')).toHaveLength(3);
  });
});

describe('/v1/alerts/history', () => {
  it('is what happened, the newest first', async () => {
    const { rows, meta } = await get('/v1/alerts/history');
    expect(rows.map(({ alert, transition: what }: Record<string, string>) => `${alert} ${what}`)).toEqual([
      ...['trial fired', 'trial started', 'gone resolved'],
    ]);
    expect(rows[0]).toMatchObject({
      at: iso(nowUs),
      ...key,
      k: 42,
      n: 120,
      q: 0.0031,
      reason: null,
    });
    expect(rows[2]).toMatchObject({ journey: 'leaving', reason: 'retired', k: null, windowFrom: null, q: null });
    expect(Object.keys(rows[2])).toEqual(Object.keys(rows[0]));
    expect(meta.truncated).toBe(false);
  });

  it('can be cut by time, rule, journey and number', async () => {
    const names = async (query: string) =>
      (await get(`/v1/alerts/history?${query}`)).rows.map((row: { transition: string }) => row.transition);
    expect(await names(`from=${iso(nowUs - dayUs)}&to=${iso(nowUs)}`)).toEqual(['started']);
    expect(await names('alert=gone')).toEqual(['resolved']);
    expect(await names('journey=buying')).toEqual(['fired', 'started']);
    expect(await get('/v1/alerts/history?limit=2')).toMatchObject({ rows: [{}, {}], meta: { truncated: true } });
    expect(await get('/v1/alerts/history?from=2026-03-01T00:00:00Z&to=2026-02-01T00:00:00Z')).toMatchObject({
      status: 400,
    });
  });
});
