import type { ClickHouse } from '@michinori/clickhouse';
import { beforeAll, describe, expect, it } from 'vitest';
import { definitionsIn, journeyText, temporaryLog } from './journey-world.ts';
import { apiOver, nowUs, openStore } from './world.ts';

const yaml = { 'content-type': 'text/yaml' };
const rule = (id: string, more = '') => `alert: ${id}\njourney: buying\n${more}`;
const dayUs = 86_400_000_000;

let clickhouse: ClickHouse;
beforeAll(async () => {
  clickhouse = await openStore();
  const place = ['log', 'log_partition', 'log_offset'];
  await clickhouse.insert({
    table: 'journey_definitions',
    columns: ['journey', 'version', 'source', 'applied_at', 'applied_by', ...place],
    rows: [['buying', 1, journeyText('buying', 1), nowUs, '', 'definitions@a', 0, 0]],
  });
  await clickhouse.insert({
    table: 'alert_rules',
    columns: ['alert', 'version', 'source', 'is_deleted', 'origin', 'changed_at', 'changed_by'],
    rows: [['of-file', 1, rule('of-file', 'stages: [interst]\nby: [plan]\n'), 0, 'file', nowUs, 'rules/a.yaml']],
  });
  await clickhouse.insert({
    table: 'rule_definitions',
    columns: ['alert', 'source', 'is_deleted', 'changed_at', 'changed_by', ...place],
    rows: [
      ['applied', rule('applied', 'title: { en: Losses, ja: 離脱 }\nhorizon: 14d\n'), 0, nowUs, 'mk_ab12', 'd@a', 0, 1],
      ['broken', 'alert: [', 0, nowUs + dayUs, '', 'd@a', 0, 2],
      ['elsewhere', 'alert: elsewhere\njourney: bying\n', 0, nowUs, '', 'd@a', 0, 3],
    ],
  });
});

async function open() {
  const log = await temporaryLog();
  const api = apiOver(clickhouse, {}, '127.0.0.1', log);
  await api.post('/v1/journeys', journeyText('buying', 1), yaml);
  const written = async () => (await definitionsIn(log)).filter(({ kind }) => kind === 'alert-rule');
  const post = (body: unknown, query = '', headers = {}) => api.post(`/v1/alerts/rules${query}`, body, headers);
  const remove = (id: string) => api.app.inject({ method: 'DELETE', url: `/v1/alerts/rules/${id}` });
  return { log, api, written, post, remove };
}

