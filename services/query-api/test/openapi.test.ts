import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClickHouse } from '@michinori/clickhouse';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { questionPaths } from '../src/routes/paths.ts';
import { apiOver } from './world.ts';

const file = join(import.meta.dirname, '..', 'openapi.json');
const noStore = {} as ClickHouse;

async function generated(): Promise<Record<string, unknown>> {
  return (await apiOver(noStore).app.inject('/openapi.json')).json();
}

/** The member of a document at a path. */
function at(document: unknown, ...path: string[]): object {
  const found = path.reduce<unknown>((node, name) => (node as Record<string, unknown>)[name], document);
  if (typeof found !== 'object' || found === null) throw new Error(`nothing at ${path.join('/')}`);
  return found;
}

describe('openapi.json', () => {
  it('is what the app generates (MICHINORI_UPDATE=1 writes it)', async () => {
    const document = await generated();
    if (process.env.MICHINORI_UPDATE === '1') writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(document);
  });

  it('is a valid OpenAPI 3.1 document', async () => {
    const validator = new Validator();
    const result = await validator.validate(await generated());
    expect(result).toMatchObject({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('has every question, and nothing else', async () => {
    expect(Object.keys(at(await generated(), 'paths')).sort()).toEqual([...questionPaths].sort());
  });

  it('describes funnels: what goes in, what comes out, in which forms', async () => {
    const post = at(await generated(), 'paths', '/v1/funnels/query', 'post');
    const schema = at(post, 'requestBody', 'content', 'application/json', 'schema');
    expect(schema).toMatchObject({ required: ['steps', 'window', 'from', 'to'], additionalProperties: false });
    expect(Object.keys(at(schema, 'properties'))).toEqual(
      'steps unit order window from to asOf timezone exclude hold breakdown trend filter'.split(' '),
    );
    expect(at(schema, 'properties', 'order')).toMatchObject({
      enum: ['sequential', 'strict', 'any'],
      default: 'sequential',
    });
    expect(Object.keys(at(post, 'responses'))).toEqual('200 400 401 403 406 413 415 422 503'.split(' '));
    expect(Object.keys(at(post, 'responses', '200', 'content'))).toEqual([
      'application/json',
      'text/csv',
      'application/x-ndjson',
    ]);
    expect(Object.keys(at(post, 'responses', '400', 'content'))).toEqual(['application/problem+json']);
    const answer = at(post, 'responses', '200', 'content', 'application/json', 'schema', 'properties');
    expect(Object.keys(at(answer, 'rows', 'items', 'properties'))).toEqual(
      (
        'segment bucket step touchpoint customers dropped open k n rate lo hi state fromPreviousRate matureShare ' +
        'secondsMean secondsP50 secondsP90 pValue qValue'
      ).split(' '),
    );
  });
});
