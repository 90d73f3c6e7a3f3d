import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { drawTrackRecord, type TrackRecordRow } from '../../src/terminal/track-record-table.ts';
import { run, temporaryFolder } from './fake-io.ts';

const whole: TrackRecordRow = {
  ...{ asOf: '2026-11-19T18:00:00.000000Z', stage: null, title: 'Customer success', horizonSeconds: 2_592_000 },
  ...{
    state: 'ok',
    n: 182,
    lost: 31,
    auc: 0.731,
    aucLo: 0.613,
    aucHi: 0.823,
    brier: 0.118,
    brierBase: 0.141,
    losses: 44,
    neverFlagged: 13,
  },
  leadSecondsP50: 1_036_800,
};
const few = {
  ...whole,
  stage: 'a',
  title: '導入',
  state: 'insufficient',
  n: 9,
  lost: 1,
  brier: null,
  losses: 0,
  leadSecondsP50: null,
};

it('draws a track record, a line for the journey and one per stage', () => {
  const lines = drawTrackRecord([whole, few, { ...few, title: 'New', state: 'no_scores' }]).split('\n');
  expect(lines.slice(0, 4)).toEqual([
    '                  after  scored  lost  AUC   95 %            Brier        never flagged  median warning',
    'Customer success  30 d      182    31  0.73  0.61–0.82       0.12 (0.14)  13 of 44       12 d',
    '  導入            30 d        9     1  –     too few         –            –              –',
    '  New             30 d        9     1  –     no scores then  –            –              –',
  ]);
  expect(lines[5]).toContain('As of 2026-11-19T18:00Z');
});

it('prints the newest record and what it suggests, or that there is none yet', async () => {
  let rows: unknown[] = [whole];
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const own = request.url?.endsWith('suggestions') ? rows.map(() => ({ sentence: 'Leave it.' })) : rows;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ rows: own, meta: {} }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const argv = ['health', 'track-record', 'customer success', '--url', url, '--data', temporaryFolder()];
  const shown = await run(argv);
  expect(shown).toMatchObject({ exitCode: 0, out: expect.stringContaining('0.61–0.82') });
  expect(shown.out).toMatch(/Points of rules, by what happened:\n {2}Leave it\.\n$/);
  expect(asked).toEqual(
    ['track-record', 'suggestions'].map((path) => `/v1/journeys/customer%20success/health/${path}`),
  );
  const { out } = await run([...argv, '--json']);
  expect(JSON.parse(out)).toMatchObject({ trackRecord: [{ n: 182 }], suggestions: [{ sentence: 'Leave it.' }] });
  rows = [];
  expect((await run(argv)).out).toContain('no track record yet');
});
