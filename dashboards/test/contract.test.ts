import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AskOptions, askDashboard, type Outcome } from './ask-dashboard.ts';
import { notNumeric } from './checks/alert-frame.ts';
import { told } from './checks/problem.ts';
import {
  type DashboardFile,
  infinityType,
  type PlacedTarget,
  placeOf,
  readDashboards,
  targetsOf,
} from './dashboard-files.ts';
import { askInfinity } from './infinity/ask.ts';
import { readQuery } from './infinity/query.ts';
import { infinityAt, provisionedAlerting } from './provisioning.ts';
import { quietQueries } from './quiet-queries.ts';
import { readOperations } from './schema.ts';
import { openWorld, type World } from './world.ts';

const files = readDashboards();
const operations = readOperations();
const ruleQueries = provisionedAlerting()
  .groups.flatMap(({ rules }) => rules)
  .flatMap(({ uid, data }) => data.map((query) => ({ uid, ...query })))
  .filter(({ model }) => (model.datasource as { type?: string } | undefined)?.type === infinityType);
let world: World;
/** One instant for all questions, so that the same one isn't asked twice. */
let beganMs = 0;

beforeAll(async () => {
  world = await openWorld();
  beganMs = world.nowMs();
}, 300_000);
afterAll(() => world.close());

/** What was answered while nothing was the matter. */
const before = new Map();

const ask = (file: DashboardFile, changes: Partial<AskOptions> = {}): Promise<Outcome[]> =>
  askDashboard(file, {
    datasource: { ...infinityAt(world.url), cache: before },
    nowMs: beganMs,
    operations,
    ...changes,
  });

/** Queries that had no rows with some choice, whatever the journey: `en/wall#1A|first`. */
function empty(outcomes: readonly Outcome[]): string[] {
  const rows = new Map<string, number>();
  for (const { key, choice, rows: own } of outcomes)
    rows.set(`${key}|${choice}`, (rows.get(`${key}|${choice}`) ?? 0) + own);
  return [...rows].flatMap(([name, count]) => (count === 0 ? [name] : []));
}

/** Whether a query may be empty with that choice. */
function isQuiet(name: string): boolean {
  const [key = '', choice] = name.split('|');
  const quiet = quietQueries[key];
  return quiet !== undefined && (quiet.until === 'stirred' || choice === 'first');
}

describe('asked as Infinity asks', () => {
  it.each(files.map((file) => ({ place: placeOf(file), file })))('$place', async ({ file }) => {
    const outcomes = await ask(file);
    expect(told(outcomes.flatMap(({ problems }) => problems))).toEqual([]);
    expect(empty(outcomes).filter((name) => !isQuiet(name))).toEqual([]);
  });

  it.each(ruleQueries)('rule $uid, query $refId', async ({ model, relativeTimeRange }) => {
    const { from = 0, to = 0 } = relativeTimeRange ?? {};
    const range = { fromMs: beganMs - from * 1_000, toMs: beganMs - to * 1_000 };
    const { frame } = await askInfinity(readQuery(model), range, infinityAt(world.url));
    expect(frame.rows).toBeGreaterThan(0);
    expect(notNumeric(frame)).toEqual([]);
  });

  it.each<[string, (target: PlacedTarget['target']) => void, RegExp]>([
    [
      'a renamed column',
      (target) => Object.assign((target.columns as { selector: string }[])[0] ?? {}, { selector: 'renamed' }),
      /the column renamed is called \w+ and holds nothing/,
    ],
    ['a removed route', (target) => Object.assign(target, { url: `${target.url}/gone` }), /status code: 404/],
    [
      'a number that became a text',
      (target) => {
        const columns = target.columns as { type: string }[];
        const text = columns.find(({ type }) => type === 'string');
        Object.assign(text ?? {}, { type: 'number' });
      },
      /is called number and holds "/,
    ],
  ])('%s is found in the answers', async (_what, change, says) => {
    for (const key of ['en/funnel#3A', 'en/nps#7A']) {
      const [place, query] = key.split('#');
      const file = structuredClone(files.find((one) => placeOf(one) === place));
      if (file === undefined) throw new Error(`${place} isn't there`);
      const found = targetsOf(file).find(({ panel, target }) => `${panel?.id}${target.refId}` === query);
      change(found?.target ?? {});
      const outcomes = await ask(file, { only: [key] });
      expect(told(outcomes.flatMap(({ problems }) => problems)).join('\n'), key).toMatch(says);
    }
  });

  it('what is empty while nothing is the matter has rows once something is', async () => {
    await world.stir();
    const stirred = Object.keys(quietQueries).filter((key) => quietQueries[key]?.until === 'stirred');
    const affected = files.filter(({ language, name }) =>
      stirred.some((key) => key.startsWith(`${language}/${name}#`)),
    );
    const outcomes: Outcome[] = [];
    for (const file of affected)
      outcomes.push(...(await ask(file, { only: stirred, datasource: infinityAt(world.url), nowMs: world.nowMs() })));
    expect(told(outcomes.flatMap(({ problems }) => problems))).toEqual([]);
    expect(outcomes.map(({ key }) => key)).toEqual(expect.arrayContaining(stirred));
    expect(empty(outcomes).filter((name) => stirred.includes(name.split('|')[0] ?? ''))).toEqual([]);
  });
});
