import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type OpenApi, operationsOf, type Schema } from '../generator/document.ts';
import { otherRows } from '../generator/other-rows.ts';
import {
  alerts,
  createClient,
  customers,
  deadLetters,
  funnels,
  journeys,
  ProblemError,
  touchpoints,
} from '../src/index.ts';
import { collect } from './collect.ts';
import { endUs, fillDemo, type Server, startServer } from './server.ts';

const root = join(import.meta.dirname, '..');
let server: Server;
beforeAll(async () => {
  server = await startServer();
  await fillDemo(server);
}, 180_000);
afterAll(() => server?.stop());

const client = () => createClient({ url: server.url });
const journey = 'customer-success';
const from = new Date(endUs / 1_000 - 365 * 86_400_000).toISOString();
const funnel = {
  steps: [{ touchpoint: ['demo.requested', 'trial.started'] }, { touchpoint: 'contract.signed' }],
  window: { value: 120, unit: 'day' },
  from,
  to: new Date(endUs / 1_000).toISOString(),
} as const;

describe('answers of a real server', () => {
  it('are the same whole, page by page, and line by line', async () => {
    const visits = { from, stage: 'onboarding', count: 'visits' } as const;
    const { rows } = await client().ask(journeys.customers(journey, { ...visits, limit: 5_000 }));
    expect(rows.length).toBeGreaterThan(20);
    const paged = client().all(journeys.customers(journey, { ...visits, limit: 7 }));
    expect(await collect(paged)).toEqual(rows);
    const streamed = await client().stream(journeys.customers(journey, { ...visits, limit: 5_000 }));
    expect(await collect(streamed.rows)).toEqual(rows);
    expect(streamed.meta).toMatchObject({ timezone: 'Asia/Tokyo', cursor: null, truncated: false });
  });

  it('come in pages of funnels, with the cursor in the body', async () => {
    const pages = await collect(
      client().pages(funnels.customers({ ...funnel, step: 1, outcome: 'converted', limit: 10 })),
    );
    const { rows } = await client().ask(funnels.query(funnel));
    expect(pages.length).toBeGreaterThan(2);
    const names = pages.flatMap((page) => page.rows.map(({ customer, anonymous }) => customer ?? anonymous));
    expect(new Set(names).size).toBe(rows[0]?.customers);
    expect(names).toHaveLength(rows[0]?.customers ?? 0);
  });

  it('come as CSV', async () => {
    const { meta, body } = await client().csv(touchpoints.list({ limit: 3 }));
    const [heading, ...lines] = (await new Response(body).text()).trim().split('\r\n');
    const { rows } = await client().ask(touchpoints.list({ limit: 3 }));
    expect(heading).toBe('touchpoint,events,customers,first,last');
    expect(lines.map((line) => line.split(',')[0])).toEqual(rows.map(({ touchpoint }) => touchpoint));
    expect(meta.truncated).toBe(true);
  });

  it('find a customer whose id needs encoding', async () => {
    const body = JSON.stringify({ id: 'odd', customer: 'a/b ?#%', touchpoint: 'page.odd', nps: 11 });
    await fetch(`${server.url}/v1/events`, { method: 'POST', body });
    await fetch(`${server.url}/v1/events`, { method: 'POST', body: body.replace(',"nps":11', '') });
    const asked = () => client().ask(customers.get('a/b ?#%', { detail: 'timeline' }));
    await vi.waitFor(async () => expect((await asked()).rows).toMatchObject([{ id: 'odd' }]), { timeout: 60_000 });
    const letters = await collect(client().all(deadLetters.list({ limit: 1 })));
    expect(letters).toMatchObject([{ code: 'number_out_of_range', path: '/nps' }]);
  });

  it('are problems where something is wrong', async () => {
    const asked = client().ask(journeys.stages('custmer-success'));
    const error = await asked.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ code: 'unknown_journey', status: 404, message: expect.stringContaining(journey) });
  });

  it('tell a repeated definition from a new one', async () => {
    const { meta } = await client().ask(journeys.get(journey));
    expect((await client().ask(journeys.apply(meta.source ?? ''))).rows).toMatchObject([
      { journey, state: 'unchanged' },
    ]);
  });
});

const document = JSON.parse(readFileSync(join(root, '../../services/query-api/openapi.json'), 'utf8')) as OpenApi;
const operations = operationsOf(document);

