import { describe, expect, it } from 'vitest';
import { NotEmulated } from '../not-emulated.ts';
import { compileExpression, EvaluationError, type Value } from './expression.ts';
import { type Frame, makeFrame } from './frame.ts';
import { nothing, readPath } from './gjson.ts';
import { runJq } from './jq.ts';
import { longToWide } from './long-to-wide.ts';
import { applyMacros } from './macros.ts';
import { parseTime } from './parse-time.ts';
import { postProcess } from './post-process.ts';
import { readQuery } from './query.ts';
import { buildRequest } from './request.ts';

const range = { fromMs: Date.UTC(2026, 10, 1), toMs: Date.UTC(2026, 10, 22, 12, 30, 0, 500) };
const target = { refId: 'A', type: 'json', source: 'url', parser: 'backend', url: '/v1/x', root_selector: 'rows' };
const datasource = { url: 'http://api:8082', bearerToken: 'key', allowedHosts: ['http://api:8082'] };

describe('macros', () => {
  it.each([
    ['${__timeFrom}', '1793491200000'],
    ['${__from:date} ${__timeTo:date:iso}', '2026-11-01T00:00:00Z 2026-11-22T12:30:00.5Z'],
    ['${__to:date:seconds}', '1795350600'],
    ['$__combineValues(plan:,,__comma,pro)', 'plan:pro'],
    ['$__combineValues(plan:,!,__space,pro,free)', 'plan:pro! plan:free!'],
    ['$__combineValues(plan:,,__comma,*)', ''],
    ['$__combineValues(,,__comma,)', ''],
    [' $plan ${plan} ', '$plan ${plan}'],
  ])('%s becomes %j', (text, expected) => {
    expect(applyMacros(text, range)).toBe(expected);
  });

  it('refuses those that are not emulated, and too few arguments', () => {
    for (const text of ['$__customInterval(1h,1m)', '${__timeFrom:YYYY}', '${__user.login}'])
      expect(() => applyMacros(text, range)).toThrow(NotEmulated);
    expect(() => applyMacros('$__combineValues(a,b)', range)).toThrow('insufficient arguments');
  });
});

describe('the request', () => {
  it('is put together from the address of the source, the path and the parameters, in the order of their names', () => {
    const query = readQuery({
      ...target,
      url: '/v1/x?b=1',
      url_options: {
        method: 'GET',
        params: [
          { key: 'segment', value: 'plan:プロ' },
          { key: 'a', value: '' },
          { key: 'segment', value: 'x y' },
        ],
      },
    });
    expect(buildRequest(query, datasource)).toEqual({
      url: 'http://api:8082/v1/x?a=&b=1&segment=plan%3A%E3%83%97%E3%83%AD&segment=x+y',
      method: 'GET',
      headers: { accept: 'application/json;q=0.9,text/plain', authorization: 'Bearer key' },
      body: undefined,
    });
  });

  it('of a POST has the body and its type as they stand, text/plain where nothing is said', () => {
    const options = {
      method: 'POST',
      params: [],
      body_type: 'raw',
      body_content_type: 'application/json',
      data: '{"a":1}',
    };
    const sent = buildRequest(readQuery({ ...target, url_options: options }), datasource);
    expect([sent.method, sent.body, sent.headers['content-type']]).toEqual(['POST', '{"a":1}', 'application/json']);
    const plain = readQuery({ ...target, url_options: { ...options, body_content_type: '' } });
    expect(buildRequest(plain, datasource).headers['content-type']).toBe('text/plain');
  });

  it('goes to allowed hosts only', () => {
    const query = readQuery({ ...target, url: 'v1/x' });
    expect(() => buildRequest(query, { ...datasource, url: 'http://other/' })).toThrow('requested URL not allowed');
  });

  it.each([
    { parser: 'simple' },
    { parser: undefined },
    { type: 'csv' },
    { source: 'inline' },
    { format: 'logs' },
    { summarizeExpression: 'sum(x)' },
    { pagination_mode: 'cursor' },
    { url_options: { method: 'DELETE' } },
    { url_options: { method: 'POST', body_type: 'form-data' } },
  ])('of %j is refused: not emulated', (change) => {
    expect(() => readQuery({ ...target, ...change })).toThrow(NotEmulated);
  });
});

