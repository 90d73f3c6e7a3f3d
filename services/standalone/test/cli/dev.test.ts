import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './fake-io.ts';
import { eventually, finish, michinori } from './michinori.ts';

const events = Array.from({ length: 20 }, (_, i) => [
  { id: `s${i}`, customer: `c${i}`, touchpoint: 'sign up', occurredAt: '2026-01-05T00:00:00Z' },
  ...(i % 2 === 0 ? [{ id: `p${i}`, customer: `c${i}`, touchpoint: '購入', occurredAt: '2026-01-06T00:00:00Z' }] : []),
]).flat();

const question = {
  steps: [{ touchpoint: 'sign up' }, { touchpoint: '購入' }],
  window: { value: 7, unit: 'day' },
  from: '2026-01-01T00:00:00Z',
  to: '2026-02-01T00:00:00Z',
};

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

async function customersOf(url: string): Promise<number[]> {
  const answer = (await (await post(`${url}/v1/funnels/query`, question)).json()) as { rows: { customers: number }[] };
  return answer.rows.map(({ customers }) => customers);
}

describe('michinori dev', () => {
  it('takes events, answers by HTTP and on the command line, while it runs and after it was stopped', async () => {
    const data = temporaryFolder();
    const dev = michinori('dev', '--no-demo', '--data', data, '--port', '0');
    const url = await dev.url();
    const empty = await finish('funnel', 'sign up', '購入', '--data', data);
    expect([empty.exitCode, empty.err]).toEqual([1, 'There are no events yet; send or import some first.\n']);
    expect((await post(`${url}/v1/events`, events)).status).toBe(202);
    await eventually(
      () => customersOf(url),
      (counts) => counts[0] === 20 && counts[1] === 10,
    );

    const steps = ['sign up', '購入'];
    const over = await finish('funnel', ...steps, '--data', data, '--window', '7d');
    expect(over).toMatchObject({ exitCode: 0, err: '' });
    expect(over.out).toMatch(/1 sign up █+ +20 +100\.0 %/);
    expect(over.out).toMatch(/2 購入 +[█▏▎▍▌▋▊▉]+·+ +10 +50\.0 %\n +\(29\.9–70\.1\) median 1 d\n/);
    const mistake = await finish('funnel', ...steps, '--data', data, '--timezone', 'Asia/Edo', '--trend', 'weeks');
    expect(mistake.exitCode).toBe(2);
    expect(mistake.err).toContain('/timezone must be an IANA time zone');
    expect(mistake.err).toContain('Did you mean "week"?');
    expect((await finish('doctor', '--data', data)).out).toContain(`✓ process       running at ${url} and ready`);
    const second = await finish('dev', '--data', data, '--port', '0');
    expect(second).toMatchObject({ exitCode: 1, out: '' });
    expect(second.err).toBe(
      `A process has the data folder ${data} already and answers at ${url}. Ask it, stop it, or name another folder with --data.\n`,
    );

    dev.child.kill('SIGTERM');
    expect(await dev.ended).toBe(0);
    expect(existsSync(join(data, 'server.json'))).toBe(false);
    const after = await finish('funnel', ...steps, '--data', data, '--window', '7d');
    expect(after.out).toBe(over.out);
    const same = await finish('funnel', ...steps, '--data', data, '--timezone', 'Asia/Edo', '--trend', 'weeks');
    expect([same.exitCode, same.err]).toEqual([2, mistake.err]);
    const wrong = await finish('funnel', 'sign upp', '購入', '--data', data);
    expect(wrong.out).toContain('No event has the touchpoint "sign upp". Did you mean "sign up"?');
    const { rows, meta } = JSON.parse((await finish('funnel', ...steps, '--data', data, '--json')).out);
    expect(rows[1]).toMatchObject({ step: 2, k: 10, n: 20, bucket: null });
    expect(meta.asOf).toMatch(/Z$/);
  }, 120_000);

  it('enforces keys within seconds of their creation and revocation', async () => {
    const data = temporaryFolder();
    const dev = michinori('dev', '--no-demo', '--data', data, '--port', '0');
    const url = await dev.url();
    const status = (key?: string) => async () =>
      (await fetch(`${url}/v1/touchpoints`, key === undefined ? {} : { headers: { 'x-api-key': key } })).status;
    expect(await status()()).toBe(200);
    const { key, prefix } = JSON.parse(
      (await finish('keys', 'create', '--data', data, '--scope', 'query', '--json')).out,
    );
    await eventually(status(), (answer) => answer === 401);
    expect(await status(key)()).toBe(200);
    const without = await finish('funnel', 'a', 'b', '--data', data);
    expect([without.exitCode, without.err]).toEqual([1, expect.stringContaining('--key KEY')]);
    expect((await post(`${url}/v1/events`, events, { 'x-api-key': key })).status).toBe(403);
    await finish('keys', 'revoke', prefix, '--data', data);
    await eventually(status(key), (answer) => answer === 401);
    dev.child.kill('SIGINT');
    expect(await dev.ended).toBe(0);
  }, 120_000);

  it('takes journeys from the command line while it runs, with a key where keys are in use', async () => {
    const data = temporaryFolder();
    const example = join(import.meta.dirname, '../../../../infra/journeys/buying.yaml');
    const dev = michinori('dev', '--no-demo', '--data', data, '--port', '0');
    const url = await dev.url();
    const applied = await finish('journey', 'apply', example, '--data', data);
    expect([applied.exitCode, applied.out]).toEqual([0, 'buying 1 is applied; answers come from it.\n']);
    const { rows } = (await (await fetch(`${url}/v1/journeys`)).json()) as { rows: unknown[] };
    expect(rows).toEqual([expect.objectContaining({ journey: 'buying', version: 1, state: 'active' })]);
    expect((await finish('rebuild', '--data', data)).out).toBe('Derived anew: buying.\n');
    const { key } = JSON.parse((await finish('keys', 'create', '--data', data, '--scope', 'query', '--json')).out);
    await eventually(
      async () => (await fetch(`${url}/v1/journeys`)).status,
      (status) => status === 401,
    );
    const refused = await finish('journey', 'apply', example, '--url', url, '--key', key);
    expect([refused.exitCode, refused.err]).toEqual([1, expect.stringContaining('Give a key with the scope admin')]);
    dev.child.kill('SIGTERM');
    expect(await dev.ended).toBe(0);
  }, 120_000);

  it('refuses to listen where others can reach it without keys', async () => {
    const refused = await finish('dev', '--no-demo', '--data', temporaryFolder(), '--port', '0', '--host', '0.0.0.0');
    expect(refused.exitCode).toBe(1);
    expect(refused.err).toContain('Refusing to listen on 0.0.0.0');
  });
});

