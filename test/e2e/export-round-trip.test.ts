import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loanFile } from './journeys/loan-events.ts';
import { runCommand, temporaryFolder } from './standalone.ts';

const journeys = join(import.meta.dirname, '..', '..', 'infra', 'journeys');
const cleanups: (() => unknown)[] = [];
let folder = '';

beforeAll(() => {
  folder = temporaryFolder({ onCleanup: (remove) => cleanups.push(remove) });
});
afterAll(() => {
  for (const clean of cleanups) clean();
});

/** Runs a command on a data folder below the one of these tests; fails unless it ends with 0. */
async function michinori(data: string, ...args: string[]): Promise<string> {
  const { exitCode, out, err } = await runCommand(['--data', join(folder, data), ...args]);
  if (exitCode !== 0) throw new Error(`${args.join(' ')} ended with ${exitCode}: ${out}${err}`);
  return out;
}

const linesOf = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n');

/** The visits of a journey as an export has them. */
async function visitsOf(data: string, journey: string, asOf: string): Promise<string[]> {
  const file = join(folder, `${data}-${journey}.ndjson`);
  await michinori(data, 'export', 'visits', '--journey', journey, '--as-of', asOf, '-o', file);
  return linesOf(file);
}

describe('events that are exported and imported again', () => {
  const asOf = '2026-11-01T00:00:00Z';
  const names = ['customer-success', 'buying'];
  const visits = new Map<string, string[]>();
  let events: string[] = [];

  /** Events without the transition that every event of XES has, their properties and traits in order of the names. */
  const parsed = (lines: readonly string[]) =>
    lines.map((line) => {
      const { properties = {}, traits = {}, ...event } = JSON.parse(line) as Record<string, Record<string, string>>;
      const sorted = (members: Record<string, string>) =>
        Object.entries(members)
          .filter(([name]) => name !== 'lifecycle:transition')
          .sort(([a], [b]) => (a < b ? -1 : 1));
      return JSON.stringify({ ...event, properties: sorted(properties), traits: sorted(traits) });
    });

  beforeAll(async () => {
    await michinori('first', 'demo', '--customers', '60');
    await michinori('first', 'export', 'events', '-o', join(folder, 'first.ndjson'));
    events = linesOf(join(folder, 'first.ndjson'));
    for (const name of names) visits.set(name, await visitsOf('first', name, asOf));
  }, 240_000);

  it.each(['xes.gz', 'parquet', 'csv', 'ndjson'])(
    'as %s are the same events and give the same visits',
    async (format) => {
      const [file, data] = [join(folder, `events.${format}`), `from-${format}`];
      expect(await michinori('first', 'export', 'events', '-o', file)).toContain(
        `${events.length.toLocaleString('en-US')} events`,
      );
      expect(await michinori(data, 'import', file)).toContain('0 rows rejected');
      for (const name of names) await michinori(data, 'journey', 'apply', join(journeys, `${name}.yaml`));
      await michinori(data, 'export', 'events', '-o', join(folder, `${data}.ndjson`));
      const again = linesOf(join(folder, `${data}.ndjson`));
      expect(again).toHaveLength(events.length);
      const expected = parsed(events);
      const different = parsed(again).filter((event, i) => event !== expected[i]);
      expect(different.slice(0, 2)).toEqual([]);
      for (const name of names) {
        const found = await visitsOf(data, name, asOf);
        expect(found).toEqual(visits.get(name));
        expect(found.length).toBeGreaterThan(20);
      }
    },
    240_000,
  );

  it('leave no file behind that was not asked for', () => {
    expect(readdirSync(folder).filter((name) => name.startsWith('.') || name.endsWith('.part'))).toEqual([]);
  });
});

describe('the loan applications of a Dutch bank (BPI Challenge 2012)', () => {
  const asOf = '2012-12-31T00:00:00Z';
  const loans = join(journeys, 'loan-application.yaml');
  const map = [
    'customer=case_id',
    'touchpoint=concept_name',
    'occurredAt=time_timestamp',
    'team=org_resource',
    'trait.amount=AMOUNT_REQ',
  ].flatMap((text) => ['--map', text]);

  it('have identical visits after a way through XES', async (context) => {
    if (!existsSync(loanFile))
      context.skip('the event log bpic2012.csv.gz is not at ../shared/data: nothing was compared with real data');
    const file = join(folder, 'loans.xes.gz');
    await michinori('loans', 'import', loanFile, ...map);
    await michinori('loans', 'journey', 'apply', loans);
    const visits = await visitsOf('loans', 'loan-application', asOf);
    expect(visits.length).toBeGreaterThan(13_087);
    const told = await michinori('loans', 'export', 'events', '-o', file);
    expect(told).toContain('262,200 events in 13,087 traces');
    expect(await michinori('again', 'import', file)).toContain('262,200 events imported, 0 rows rejected');
    await michinori('again', 'journey', 'apply', loans);
    const again = await visitsOf('again', 'loan-application', asOf);
    expect(again.length).toBe(visits.length);
    expect(again.filter((line, i) => line !== visits[i]).slice(0, 2)).toEqual([]);
  }, 900_000);
});