describe('selectors', () => {
  const value = { rows: [{ a: { 'b.c': 1 } }, { a: null }], meta: { watermark: 'x' } };
  it.each([
    ['rows.0.a.b\\.c', 1],
    ['rows.#', 2],
    ['rows.#.a', [{ 'b.c': 1 }, null]],
    ['rows.1.a', null],
    ['meta.watermark', 'x'],
    ['@this', value],
    ['rows.7', nothing],
    ['meta.Watermark', nothing],
    ['meta.watermark.x', nothing],
  ])('%s', (path, expected) => {
    expect(readPath(value, path)).toEqual(expected);
  });

  it.each(['rows|@reverse', 'rows.#(a==1)', 'ro*', '{a,b}', 'meta.@keys'])('%s is refused', (path) => {
    expect(() => readPath(value, path)).toThrow(NotEmulated);
  });
});

describe('frames', () => {
  const columns = [
    { selector: 'n', text: 'Number', type: 'number' },
    { selector: 'at', text: 'at', type: 'timestamp' },
    { selector: 'is', text: '', type: 'boolean' },
    { selector: 'list', text: 'list', type: 'number' },
    { selector: 'gone', text: 'gone', type: 'string' },
  ];
  const query = { refId: 'A', rootSelector: 'rows', columns, parser: 'backend' as const };

  it('have a field per column, in the order of their names, and null for what doesn’t fit', () => {
    const rows = [
      { n: '1.5', at: '2026-11-22T12:30:00.25+09:00', is: 'TRUE', list: [1], extra: 1 },
      { n: 'much', at: 'soon', is: 'no', list: null },
    ];
    expect(makeFrame({ rows }, query)).toEqual({
      name: 'A',
      rows: 2,
      fields: [
        { name: 'Number', type: 'number', values: [1.5, null] },
        { name: 'at', type: 'time', values: [Date.UTC(2026, 10, 22, 3, 30, 0, 250), null] },
        { name: 'gone', type: 'string', values: [null, null] },
        { name: 'is', type: 'boolean', values: [true, null] },
        { name: 'list', type: 'string', values: ['[1]', 'null'] },
      ],
    });
  });

  it('of no rows have no fields, of an object one row, of a root that isn’t there are an error', () => {
    expect(makeFrame({ rows: [] }, query)).toEqual({ name: 'A', fields: [], rows: 0 });
    expect(makeFrame({ meta: { n: 3 } }, { ...query, rootSelector: 'meta' }).fields[0]).toMatchObject({ values: [3] });
    expect(() => makeFrame({ rows: [] }, { ...query, rootSelector: 'row' })).toThrow('invalid root selector row');
    expect(() => makeFrame({ rows: [{}] }, { ...query, columns: [{ selector: 'a', text: 'a', type: 'num' }] })).toThrow(
      NotEmulated,
    );
  });

  it.each([
    ['2026-11-22T12:30:00.123456Z', Date.UTC(2026, 10, 22, 12, 30, 0) + 123.456],
    ['2026-11-22', Date.UTC(2026, 10, 22)],
    ['2026-11-22 12:30', Date.UTC(2026, 10, 22, 12, 30)],
    ['2026', Date.UTC(2026, 0, 1)],
    ['2026-02-30', null],
    ['22.11.2026', null],
  ])('read the time %s', (text, expected) => {
    expect(parseTime(text)).toBe(expected);
  });
});