describe('the demo', () => {
  it('is loaded while the process answers, survives being stopped, and is completed by the next start', async () => {
    const data = temporaryFolder();
    const marker = join(data, 'demo-loading.json');
    const first = michinori('dev', '--data', data, '--port', '0', '--customers', '1500');
    const url = await first.url();
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect(existsSync(join(data, 'demo-truth.json'))).toBe(false);
    await eventually(async () => existsSync(marker), Boolean);
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(0);
    expect(first.err()).toContain('the next start does the rest');
    expect(first.err()).not.toMatch(/closed|at .*\.js/);
    expect(existsSync(marker)).toBe(true);

    const idle = michinori('dev', '--no-demo', '--data', data, '--port', '0');
    await idle.found(/incomplete/);
    idle.child.kill('SIGTERM');
    expect(await idle.ended).toBe(0);

    const { customers: _, ...rest } = JSON.parse(readFileSync(marker, 'utf8'));
    writeFileSync(marker, JSON.stringify({ ...rest, customers: 100 }));
    const second = michinori('dev', '--data', data, '--port', '0');
    await second.found(/A first funnel, by plan/);
    await second.found(/More: npx michinori funnel/);
    await eventually(
      async () =>
        ((await (await fetch(`${await second.url()}/v1/journeys`)).json()) as { rows: { state: string }[] }).rows,
      (rows) => rows.length === 2 && rows.every(({ state }) => state === 'active'),
    );
    expect(second.err()).toContain('loading them again');
    expect(existsSync(marker)).toBe(false);
    const truth = JSON.parse(readFileSync(join(data, 'demo-truth.json'), 'utf8'));
    expect(truth.units.customers).toBeGreaterThan(50);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  }, 120_000);

  it('added twice changes no answer', async () => {
    const data = temporaryFolder();
    const demo = () => finish('demo', '--data', data, '--customers', '60', '--json');
    const count = async () =>
      (await finish('funnel', 'trial.started', 'contract.signed', '--data', data, '--json')).out;
    const first = await demo();
    // A slow machine is shown progress, a line every few seconds.
    const complaints = first.err.split('\n').filter((line) => line !== '' && !/ \d+ %( · |$)/.test(line));
    expect([first.exitCode, complaints]).toEqual([0, []]);
    expect(JSON.parse(first.out)).toMatchObject({ units: expect.any(Object), truth: join(data, 'demo-truth.json') });
    const rows = JSON.parse(await count()).rows;
    expect(rows[0].customers).toBeGreaterThan(0);
    expect((await demo()).out).toBe(first.out);
    expect(JSON.parse(await count()).rows).toEqual(rows);
  }, 120_000);
});