/** Whether a cell is what its column is said to be. */
function fits(value: unknown, { type, anyOf, enum: values }: Schema): boolean {
  if (anyOf !== undefined) return anyOf.some((schema) => fits(value, schema));
  if (values !== undefined) return values.includes(value);
  const kind = value === null ? 'null' : Number.isInteger(value) ? 'integer' : typeof value;
  return [type].flat().some((one) => one === undefined || one === kind || (one === 'number' && kind === 'integer'));
}

describe('the rows of every question', () => {
  it('are what their types say', async () => {
    const { rows: visits } = await client().ask(journeys.customers(journey, { from, limit: 1 }));
    const customer = encodeURIComponent(visits[0]?.customer ?? '');
    await client().ask(alerts.applyRules(`alert: losses\njourney: ${journey}\n`));
    await vi.waitFor(async () => expect((await client().ask(alerts.rules())).rows).toHaveLength(1), {
      timeout: 60_000,
    });
    const answered: string[] = [];
    for (const { method, path, query, row } of operations.filter((operation) => operation.method === 'GET')) {
      const address = path.replace('{journey}', journey).replace('{customer}', customer).replace('{alert}', 'losses');
      const question = { method, path: address, query: query?.properties?.from === undefined ? {} : { from } };
      const { rows } = await client().ask<Record<string, unknown>, unknown>(question);
      if (rows.length > 0) answered.push(path);
      const wrong = rows.flatMap((one) => [
        ...(row.required ?? []).filter((column) => !Object.hasOwn(one, column)),
        ...Object.entries(one)
          .filter(([column, value]) => !fits(value, row.properties?.[column] ?? others(row)))
          .map(([column, value]) => `${column}: ${value}`),
      ]);
      expect(wrong, path).toEqual([]);
    }
    expect(answered.length).toBeGreaterThan(14);
  });
});

/** The schema of columns that aren't named; nothing fits where there are none. */
const others = ({ additionalProperties }: Schema): Schema =>
  typeof additionalProperties === 'object' ? additionalProperties : { enum: [] };

describe('the rows of every question with a choice of details', () => {
  const choices = operations.flatMap(({ method, path, query, row }) => {
    const listed = otherRows[`${method} ${path}`] ?? {};
    const values: (readonly [string, string])[] = (query?.properties?.detail?.enum ?? []).map((value) => [
      'detail',
      `${value}`,
    ]);
    if (listed.compareAt === true) values.push(['compareAt', new Date(endUs / 1_000 - 100 * 86_400_000).toISOString()]);
    return values.map(([parameter, value]) => {
      const others = listed[parameter] ?? [];
      return { method, path, parameter, value, row, isOther: others === true || others.includes(value) };
    });
  });

  it('are typed as others exactly where they are', async () => {
    const known = Object.entries(otherRows)
      .flatMap(([, parameters]) => Object.values(parameters))
      .flat();
    expect(choices.filter(({ isOther }) => isOther)).toHaveLength(known.length);
    const { rows: lost } = await client().ask(journeys.customers(journey, { from, limit: 1 }));
    const customer = lost[0]?.customer ?? '';
    for (const { method, path, parameter, value, row, isOther } of choices) {
      const address = path.replace('{journey}', journey).replace('{customer}', encodeURIComponent(customer));
      const query = { [parameter]: value, ...(path.includes('{customer}') ? {} : { from }) };
      const question = { method, path: address, query };
      const { rows } = await client().ask<Record<string, unknown>, unknown>(question);
      const [first] = rows;
      expect(first, `${path} ${parameter}=${value} has no row`).toBeDefined();
      const missing = (row.required ?? []).filter((column) => !Object.hasOwn(first ?? {}, column));
      expect(missing.length > 0, `${path} ${parameter}=${value}: ${missing}`).toBe(isOther);
    }
  });
});

describe('examples', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');

  it.each(readdirSync(join(root, 'examples')))('%s writes what README.md shows', async (name) => {
    const written: string[] = [];
    vi.stubEnv('MICHINORI_URL', server.url);
    const take = (chunk: string | Uint8Array): boolean =>
      written.push(typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk)) > 0;
    const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation(take));
    try {
      await import(join(root, 'examples', name));
    } finally {
      for (const spy of spies) spy.mockRestore();
      vi.unstubAllEnvs();
    }
    const code = readFileSync(join(root, 'examples', name), 'utf8');
    const [, shown = ''] = readme.slice(readme.indexOf(code)).match(/```text\n([\s\S]*?)```/) ?? [];
    const output = written.join('').replaceAll('\r\n', '\n');
    const [beginning = '', isCut] = shown.split('…\n');
    if (isCut === undefined) expect(output).toBe(shown);
    else expect(output.slice(0, beginning.length)).toBe(beginning);
  });
});