describe('expressions', () => {
  const names = new Map<string, Value>([
    ['n', 30],
    ['rate', 0.25],
    ['state', 'ok'],
    ['none', null],
    ['from stage', 'a'],
  ]);
  it.each<[string, Value]>([
    ['n > 20 && state == "ok"', true],
    ["state != 'ok' || rate * 100 >= 25", true],
    ["n == 30 ? 'yes' : 'no'", 'yes'],
    ["[from stage] + ' → ' + n", 'a → 30'],
    ['none == null', true],
    ['none ?? 5', 5],
    ["state in ('open', 'ok')", true],
    ['1 + 2 * 3 ** 2 - -1', 20],
    ['!(n < 3)', true],
    ["replace(toupper(state), 'K', '?')", 'O?'],
  ])('%s', (text, expected) => {
    expect(compileExpression(text)(names)).toEqual(expected);
  });

  it('fail as Infinity’s do, and refuse what is not emulated', () => {
    expect(() => compileExpression('none > 3')(names)).toThrow(EvaluationError);
    expect(() => compileExpression('m > 3')(names)).toThrow("No parameter 'm' found");
    for (const text of ['uuid()', "n > '2026-01-01'", 'n & 1'])
      expect(() => compileExpression(text)).toThrow(NotEmulated);
    for (const text of ['n >', '(n', 'n n', 'n ? 1']) expect(() => compileExpression(text)).toThrow();
  });

  it('compute with null as 0, keep rows with null as null', () => {
    const frame: Frame = { name: 'A', rows: 2, fields: [{ name: 'rate', type: 'number', values: [0.5, null] }] };
    const query = {
      computedColumns: [{ selector: '1 - rate', text: 'rest', type: 'number' }],
      filterExpression: '',
      format: 'table' as const,
    };
    expect(postProcess(frame, query).fields[1]).toEqual({ name: 'rest', type: 'number', values: [0.5, 1] });
    expect(postProcess(frame, { ...query, filterExpression: 'rate != null' })).toMatchObject({ rows: 1 });
    expect(() => postProcess(frame, { ...query, filterExpression: 'rate > 0' })).toThrow(EvaluationError);
    expect(() => postProcess(frame, { ...query, filterExpression: 'rate' })).toThrow('binary result');
  });
});

describe('jq', () => {
  const rows = [
    { alert: 'a', touchpoint: null, firing: true, n: 3 },
    { alert: 'b', touchpoint: 't', firing: false, n: 0 },
  ];
  it.each<[string, unknown]>([
    ['.', [{ rows }]],
    ['.rows | map(.n)', [3, 0]],
    [
      '.rows | map({alert, touchpoint: (.touchpoint // ""), value: (if .firing then 1 else 0 end)})',
      [
        { alert: 'a', touchpoint: '', value: 1 },
        { alert: 'b', touchpoint: 't', value: 0 },
      ],
    ],
    ['.rows | map(select(.n > 1 and .alert == "a") | .alert)', ['a']],
    ['.rows | map(if .alert == "a" or .n == 0 then .firing | not else null end)', [false, true]],
  ])('%s', (text, expected) => {
    expect(runJq(text, { rows })).toEqual(expected);
  });

  it('is refused where it is not emulated', () => {
    for (const text of ['.rows[0]', '.rows | length', 'map(.a', '.rows | .[]', '$x'])
      expect(() => runJq(text, { rows })).toThrow(NotEmulated);
  });

  it('makes frames whose columns have the types of their first values', () => {
    const query = { refId: 'A', rootSelector: '.rows', columns: [], parser: 'jq-backend' as const };
    expect(makeFrame({ rows }, query).fields).toEqual([
      { name: 'alert', type: 'string', values: ['a', 'b'] },
      { name: 'firing', type: 'boolean', values: [true, false] },
      { name: 'n', type: 'number', values: [3, 0] },
      { name: 'touchpoint', type: 'string', values: [null, 't'] },
    ]);
  });
});

describe('series', () => {
  const long = (times: number[]): Frame => ({
    name: 'A',
    rows: times.length,
    fields: [
      { name: 'at', type: 'time', values: times },
      { name: 'plan', type: 'string', values: ['pro', 'free', 'pro'] },
      { name: 'rate', type: 'number', values: [0.1, 0.2, 0.3] },
    ],
  });

  it('are a field per combination of texts, with null where there is none', () => {
    expect(longToWide(long([1, 1, 2]))).toEqual({
      name: 'A',
      rows: 2,
      fields: [
        { name: 'at', type: 'time', values: [1, 2] },
        { name: 'rate', type: 'number', labels: { plan: 'pro' }, values: [0.1, 0.3] },
        { name: 'rate', type: 'number', labels: { plan: 'free' }, values: [0.2, null] },
      ],
    });
  });

  it('are none where the times go back', () => {
    expect(longToWide(long([1, 3, 2]))).toBe(null);
  });
});
