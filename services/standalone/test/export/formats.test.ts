import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Api } from '../../src/cli/api.ts';
import { type ApiEvent, exportedEvents } from '../../src/export/exported-events.ts';
import { type ApiVisit, exportedVisits } from '../../src/export/exported-visits.ts';
import { type ExportFormat, type ExportOptions, runExport } from '../../src/export/run-export.ts';
import { createXesText, escapeXml } from '../../src/export/xes-text.ts';
import { importText, temporaryFolder } from '../import/helpers.ts';

const event = (fields: Partial<ApiEvent> = {}): ApiEvent => ({
  id: 'e1',
  customer: 'c',
  anonymous: null,
  account: null,
  touchpoint: 't',
  channel: null,
  team: null,
  direction: null,
  topic: null,
  occurredAt: '2024-05-01T10:00:00.123456Z',
  sequence: null,
  sentiment: null,
  nps: null,
  amount: null,
  currency: null,
  properties: '{}',
  traits: '{}',
  ...fields,
});

/** An API that has these pages. */
function apiOf(pages: readonly (readonly object[])[]): Api & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async get<T>(path: string) {
      asked.push(path);
      const at = asked.length - 1;
      const cursor = at + 1 < pages.length ? `p ${at + 1}` : null;
      return { rows: pages[at] ?? [], meta: { cursor, progress: (at + 1) / pages.length } } as T;
    },
    post: () => Promise.reject(new Error('nothing is written')),
  };
}

function optionsOf(api: Api, file: string, format: ExportFormat): ExportOptions<ApiEvent> {
  return {
    what: async () => exportedEvents({}),
    format,
    to: { file },
    withApi: (work) => work(api),
    wait: async () => {},
  };
}

async function exported(format: ExportFormat, rows: readonly ApiEvent[], name = `out.${format}`): Promise<Buffer> {
  const file = join(temporaryFolder(), name);
  const half = Math.ceil(rows.length / 2);
  await runExport(optionsOf(apiOf([rows.slice(0, half), rows.slice(half)]), file, format));
  return readFileSync(file);
}

const nasty = [
  event({
    properties: '{"channel":"p","id":"x","property.y":"z","__proto__":"q","1":"one","a b\\"<&>":"v\\n\\t\\u0001"}',
  }),
  event({ id: 'e2', channel: 'web', team: 'care', sequence: '-3', sentiment: -0.25, nps: 0, traits: '{"plan":"pro"}' }),
  event({ id: 'e3', anonymous: 'a', account: 'x', amount: '12345678901234567890.5', currency: 'JPY' }),
  event({
    id: 'e4',
    customer: null,
    anonymous: 'only "me"',
    touchpoint: '=1+1, "x"',
    properties:
      '{"lifecycle:transition":"start","concept:name":"n","org:group":"g","case:anonymous":"k","org:resource":"r"}',
  }),
];

describe('events', () => {
  it.each(['ndjson', 'csv', 'xes', 'parquet'] as const)('come back from %s as they were', async (format) => {
    const content = await exported(format, nasty);
    const { events, rejects } = await importText({ name: `in.${format}`, content });
    expect(rejects).toEqual([]);
    const shown = events.map(({ receivedAtUs: _, properties, traits, ...own }) => ({
      ...own,
      properties: Object.fromEntries(properties),
      traits: Object.fromEntries(traits),
    }));
    const expected = (await importText({ name: 'in.ndjson', content: await exported('ndjson', nasty) })).events.map(
      ({ receivedAtUs: _, properties, traits, ...own }) => ({
        ...own,
        properties: Object.fromEntries(
          [...properties].map(([name, value]) => [
            name,
            format === 'xes' ? String(value).replace('\u0001', '\ufffd') : value,
          ]),
        ),
        traits: Object.fromEntries(traits),
      }),
    );
    const complete = format === 'xes' ? { 'lifecycle:transition': 'complete' } : {};
    expect(shown).toEqual(expected.map((own) => ({ ...own, properties: { ...complete, ...own.properties } })));
    expect(Object.keys(expected[0]?.properties ?? {})).toHaveLength(6);
  });

  it('as NDJSON are events in native form', async () => {
    const lines = (await exported('ndjson', nasty)).toString().trimEnd().split('\n');
    expect(JSON.parse(lines[1] ?? '')).toEqual({
      id: 'e2',
      customer: 'c',
      touchpoint: 't',
      channel: 'web',
      team: 'care',
      occurredAt: '2024-05-01T10:00:00.123456Z',
      sequence: -3,
      sentiment: -0.25,
      nps: 0,
      traits: { plan: 'pro' },
    });
  });

  it('as a table have a column for every property that there is, also when only a late page has it', async () => {
    const [heading] = (await exported('csv', nasty)).toString().split('\r\n');
    expect(heading).toBe(
      'id,customer,anonymous,account,touchpoint,channel,team,direction,topic,occurredAt,sequence,sentiment,nps,amount.value,amount.currency,' +
        '1,__proto__,"a b""<&>",case:anonymous,concept:name,lifecycle:transition,org:group,org:resource,property.channel,property.id,property.property.y,trait.plan',
    );
    expect((await exported('csv', [])).toString().split('\r\n')).toEqual([heading?.split(',1,')[0], '']);
  });

  it('are refused as a table when they have more properties than columns make sense', async () => {
    const many = JSON.stringify(Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`p${i}`, 'x'])));
    await expect(exported('csv', [event({ properties: many })])).rejects.toMatchObject({
      code: 'export_too_many_columns',
    });
  });

  it('are compressed when the name of the file ends so', async () => {
    expect(gunzipSync(await exported('csv', nasty, 'x.csv.gz'))).toEqual(await exported('csv', nasty));
  });
});

