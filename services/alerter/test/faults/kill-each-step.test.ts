import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectEmbedded, migrate } from '@michinori/clickhouse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Notification } from '../../src/index.ts';
import { type AlertingFaultPoint, alertingFaultPoints } from '../../src/rules/faults.ts';
import { answers, hangs, type Receiver, receiver } from '../channels/receiver.ts';
import { fillBadDays } from '../rules/bad-days.ts';
import { dailyRule, dayUs, firstUs, hourUs } from '../rules/world.ts';
import { startAlerter } from './alerter-child.ts';

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const root = mkdtempSync(join(tmpdir(), 'michinori-alerter-faults-'));
const prepared = join(root, 'prepared');
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** One store, filled once and copied for every test. */
beforeAll(async () => {
  const clickhouse = await connectEmbedded({ path: prepared });
  await migrate(clickhouse);
  await fillBadDays(clickhouse);
  await clickhouse.close();
}, 120_000);

/** Files and a store of a test's own, with webhooks of these names. */
function deployment(name: string, hooks: Readonly<Record<string, Receiver>>) {
  const folder = join(root, name);
  cpSync(prepared, join(folder, 'data'), { recursive: true });
  const rules = join(folder, 'rules.yaml');
  const channels = join(folder, 'channels.yaml');
  writeFileSync(rules, dailyRule('trips', 'by: [plan]\n').replace('[people]', `[${Object.keys(hooks).join(', ')}]`));
  const one = ([id, { url }]: [string, Receiver]) =>
    `  - { name: ${id}, type: webhook, url: "${url.href}", secretFrom: env HOOK, allowHttp: true, allowAddresses: [127.0.0.0/8], timeoutMs: 500 }\n`;
  writeFileSync(channels, `channels:\n${Object.entries(hooks).map(one).join('')}`);
  return { data: join(folder, 'data'), rules, channels, env: { HOOK: secret } };
}

/** What a receiver was told, in its order, each id once; how often it was told something again. */
function heard({ requests }: Receiver): { told: string[]; repeated: number } {
  const all = requests.map(({ body }) => (JSON.parse(body) as { data: Notification }).data);
  const first = [...new Map(all.map((each) => [each.id, each])).values()];
  const told = first.map(({ segment, state }) => `${segment?.value ?? 'everybody'} ${state}`);
  return { told, repeated: all.length - first.length };
}

const episodes = ['everybody firing', 'everybody resolved', 'free firing', 'free resolved'];

/** What happened, as the store has it. */
const happened = `SELECT groupArray(arrayJoin(JSONExtractArrayRaw(transitions))) AS list FROM (SELECT DISTINCT alert, evaluated_at, transitions FROM alert_evaluations ORDER BY evaluated_at)`;
async function storedKinds(select: (sql: string) => Promise<unknown[]>): Promise<string[]> {
  const [row] = (await select(happened)) as { list: string[] }[];
  return (row?.list ?? []).map((text) => (JSON.parse(text) as { kind: string }).kind);
}

interface Death {
  readonly point: AlertingFaultPoint;
  readonly passage: number;
}

/** Steps after which something else is stored or sent; the third passage is at the end of the episodes. */
const distinct: readonly Death[] = [
  { point: 'evaluation.before-append', passage: 1 },
  { point: 'evaluation.after-append', passage: 1 },
  { point: 'outbox.after-append', passage: 1 },
  { point: 'evaluation.after-told', passage: 1 },
  { point: 'delivery.after-send', passage: 1 },
  { point: 'delivery.after-send', passage: 3 },
  { point: 'delivery.after-record', passage: 1 },
];
/** Every step, with MICHINORI_TEST_RUNS. */
const every: readonly Death[] = [
  ...alertingFaultPoints.map((point) => ({ point, passage: 1 })),
  ...(['delivery.after-send', 'evaluation.after-append'] as const).map((point) => ({ point, passage: 3 })),
];
const deaths = process.env.MICHINORI_TEST_RUNS === undefined ? distinct : every;

describe('an alerter that is killed', () => {
  it.each(deaths)(
    'at $point, passage $passage, has said everything once when it is back',
    { timeout: 60_000 },
    async ({ point, passage }) => {
      const people = await receiver(answers(200));
      const own = deployment(`${point}-${passage}`, { people });
      const victim = await startAlerter({ ...own, plan: { kill: point, passage } });
      let nowUs = firstUs + hourUs;
      let day = 0;
      while (day < 5 && (await victim.tick(nowUs))) {
        day += 1;
        nowUs += dayUs;
      }
      expect(day, 'it died').toBeLessThan(5);

      const next = await startAlerter(own);
      // Nothing was said that isn't remembered.
      const said = heard(people).told.length;
      const fates = (await storedKinds(next.select)).filter((kind) => kind === 'fired' || kind === 'resolved');
      expect(fates.length).toBeGreaterThanOrEqual(said);
      for (; day < 6; day++) {
        expect(await next.tick(nowUs)).toBe(true);
        nowUs += dayUs;
      }
      const { told, repeated } = heard(people);
      expect([...told].sort()).toEqual(episodes);
      expect(told.indexOf('everybody resolved')).toBeGreaterThan(told.indexOf('everybody firing'));
      // Only who dies between sending and noting so sends again.
      const isBetween = point === 'delivery.after-send' || point === 'delivery.before-record';
      expect(repeated).toBe(isBetween ? 1 : 0);
      expect((await storedKinds(next.select)).sort()).toEqual([
        'fired',
        'fired',
        'resolved',
        'resolved',
        'started',
        'started',
      ]);
      const [left] = (await next.select(
        `SELECT countIf(state NOT IN ('delivered', 'refused', 'replaced')) AS open, count() AS all
       FROM (SELECT argMax(toString(state), revision) AS state FROM alert_deliveries GROUP BY notification, channel)`,
      )) as { open: string; all: string }[];
      expect([Number(left?.open), Number(left?.all)]).toEqual([0, 4]);
    },
  );
});

it('receivers that fail, hang or are gone, kills and a clock that jumps: each that lives hears everything once', {
  timeout: 90_000,
}, async () => {
  const [failing, hanging, gone] = [await receiver(answers(500)), await receiver(hangs), await receiver(answers(410))];
  const own = deployment('receivers', { failing, hanging, gone });
  const first = await startAlerter(own);
  const ticking = first.tick(firstUs + hourUs);
  await Promise.all([failing.has(1), hanging.has(1), gone.has(1)]);
  await first.kill();
  expect(await ticking).toBe(false);

  // The clock is behind: nothing is evaluated anew, nothing is lost.
  const second = await startAlerter(own);
  expect(await second.tick(firstUs - 30 * dayUs)).toBe(true);
  await second.kill();
  const third = await startAlerter(own);
  failing.behave(answers(200));
  hanging.behave(answers(200));
  // Four days ahead at once: what was missed is evaluated in order.
  expect(await third.tick(firstUs + 4 * dayUs + hourUs)).toBe(true);
  for (let step = 0; step < 6; step++) expect(await third.tick(firstUs + (5 + step) * dayUs)).toBe(true);
  for (const alive of [failing, hanging]) expect([...heard(alive).told].sort()).toEqual(episodes);
  const dead = (await third.select(
    `SELECT DISTINCT toString(state) AS state, reason FROM (SELECT argMax(state, revision) AS state, argMax(reason, revision) AS reason, channel
     FROM alert_deliveries GROUP BY notification, channel) WHERE channel = 'gone'`,
  )) as { state: string; reason: string }[];
  expect(dead).toEqual([{ state: 'refused', reason: 'receiver_gone' }]);
});