describe('POST /v1/alerts/rules', () => {
  it('is durable in the log when it is answered, as YAML, as YAML in JSON, or as an object', async () => {
    const { post, written } = await open();
    const first = await post(rule('a'), '', yaml);
    expect([first.statusCode, first.json()]).toEqual([
      202,
      { rows: [{ alert: 'a', state: 'accepted' }], meta: { at: '2026-03-01T00:00:00.000000Z' } },
    ]);
    expect((await post({ source: `${rule('b')}---\n${rule('c')}` })).json().rows).toHaveLength(2);
    const given = {
      alert: 'd',
      journey: 'buying',
      stages: ['interest'],
      by: ['plan'],
      min_n: 50,
      title: { ja: '離脱' },
    };
    expect((await post({ rule: given })).statusCode).toBe(202);
    expect(await written()).toMatchObject([
      { alert: 'a', source: rule('a'), changedAtUs: nowUs, changedBy: '' },
      { alert: 'b', source: rule('b') },
      { alert: 'c', source: rule('c') },
      { alert: 'd', source: `${JSON.stringify(given, null, 2)}\n` },
    ]);
  });

  it('changes nothing for the same text, and puts another one in its place, later than the one before', async () => {
    const { post, written } = await open();
    await post(rule('a'), '', yaml);
    const same = await post(rule('a'), '', yaml);
    expect([same.statusCode, same.json().rows]).toEqual([200, [{ alert: 'a', state: 'unchanged' }]]);
    await post(rule('a', 'window: 1d\n'), '', yaml);
    expect(await written()).toMatchObject([{ changedAtUs: nowUs }, { changedAtUs: nowUs + 1 }]);
  });

  it('with dryRun says what would be, and stores nothing', async () => {
    const { post, written } = await open();
    const dry = await post(rule('a'), '?dryRun=true', yaml);
    expect([dry.statusCode, dry.json().rows]).toEqual([200, [{ alert: 'a', state: 'valid' }]]);
    expect((await post(rule('a', 'windo: 1d\n'), '?dryRun=true', yaml)).json().code).toBe('invalid_rule');
    expect(await written()).toEqual([]);
  });

  it('says where a text is wrong: line, column, what was meant; also what its journey does not have', async () => {
    const { post, written } = await open();
    const wrong = await post(rule('a', 'windo: 1d\nfor: 0\n'), '', yaml);
    expect([wrong.statusCode, wrong.json().code]).toEqual([400, 'invalid_rule']);
    expect(wrong.json().errors).toEqual([
      { pointer: '/windo', message: expect.stringMatching(/^line 3, column 1: .*Did you mean window\?$/) },
      { pointer: '/for', message: expect.stringMatching(/^line 4, column 6: /) },
    ]);
    const unknown = await post(
      `${rule('a', 'stages: [interst]\nby: [plan, regoin]\n')}---\nalert: b\njourney: bying\n`,
      '',
      yaml,
    );
    expect(unknown.json().errors.map(({ message }: { message: string }) => message)).toEqual([
      expect.stringMatching(/^line 3, column 10: .*Did you mean interest\?$/),
      expect.stringMatching(/^line 4, column 12: .*Did you mean region\?$/),
      expect.stringMatching(/^line 7, column 10: .*Did you mean buying\?$/),
    ]);
    const json = await post({ rule: { alert: 'a', journey: 'buying', kind: 'volumes' } });
    expect(json.json().errors).toEqual([
      { pointer: '/kind', message: expect.stringMatching(/^line 4, column 11: .*Did you mean volume\?$/) },
    ]);
    for (const body of [{}, { source: rule('a'), rule: {} }, { sorce: rule('a') }])
      expect((await post(body)).json().code).toBe('invalid_request');
    expect((await post(Buffer.from([0xff]).toString('latin1'), '', { 'content-type': 'text/csv' })).statusCode).toBe(
      415,
    );
    expect(await written()).toEqual([]);
  });

  it('refuses a rule of a file and names the file; then no rule of the text is taken', async () => {
    const { post, remove, written } = await open();
    const answer = await post(`${rule('a')}---\n${rule('of-file')}`, '', yaml);
    expect([answer.statusCode, answer.json().code, answer.json().detail]).toEqual([
      ...[409, 'rule_of_file', expect.stringContaining('rules/a.yaml')],
    ]);
    expect((await remove('of-file')).json()).toMatchObject({ code: 'rule_of_file', status: 409 });
    expect(await written()).toEqual([]);
  });

  it('loses none of several at once, whichever process takes them', async () => {
    const { log, post, written } = await open();
    const other = apiOver(clickhouse, {}, '127.0.0.1', log);
    const ids = Array.from({ length: 12 }, (_, i) => `r${i}`);
    const answers = await Promise.all(
      ids.map((id, i) => (i % 2 === 0 ? post(rule(id), '', yaml) : other.post('/v1/alerts/rules', rule(id), yaml))),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(ids.map(() => 202));
    expect((await written()).map((each) => 'alert' in each && each.alert).sort()).toEqual([...ids].sort());
  });

  it('asks for a key with the scope admin', async () => {
    const { api, post, remove } = await open();
    const { key } = api.keys.create({ name: 'reader', scopes: ['query'] });
    const headers = { ...yaml, authorization: `Bearer ${key}` };
    expect((await post(rule('a'), '', headers)).json().code).toBe('insufficient_scope');
    expect((await remove('a')).statusCode).toBe(401);
    const admin = api.keys.create({ name: 'writer', scopes: ['admin'] });
    expect((await post(rule('a'), '', { ...yaml, authorization: `Bearer ${admin.key}` })).statusCode).toBe(202);
  });

  it('is refused without a log', async () => {
    const api = apiOver(clickhouse);
    expect((await api.post('/v1/alerts/rules', rule('a'), yaml)).json().code).toBe('no_event_log');
  });
});

describe('DELETE /v1/alerts/rules/{alert}', () => {
  it('takes a rule away by a record of its own, once', async () => {
    const { post, remove, written } = await open();
    await post(rule('abc'), '', yaml);
    const gone = await remove('abc');
    expect([gone.statusCode, gone.json().rows]).toEqual([202, [{ alert: 'abc', state: 'removed' }]]);
    expect((await remove('abc')).json()).toMatchObject({ status: 404, code: 'unknown_rule' });
    expect((await written()).at(-1)).toMatchObject({ alert: 'abc', source: null, changedAtUs: nowUs + 1 });
    expect((await post(rule('abc'), '', yaml)).statusCode).toBe(202);
    expect((await remove('abd')).json().detail).toContain('Did you mean "abc"?');
  });
});

describe('GET /v1/alerts/rules', () => {
  const get = async (path: string) => (await apiOver(clickhouse).app.inject(path)).json();

  it('has every rule with where it comes from, and what is wrong with it now', async () => {
    const { rows } = await get('/v1/alerts/rules');
    expect(rows.map(({ alert, origin, problems }: Record<string, unknown>) => [alert, origin, problems])).toEqual([
      ['applied', 'api', 0],
      ['broken', 'api', 1],
      ['elsewhere', 'api', 1],
      ['of-file', 'file', 1],
    ]);
    expect(rows[0]).toEqual({
      ...{ alert: 'applied', title: 'Losses', journey: 'buying', kind: 'stage-drop-off', stages: '', by: '' },
      ...{ horizonSeconds: 1_209_600, windowDays: 7, baselineDays: 84, schedule: '0 6 * * *', falseAlarmsPerWeek: 0.5 },
      ...{ minN: 30, minLift: 1.2, for: 2, severity: 'warning', channels: '', runbook: null, origin: 'api' },
      ...{ changedAt: '2026-03-01T00:00:00.000000Z', changedBy: 'mk_ab12', problems: 0, problem: null },
      source: rule('applied', 'title: { en: Losses, ja: 離脱 }\nhorizon: 14d\n'),
    });
    expect(rows[1]).toMatchObject({ journey: null, title: 'broken', problem: expect.stringContaining('line 1') });
    expect(rows[3]).toMatchObject({ changedBy: 'rules/a.yaml', stages: 'interst', by: 'plan' });
    expect((await get('/v1/alerts/rules?journey=bying')).rows).toHaveLength(1);
    expect((await get('/v1/alerts/rules?language=ja')).rows[0].title).toBe('離脱');
  });

  it('about one rule lists its problems with their places', async () => {
    const { rows, meta } = await get('/v1/alerts/rules/of-file');
    expect(rows).toHaveLength(1);
    expect(meta.problems).toEqual([
      {
        ...{ code: 'unknown_stage', pointer: '/stages/0', line: 3, column: 10, suggestion: 'interest' },
        message: expect.stringContaining('has no stage interst'),
      },
    ]);
    expect((await get('/v1/alerts/rules/aplied')).detail).toContain('Did you mean "applied"?');
    const csv = await apiOver(clickhouse).app.inject('/v1/alerts/rules/applied?format=csv');
    expect([csv.statusCode, csv.body.split('\n')[0]]).toEqual([200, expect.stringMatching(/^alert,title,journey/)]);
  });
});