describe('XES', () => {
  it('has the standard extensions, globals and classifiers, and a trace per customer', async () => {
    const log = (
      await exported('xes', [event(), event({ id: 'e2' }), event({ id: 'e3', customer: null, anonymous: 'c' })])
    ).toString();
    for (const prefix of ['concept', 'time', 'lifecycle', 'org'])
      expect(log).toContain(`prefix="${prefix}" uri="http://www.xes-standard.org/${prefix}.xesext"`);
    expect(log.match(/<global scope="(?:trace|event)">/g)).toHaveLength(2);
    expect(log).toContain('<classifier name="Activity" keys="concept:name"/>');
    expect(log.match(/<trace>/g)).toHaveLength(2);
    expect(log.match(/<\/trace>/g)).toHaveLength(2);
    expect(log.match(/<boolean key="anonymous" value="true"\/>/g)).toHaveLength(1);
    for (const part of log.split('<event>').slice(1))
      for (const key of ['concept:name', 'time:timestamp', 'lifecycle:transition'])
        expect(part).toContain(`key="${key}"`);
  });

  it('holds any text, whatever it consists of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeXml(text);
        expect([...escaped].filter((character) => character < ' ' || '<>"\ufffe\uffff'.includes(character))).toEqual(
          [],
        );
        expect(Buffer.from(escaped).toString()).toBe(escaped);
      }),
    );
    expect(escapeXml('\ud800x😀')).toBe('\ufffdx😀');
  });

  it('without rows is a log without traces', () => {
    const log = createXesText();
    expect(`${log.head('x')}${log.tail()}`).toMatch(/value="standard"\/>\n<\/log>\n$/);
  });

  it('has the visits of a unit and cycle as activities that start and complete', async () => {
    const visit = (fields: Partial<ApiVisit>): ApiVisit => ({
      customer: 'c',
      account: null,
      anonymous: null,
      stage: 'one',
      cycle: 1,
      visit: 1,
      enteredAt: '2024-05-01T10:00:00.000000Z',
      endedAt: '2024-05-02T10:00:00.000000Z',
      outcome: 'advanced',
      next: 'two',
      reason: null,
      lastActivityAt: '2024-05-01T10:00:00.000000Z',
      seconds: 86_400,
      'segment.plan': 'pro',
      ...fields,
    });
    const rows = [
      visit({}),
      visit({ visit: 2, stage: 'two', endedAt: null, outcome: 'open', next: null }),
      visit({ cycle: 2, visit: 3 }),
    ];
    const file = join(temporaryFolder(), 'v.xes');
    const result = await runExport({
      ...optionsOf(apiOf([rows]), file, 'xes'),
      what: async () => exportedVisits({ journey: 'j', segments: ['plan'] }),
    });
    expect(result).toEqual({ rows: 3, traces: 2 });
    const { events } = await importText({ name: 'v.xes', content: readFileSync(file) });
    const seen = events.map(({ customer, touchpoint, properties }) =>
      [
        customer,
        touchpoint,
        properties.get('lifecycle:transition'),
        properties.get('outcome'),
        properties.get('segment.plan'),
      ].join(),
    );
    expect(seen).toEqual([
      'c · 1,one,start,,pro',
      'c · 1,one,complete,advanced,pro',
      'c · 1,two,start,open,pro',
      'c · 2,one,start,,pro',
      'c · 2,one,complete,advanced,pro',
    ]);
  });
});

describe('a file', () => {
  it.each(['ndjson', 'csv', 'parquet'] as const)(
    'of %s that can not be completed leaves what was there',
    async (format) => {
      const folder = temporaryFolder();
      const file = join(folder, `out.${format}`);
      writeFileSync(file, 'before');
      const api = apiOf([[event()], [event()]]);
      const get = api.get.bind(api);
      const failing: Api = {
        ...api,
        get: (path) => (path.includes('cursor') ? Promise.reject(new Error('gone')) : get(path)),
      };
      await expect(runExport(optionsOf(failing, file, format))).rejects.toThrow('gone');
      const stopped = runExport({ ...optionsOf(apiOf([[event()], []]), file, format), isStopped: () => true });
      await expect(stopped).rejects.toMatchObject({ code: 'export_stopped' });
      expect([readdirSync(folder), readFileSync(file, 'utf8')]).toEqual([[`out.${format}`], 'before']);
    },
  );

  it('that can not be written is said at once', async () => {
    const folder = temporaryFolder();
    const api = apiOf([[event()]]);
    await expect(runExport(optionsOf(api, join(folder, 'none', 'x.csv'), 'csv'))).rejects.toMatchObject({
      code: 'export_file_unwritable',
    });
    expect(api.asked).toEqual([]);
    mkdirSync(join(folder, 'x.csv'));
    await expect(runExport(optionsOf(apiOf([[event()]]), join(folder, 'x.csv'), 'csv'))).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(['x.csv']);
  });

  it('goes through the pages by their cursors, in the range', async () => {
    const api = apiOf([[event()], [], [event({ id: 'e2' })]]);
    const file = join(temporaryFolder(), 'x.ndjson');
    const told: { share: number; rows: number }[] = [];
    const result = await runExport({
      ...optionsOf(api, file, 'ndjson'),
      what: async () => exportedEvents({ from: '2024-01-01T00:00:00+09:00' }),
      onProgress: (progress) => told.push(progress),
    });
    expect(result.rows).toBe(2);
    const first = '/v1/export/events?limit=10000&from=2024-01-01T00%3A00%3A00%2B09%3A00';
    expect(api.asked).toEqual([first, `${first}&cursor=p%201`, `${first}&cursor=p%202`]);
    expect(told.at(-1)).toEqual({ share: 1, rows: 2 });
  });
});
