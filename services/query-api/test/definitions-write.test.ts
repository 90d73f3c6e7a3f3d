import type { ClickHouse } from '@michinori/clickhouse';
import { type EventLog, EventLogError } from '@michinori/event-log';
import { definitionsTopic } from '@michinori/events';
import { describe, expect, it } from 'vitest';
import { definitionsIn, journeyText, temporaryLog } from './journey-world.ts';
import { apiOver, nowUs } from './world.ts';

const noStore = {} as ClickHouse;
const yaml = { 'content-type': 'text/yaml' };

async function open() {
  const log = await temporaryLog();
  return { log, api: apiOver(noStore, {}, '127.0.0.1', log) };
}

const improvement = { id: 'guide', journey: 'buying', title: 'New guide', at: '2026-02-01T09:00:00+09:00' };

describe('POST /v1/journeys', () => {
  it('is durable in the log when it is answered, as YAML or inside JSON', async () => {
    const { log, api } = await open();
    const first = await api.post('/v1/journeys', journeyText('buying', 1), yaml);
    expect([first.statusCode, first.json()]).toEqual([
      202,
      {
        rows: [{ journey: 'buying', version: 1, state: 'accepted' }],
        meta: { at: '2026-03-01T00:00:00.000000Z' },
      },
    ]);
    const second = await api.post('/v1/journeys', { source: journeyText('buying', 3) });
    expect(second.statusCode).toBe(202);
    for (const type of ['application/yaml', 'text/plain; charset=utf-8', 'text/x-yaml', 'application/x-yaml']) {
      expect((await api.post('/v1/journeys', journeyText('buying', 3), { 'content-type': type })).statusCode).toBe(200);
    }
    expect(await definitionsIn(log)).toEqual([
      {
        kind: 'journey',
        journey: 'buying',
        version: 1,
        source: journeyText('buying', 1),
        appliedAtUs: nowUs,
        appliedBy: '',
      },
      expect.objectContaining({ version: 3, source: journeyText('buying', 3) }),
    ]);
  });

  it('takes several journeys at once, each with its own text, or none of them', async () => {
    const { log, api } = await open();
    const both = `${journeyText('buying', 1)}---\n${journeyText('success', 7)}`;
    const answer = await api.post('/v1/journeys', both, yaml);
    expect(answer.json().rows.map((row: object) => Object.values(row).join(' '))).toEqual([
      'buying 1 accepted',
      'success 7 accepted',
    ]);
    expect(await definitionsIn(log)).toMatchObject([
      { journey: 'buying', source: journeyText('buying', 1) },
      { journey: 'success', source: journeyText('success', 7) },
    ]);
    const mixed = `${journeyText('success', 8)}---\n${journeyText('buying', 1, '# other\n')}---\n${journeyText('other', 1)}`;
    const again = await api.post('/v1/journeys', mixed.replace('lost_after: 30d', 'lost_after: 31d'), yaml);
    expect([again.statusCode, again.json().rows.map((row: { state: string }) => row.state)]).toEqual([
      202,
      ['accepted', 'unchanged', 'accepted'],
    ]);
    const partly = `${journeyText('success', 9)}---\n${journeyText('buying', 1).replace('30d', '31d')}`;
    expect((await api.post('/v1/journeys', partly, yaml)).json().code).toBe('version_taken');
    expect(await definitionsIn(log)).toHaveLength(4);
  });

  it('changes nothing when the meaning is the same, refuses a taken version and one below the newest', async () => {
    const { log, api } = await open();
    await api.post('/v1/journeys', journeyText('buying', 2), yaml);
    const same = await api.post('/v1/journeys', `# a remark\n${journeyText('buying', 2).replace('30d', '720h')}`, yaml);
    expect([same.statusCode, same.json().rows]).toEqual([200, [{ journey: 'buying', version: 2, state: 'unchanged' }]]);
    const taken = await api.post('/v1/journeys', journeyText('buying', 2).replace('30d', '31d'), yaml);
    expect([taken.statusCode, taken.json().code]).toEqual([409, 'version_taken']);
    expect(taken.json().detail).toContain('version 3');
    const old = await api.post('/v1/journeys', journeyText('buying', 1), yaml);
    expect([old.statusCode, old.json().code]).toEqual([409, 'version_too_old']);
    expect(await definitionsIn(log)).toHaveLength(1);
    await api.post('/v1/journeys', journeyText('buying', 10), yaml);
    expect((await api.post('/v1/journeys', journeyText('buying', 9), yaml)).json().code).toBe('version_too_old');
  });

  it('sees what another process appended, and of two requests at once one wins', async () => {
    const { log, api } = await open();
    const other = apiOver(noStore, {}, '127.0.0.1', log);
    await other.post('/v1/journeys', journeyText('buying', 5), yaml);
    expect((await api.post('/v1/journeys', journeyText('buying', 4), yaml)).json().code).toBe('version_too_old');
    const variants = ['31d', '32d', '33d'].map((days) => journeyText('buying', 6).replace('30d', days));
    const answers = await Promise.all(variants.map((text) => api.post('/v1/journeys', text, yaml)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 409, 409]);
    expect(await definitionsIn(log)).toHaveLength(2);
  });

  it('says where a text is wrong: line, column, what was meant', async () => {
    const { log, api } = await open();
    const wrong = journeyText('buying', 1).replace('lost_after', 'lost_afer').replace('Asia/Tokyo', 'Asia/Edo');
    const answer = await api.post('/v1/journeys', wrong, yaml);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid_journey']);
    const { errors } = answer.json();
    expect(errors).toHaveLength(2);
    expect(errors[0]).toMatchObject({ pointer: '/timezone', message: expect.stringMatching(/^line 5, column 11: /) });
    expect(errors[1]).toMatchObject({
      pointer: expect.stringMatching(/^\/stages\/0/),
      message: expect.stringMatching(/^line 13, column 5: .*lost_after/),
    });
    for (const nothing of ['', '# nothing', 'a: [', 'journey: x\0', '\ufeff'])
      expect((await api.post('/v1/journeys', nothing, yaml)).json().code, JSON.stringify(nothing)).toBe(
        'invalid_journey',
      );
    expect((await api.post('/v1/journeys', { sauce: 'x' })).json().errors[0]).toMatchObject({ pointer: '/source' });
    const bytes = await api.app.inject({
      method: 'POST',
      url: '/v1/journeys',
      headers: yaml,
      payload: Buffer.from([0x6a, 0xff]),
    });
    expect(bytes.json().detail).toContain('UTF-8');
    expect(await definitionsIn(log)).toEqual([]);
  });

  it('takes no other media type, no endless text', async () => {
    const { api } = await open();
    const form = await api.post('/v1/journeys', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' });
    expect([form.statusCode, form.json().detail]).toEqual([415, expect.stringContaining('text/yaml')]);
    const long = await api.post('/v1/journeys', '#'.repeat(300_000), yaml);
    expect([long.statusCode, long.json().code]).toEqual([413, 'body_too_large']);
    const query = await api.post('/v1/funnels/query', 'a: b', yaml);
    expect([query.statusCode, query.json().code]).toEqual([415, 'unsupported_media_type']);
  });
});

describe('POST /v1/improvements', () => {
  it('is durable in the log; the same id again replaces, the same content again changes nothing', async () => {
    const { log, api } = await open();
    await api.post('/v1/journeys', journeyText('buying', 1), yaml);
    const first = await api.post('/v1/improvements', { ...improvement, stage: 'interest', segment: 'plan:a:b' });
    expect([first.statusCode, first.json().rows]).toEqual([
      202,
      [{ id: 'guide', journey: 'buying', state: 'accepted' }],
    ]);
    const same = await api.post('/v1/improvements', { ...improvement, stage: 'interest', segment: 'plan:a:b' });
    expect([same.statusCode, same.json().rows[0].state]).toEqual([200, 'unchanged']);
    const changed = {
      ...improvement,
      segment: { name: 'plan', values: ['pro', '', 'pro'] },
      due: '2026-06-01T00:00:00Z',
    };
    expect((await api.post('/v1/improvements', changed)).statusCode).toBe(202);
    const random = await api.post('/v1/improvements', { ...improvement, id: undefined });
    expect(random.json().rows[0].id).toMatch(/^[0-9a-f-]{36}$/);
    expect((await definitionsIn(log)).slice(1)).toEqual([
      {
        kind: 'improvement',
        id: 'guide',
        journey: 'buying',
        stage: 'interest',
        title: 'New guide',
        atUs: Date.UTC(2026, 1, 1) * 1000,
        segment: { name: 'plan', values: ['a:b'] },
        owner: '',
        hypothesis: '',
        dueUs: null,
        recordedAtUs: nowUs,
        recordedBy: '',
      },
      expect.objectContaining({
        stage: '',
        segment: { name: 'plan', values: ['pro', ''] },
        dueUs: Date.UTC(2026, 5, 1) * 1000,
        recordedAtUs: nowUs + 1,
      }),
      expect.objectContaining({ segment: null }),
    ]);
  });

  it.each([
    ['journey', { journey: 'bying' }, '/journey', 'Did you mean "buying"?'],
    ['stage', { stage: 'intrest' }, '/stage', 'Did you mean "interest"?'],
    ['segment', { segment: 'plam:pro' }, '/segment', 'Did you mean "plan"?'],
    ['name of a segment', { segment: { name: 'xxxxxx', values: ['a'] } }, '/segment/name', 'Known: plan, region.'],
    ['segment without a value', { segment: 'plan' }, '/segment', 'NAME:VALUE'],
    ['no values', { segment: { name: 'plan', values: [] } }, '/segment/values', 'at least 1 member'],
    ['time', { at: '2026-02-30T00:00:00Z' }, '/at', 'ISO 8601'],
    ['time without a zone', { at: '2026-02-01T00:00:00' }, '/at', 'ISO 8601'],
    ['time before 1980', { at: '1979-12-31T23:59:59Z' }, '/at', '1980'],
    ['due', { due: 'soon' }, '/due', 'ISO 8601'],
    ['title', { title: '' }, '/title', 'at least 1'],
    ['NUL', { title: 'a\0b' }, '/title', 'NUL'],
    ['half a character', { hypothesis: '\ud800' }, '/hypothesis', 'surrogate'],
    ['unknown name', { titel: 'x' }, '/titel', 'Did you mean "title"?'],
  ])('refuses a wrong %s with a pointer and the nearest name', async (_name, change, pointer, words) => {
    const { log, api } = await open();
    await api.post('/v1/journeys', journeyText('buying', 1), yaml);
    const answer = await api.post('/v1/improvements', { ...improvement, ...change });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid_request']);
    expect(answer.json().errors).toEqual([{ pointer, message: expect.stringContaining(words) }]);
    expect(await definitionsIn(log)).toHaveLength(1);
  });
});

describe('a rebuild', () => {
  it('is a record; of one journey, or of all', async () => {
    const { log, api } = await open();
    await api.post('/v1/journeys', `${journeyText('success', 1)}---\n${journeyText('buying', 1)}`, yaml);
    const one = await api.app.inject({ method: 'POST', url: '/v1/journeys/buying/rebuild' });
    expect([one.statusCode, one.json().rows]).toEqual([
      202,
      [{ journey: 'buying', requestedAt: '2026-03-01T00:00:00.000000Z' }],
    ]);
    const all = await api.app.inject({ method: 'POST', url: '/v1/rebuild' });
    expect(all.json().rows.map(({ journey }: { journey: string }) => journey)).toEqual(['buying', 'success']);
    const wrong = await api.app.inject({ method: 'POST', url: '/v1/journeys/bying/rebuild' });
    expect([wrong.statusCode, wrong.json().code]).toEqual([404, 'unknown_journey']);
    expect(wrong.json().detail).toContain('"buying"');
    expect((await definitionsIn(log)).slice(2)).toEqual([
      { kind: 'rebuild', journey: 'buying', requestedAtUs: nowUs, requestedBy: '' },
      { kind: 'rebuild', journey: null, requestedAtUs: nowUs, requestedBy: '' },
    ]);
  });
});

describe('writing', () => {
  const writes = [
    ['/v1/journeys', journeyText('buying', 1), yaml],
    ['/v1/improvements', improvement, {}],
    ['/v1/rebuild', '', { 'content-type': 'application/json' }],
  ] as const;

  it('needs a key with the scope admin where keys are in use, and is signed with it', async () => {
    const { log, api } = await open();
    const { key: query } = api.keys.create({ name: 'q', scopes: ['query'] });
    const { key: ingest } = api.keys.create({ name: 'i', scopes: ['ingest'] });
    const { key: admin, description } = api.keys.create({ name: 'a', scopes: ['admin'] });
    for (const [path, body, headers] of writes) {
      if (path === '/v1/rebuild') continue;
      const status = async (key?: string) =>
        (await api.post(path, body, { ...headers, ...(key === undefined ? {} : { 'x-api-key': key }) })).statusCode;
      expect([await status(), await status('mk_x'), await status(query), await status(ingest)]).toEqual([
        401, 401, 403, 403,
      ]);
      expect(await status(admin)).toBe(202);
    }
    expect(await definitionsIn(log)).toMatchObject([
      { appliedBy: expect.stringContaining(description.prefix) },
      { recordedBy: expect.stringContaining(description.prefix) },
    ]);
    expect(JSON.stringify(await definitionsIn(log))).not.toContain(admin);
  });

  it('is answered 501 by a process without a log', async () => {
    const api = apiOver(noStore);
    for (const path of ['/v1/journeys', '/v1/improvements']) {
      const [, body, headers] = writes.find(([each]) => each === path) ?? writes[0];
      const answer = await api.post(path, body, headers);
      expect([answer.statusCode, answer.json().code]).toEqual([501, 'no_event_log']);
    }
    const rebuild = await api.app.inject({ method: 'POST', url: '/v1/rebuild' });
    expect(rebuild.json().code).toBe('no_event_log');
  });

  it('is answered 503 while the log takes nothing, and goes on afterwards', async () => {
    const log = await temporaryLog();
    let isBroken = true;
    const broken: EventLog = {
      ...log,
      append: (topic, records) =>
        isBroken ? Promise.reject(new EventLogError('log_disk_full', 'a secret')) : log.append(topic, records),
    };
    const api = apiOver(noStore, {}, '127.0.0.1', broken);
    const failed = await api.post('/v1/journeys', journeyText('buying', 1), yaml);
    expect([failed.statusCode, failed.json().code, failed.headers['retry-after']]).toEqual([
      503,
      'log_unavailable',
      '2',
    ]);
    expect(failed.body).not.toContain('a secret');
    isBroken = false;
    expect((await api.post('/v1/journeys', journeyText('buying', 1), yaml)).statusCode).toBe(202);
  });

  it('passes over records that this program cannot read', async () => {
    const { log, api } = await open();
    await log.append(definitionsTopic, [{ key: '', value: Buffer.from('{"v":99}') }]);
    expect((await api.post('/v1/journeys', journeyText('buying', 1), yaml)).statusCode).toBe(202);
    expect((await api.post('/v1/journeys', journeyText('buying', 1), yaml)).statusCode).toBe(200);
  });
});
