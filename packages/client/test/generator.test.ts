import { describe, expect, it } from 'vitest';
import { type OpenApi, operationsOf, type Schema } from '../generator/document.ts';
import { generate } from '../generator/generate.ts';
import { nameAll, nameOf, singular } from '../generator/names.ts';

const rows = (row: Schema): Schema => ({
  type: 'object',
  properties: { rows: { type: 'array', items: row }, meta: { type: 'object', properties: {} } },
});
const row: Schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
const answering = (schema: Schema = rows(row)) => ({
  responses: { 200: { content: { 'application/json': { schema } } } },
});

const name = (method: string, path: string) => {
  const { group, name: own } = nameOf({ method, path });
  return `${group}.${own}`;
};

describe('names', () => {
  it.each([
    ['GET', '/v1/dead-letters', 'deadLetters.list'],
    ['GET', '/v1/journeys/{journey}', 'journeys.get'],
    ['GET', '/v1/journeys/{journey}/cycle-time', 'journeys.cycleTime'],
    ['POST', '/v1/funnels/time-to-convert', 'funnels.timeToConvert'],
    ['POST', '/v1/journeys', 'journeys.apply'],
    ['POST', '/v1/things', 'things.create'],
    ['DELETE', '/v1/things/{thing}', 'things.remove'],
    ['PUT', '/v1/things/{thing}/state', 'things.putState'],
    ['GET', '/v1/things/{thing}/parts/{part}', 'things.getPart'],
    ['GET', '/v1/alerts/history', 'alerts.history'],
  ])('%s %s is %s', (method, path, expected) => {
    expect(name(method, path)).toBe(expected);
  });

  it('differ where one path is read and written', () => {
    const read = operationsOf({ paths: { '/v1/alerts/notes': { get: answering() } } });
    const both = [...read.map((operation) => ({ ...operation, method: 'POST' })), ...read];
    expect(nameAll(both).map((one) => one.name)).toEqual(['postNotes', 'notes']);
    expect(() => nameAll([...both, ...both])).toThrow('two operations are called alerts.postNotes');
  });

  it('are such that TypeScript can have them', () => {
    expect(name('GET', '/v1/export/events')).toBe('exports.events');
    expect(() => name('POST', '/v1/things/import')).toThrow('things.import');
  });

  it('are singular in types', () => {
    expect(['journeys', 'entries', 'access', 'deadLetters'].map(singular)).toEqual([
      'journey',
      'entry',
      'access',
      'deadLetter',
    ]);
  });
});

describe('generated code', () => {
  const textOf = (paths: OpenApi['paths'], file: string) => generate({ paths }).get(file) ?? '';

  it('has the path parameters in order, and encodes them', () => {
    const text = textOf({ '/v1/a/{one}/b/{two}': { get: answering() } }, 'a/get-b.ts');
    expect(text).toContain('(one: string, two: string)');
    expect(text).toMatch(/`\/v1\/a\/\$\{encodeURIComponent\(one\)\}\/b\/\$\{encodeURIComponent\(two\)\}`/);
  });

  it('marks what may be left out, and asks for what may not', () => {
    const parameter = (own: string, required: boolean) => ({
      in: 'query',
      name: own,
      required,
      schema: { type: 'string' },
    });
    const get = {
      ...answering(),
      parameters: [parameter('a', true), parameter('b', false), parameter('format', false)],
    };
    const text = textOf({ '/v1/things': { get } }, 'things/list.ts');
    expect(text).toContain('a: string;');
    expect(text).toContain('b?: string | undefined;');
    expect(text).toContain('(query: ThingListQuery)');
    expect(text).not.toContain('format');
  });

  it('writes an object that stands twice once', () => {
    const span: Schema = {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'number' } },
      required: ['a', 'b'],
    };
    const body: Schema = { type: 'object', properties: { spans: { type: 'array', items: span }, first: span } };
    const post = { ...answering(), requestBody: { content: { 'application/json': { schema: body } } } };
    const files = generate({ paths: { '/v1/things': { post } } });
    expect(files.get('shapes.ts')?.match(/export type/g)).toHaveLength(1);
    expect(files.get('things/create.ts')).toContain('spans?: readonly Span[] | undefined;\nfirst?: Span | undefined;');
    expect(files.get('things/create.ts')).toContain("import type { Span } from '../shapes.ts';");
    expect(files.get('questions.ts')).toContain('Span');
  });

  it('is not made of what it does not understand', () => {
    const odd = { ...row, patternProperties: {} } as Schema;
    expect(() => generate({ paths: { '/v1/a': { get: answering(rows(odd)) } } })).toThrow('patternProperties');
    const noRows: Schema = { type: 'object', properties: { meta: row } };
    expect(() => generate({ paths: { '/v1/a': { get: answering(noRows) } } })).toThrow(
      'GET /v1/a does not answer with rows',
    );
  });

  it('closes no comment too early', () => {
    const get = {
      ...answering(rows({ ...row, properties: { n: { type: 'string', description: 'a */ b' } } })),
      summary: 'x */ y',
    };
    const text = textOf({ '/v1/things': { get } }, 'things/list.ts');
    expect(text.match(/\*\//g)).toHaveLength(2);
  });
});
