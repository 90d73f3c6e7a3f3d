import { describe, expect, it } from 'vitest';
import { type Case, importText, propertiesOf } from './helpers.ts';

const required = ['customer=who', 'touchpoint=what', 'occurredAt=at'];
const row = (extra: Partial<Case>): Case => ({ content: '', map: required, ...extra });

describe('rows of CSV', () => {
  it('become events: fields by mapping, the other columns as properties', async () => {
    const { result, events } = await importText(
      row({
        content:
          'who,what,at,team,nps,mood,price,cur,plan,note,empty\n' +
          'c1,app.opened,2024-05-01T10:00:00Z,care,9,-0.25,12.50,EUR,pro,"a, b",\n',
        map: [...required, 'sentiment=mood', 'amount.value=price', 'amount.currency=cur', 'trait.plan=plan'],
      }),
    );
    expect(result).toMatchObject({ outcome: 'finished', accepted: 1, rejected: 0, rejectsFile: null });
    expect(events).toMatchObject([
      {
        customer: 'c1',
        touchpoint: 'app.opened',
        occurredAtUs: Date.UTC(2024, 4, 1, 10) * 1_000,
        team: 'care',
        nps: 9,
        sentiment: -0.25,
        amount: { value: '12.50', currency: 'EUR' },
      },
    ]);
    expect(propertiesOf(events[0])).toEqual({ note: 'a, b' });
    expect([...(events[0]?.traits ?? [])]).toEqual([['plan', 'pro']]);
  });

  it('keep properties as text, digit by digit', async () => {
    const { events } = await importText(row({ content: 'who,what,at,n\nc,t,2024-05-01T10:00:00Z,0012.50\n' }));
    expect(propertiesOf(events[0])).toEqual({ n: '0012.50' });
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('may have a column %s', async (name) => {
    const { events } = await importText(row({ content: `who,what,at,${name}\nc,t,2024-05-01T10:00:00Z,x\n` }));
    expect([...(events[0]?.properties ?? [])]).toEqual([[name, 'x']]);
    const traits = await importText(
      row({
        content: `who,what,at,${name}\nc,t,2024-05-01T10:00:00Z,x\n`,
        map: [...required, `trait.${name}=${name}`],
      }),
    );
    expect([...(traits.events[0]?.traits ?? [])]).toEqual([[name, 'x']]);
  });

  it('take --set where no column fills the field or its cell is empty', async () => {
    const { events } = await importText(
      row({
        content: 'who,what,at,where\nc,t,2024-05-01T10:00:00Z,app\nc,t,2024-05-01T10:00:00Z,\n',
        map: [...required, 'channel=where'],
        set: ['channel=branch', 'team=care', 'property.source=export'],
      }),
    );
    expect(events.map(({ channel, team }) => [channel, team])).toEqual([
      ['app', 'care'],
      ['branch', 'care'],
    ]);
    expect(events.map(propertiesOf)).toEqual([{ source: 'export' }, { source: 'export' }]);
  });

  it('use a column that has the name of a field, unless the mapping or --set fills it', async () => {
    const content = 'customer,touchpoint,occurredAt,team,traits.plan\nc,t,2024-05-01T10:00:00Z,a,pro\n';
    const { events } = await importText({ content, set: ['team=b'] });
    expect(events[0]).toMatchObject({ customer: 'c', team: 'b' });
    expect(propertiesOf(events[0])).toEqual({});
    expect([...(events[0]?.traits ?? [])]).toEqual([['plan', 'pro']]);
    const mapped = await importText({ content, map: ['channel=team'] });
    expect(mapped.events[0]).toMatchObject({ channel: 'a', team: null });
  });

  it('lose the other columns with --unmapped ignore, and only then may their names repeat', async () => {
    const content = 'who,what,at,x,x\nc,t,2024-05-01T10:00:00Z,1,2\n';
    const { events } = await importText(row({ content, unmapped: 'ignore' }));
    expect(propertiesOf(events[0])).toEqual({});
    await expect(importText(row({ content }))).rejects.toMatchObject({ code: 'import_header_invalid' });
    await expect(
      importText(row({ content, unmapped: 'ignore', map: [...required, 'property.p=x'] })),
    ).rejects.toMatchObject({
      code: 'import_header_invalid',
    });
  });

  it('name the nearest column when the mapping has one that is not there', async () => {
    const import_ = importText(row({ content: 'who,wat,at\nc,t,2024-05-01T10:00:00Z\n' }));
    await expect(import_).rejects.toMatchObject({
      code: 'import_column_unknown',
      message: expect.stringContaining('"wat"'),
    });
  });

  it.each([
    ['touchpint=what', 'touchpoint'],
    ['what', 'form'],
    ['=what', 'form'],
  ])('refuse the mapping %s', async (map, hint) => {
    await expect(importText(row({ map: [map] }))).rejects.toMatchObject({
      code: 'import_mapping_invalid',
      message: expect.stringContaining(hint),
    });
  });

  it('refuse a field that is mapped twice', async () => {
    await expect(importText(row({ map: ['property.a=x', 'properties.a=y'] }))).rejects.toMatchObject({
      code: 'import_mapping_invalid',
    });
  });

  it('are refused one by one, with line, code and the place', async () => {
    const time = '2024-05-01T10:00:00Z';
    const lines = [
      'who,what,at,nps,sequence,sentiment',
      `,t,${time},,,`,
      `c,,${time},,,`,
      'c,t,soon,,,',
      `c,t,${time},nine,,`,
      `c,t,${time},11,,`,
      `c,t,${time},,9007199254740993,`,
      `c,t,${time},,1.5,`,
      `c,t,${time},,,0.12345678901234567890`,
      'c,t,1899-01-01T00:00:00Z,,,',
      `c,t,${time},9,7,0.5,`,
      `"c"x,t,${time},9,7,0.5`,
      `c,t,${time},+9,007,.5`,
    ];
    const { result, events, rejects } = await importText(row({ content: lines.join('\n') }));
    expect(rejects.map(({ line, code, where }) => [line, code, where])).toEqual([
      [2, 'customer_required', ''],
      [3, 'missing_field', ''],
      [4, 'unreadable_value', 'at'],
      [5, 'unreadable_value', 'nps'],
      [6, 'number_out_of_range', '/nps'],
      [7, 'number_not_exact', '/sequence'],
      [8, 'not_an_integer', '/sequence'],
      [9, 'number_not_exact', '/sentiment'],
      [10, 'time_out_of_range', '/occurredAt'],
      [11, 'wrong_column_count', ''],
      [12, 'unreadable_row', ''],
    ]);
    expect(rejects.map(({ line, raw }) => raw === lines[(line ?? 0) - 1])).not.toContain(false);
    expect(events).toMatchObject([{ nps: 9, sequence: 7, sentiment: 0.5 }]);
    expect(result).toMatchObject({ accepted: 1, rejected: 11 });
    expect(result.firstRejects).toEqual(rejects.slice(0, 10));
  });

  it('may be none', async () => {
    for (const content of ['', '\n', 'who,what,at', 'who,what,at\n\n']) {
      const { result } = await importText(row({ content }));
      expect(result).toMatchObject({ outcome: 'finished', accepted: 0, rejected: 0 });
    }
  });
});

describe('ids of rows', () => {
  const content = 'who,what,at\nc,t,2024-05-01T10:00:00Z\nc,t,2024-05-01T10:00:00Z\n';

  it('are the same for the same row in the same line, and different on two lines', async () => {
    const first = await importText(row({ content }));
    const second = await importText(row({ content, map: [...required].reverse() }));
    const longer = await importText(row({ content: `${content}c,t2,2024-05-01T10:00:00Z\n` }));
    const ids = first.events.map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    expect(second.events.map(({ id }) => id)).toEqual(ids);
    expect(longer.events.map(({ id }) => id).slice(0, 2)).toEqual(ids);
  });

  it('do not depend on when a row without a time is imported', async () => {
    const given = { content: 'who,what\nc,t\n', map: ['customer=who', 'touchpoint=what'] };
    const early = await importText({ ...given, options: { nowUs: () => 1_700_000_000_000_000 } });
    const late = await importText({ ...given, options: { nowUs: () => 1_700_000_001_000_000 } });
    expect(early.events[0]?.id).toBe(late.events[0]?.id);
    expect(early.events[0]?.occurredAtUs).toBe(1_700_000_000_000_000);
  });

  it('are different when the same row is read as two things', async () => {
    const wide = 'who,begun,done\nc,2024-05-01T10:00:00Z,2024-05-02T10:00:00Z\n';
    const take = (column: string, name: string) =>
      importText({
        content: wide,
        map: ['customer=who', `occurredAt=${column}`],
        set: [`touchpoint=${name}`],
        unmapped: 'ignore',
      });
    const [begun, done] = [await take('begun', 'begun'), await take('done', 'done')];
    expect(begun.events[0]?.id).not.toBe(done.events[0]?.id);
  });

  it('are taken from the file where it has them', async () => {
    const { events } = await importText(
      row({ content: 'who,what,at,key\nc,t,2024-05-01T10:00:00Z,k-1\n', map: [...required, 'id=key'] }),
    );
    expect(events[0]?.id).toBe('k-1');
  });
});

describe('lines of NDJSON', () => {
  const native = (event: object): string => JSON.stringify({ customer: 'c', touchpoint: 't', ...event });

  it('are events in native form', async () => {
    const lines = [
      `\ufeff${native({ id: 'a', occurredAt: '2024-05-01T10:00:00Z', properties: { n: 1, deep: { x: true }, '__proto__.y': 'p' } })}`,
      '',
      native({ nps: 9 }),
    ];
    const { events, result } = await importText({ name: 'e.ndjson', content: lines.join('\r\n') });
    expect(result.rejected).toBe(0);
    expect(events).toMatchObject([{ id: 'a' }, { nps: 9, id: expect.stringMatching(/^import-/) }]);
    expect(propertiesOf(events[0])).toEqual({ n: 1, 'deep.x': true, '__proto__.y': 'p' });
  });

  it('are refused one by one', async () => {
    const lines = [
      '{"customer":"c",',
      '[1]',
      native({ colour: 'red' }),
      '{"customer":"c","touchpoint":"t","properties":{"n":9007199254740993}}',
      native({}),
      '{"customer":"c","touchpoint":"t","properties":{"n":1,"n":2}}',
    ];
    const { events, rejects } = await importText({ name: 'e.jsonl', content: `${lines.join('\n')}\n` });
    expect(rejects.map(({ line, code, where }) => [line, code, where])).toEqual([
      [1, 'invalid_json', ''],
      [2, 'not_an_object', ''],
      [3, 'unknown_field', '/colour'],
      [4, 'number_not_exact', '/properties/n'],
      [6, 'duplicate_name', '/properties/n'],
    ]);
    expect(rejects[0]?.message).not.toContain('line 1');
    expect(events).toHaveLength(1);
  });

  it('are columns when there is a mapping: nested members have dots, values keep their types', async () => {
    const lines = [
      '{"event":"login","time":1700000000,"properties":{"distinct_id":9007199254740993,"n":1.5,"ok":false},"extra":{"tags":[1,"a"],"none":null,"text":""}}',
      '{"event":"login","time":1700000000,"properties":{"distinct_id":"u2","big":9007199254740993}}',
      '{"event":"login","other":1}',
    ];
    const { events, rejects } = await importText({
      name: 'export.ndjson',
      content: lines.join('\n'),
      map: ['touchpoint=event', 'occurredAt=time', 'customer=properties.distinct_id'],
    });
    expect(events).toMatchObject([
      { customer: '9007199254740993', touchpoint: 'login', occurredAtUs: 1_700_000_000_000_000 },
    ]);
    expect(propertiesOf(events[0])).toEqual({ n: 1.5, ok: false, 'extra.tags': '[1,"a"]', 'extra.text': '' });
    expect(rejects.map(({ line, code }) => [line, code])).toEqual([
      [2, 'number_not_exact'],
      [3, 'customer_required'],
    ]);
  });

  it('use members that have the names of fields', async () => {
    const { events } = await importText({
      name: 'e.ndjson',
      content: '{"user":"c","touchpoint":"t","nps":"9"}',
      map: ['customer=user'],
    });
    expect(events).toMatchObject([{ customer: 'c', touchpoint: 't', nps: 9 }]);
  });

  it('may not give one name twice by nesting', async () => {
    const { rejects } = await importText({
      name: 'e.ndjson',
      content: '{"user":"c","a.b":1,"a":{"b":2}}',
      map: ['customer=user'],
    });
    expect(rejects).toMatchObject([{ code: 'conflicting_names' }]);
  });
});
