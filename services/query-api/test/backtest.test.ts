import { type ClickHouse, isoFromMicroseconds } from '@michinori/clickhouse';
import { beforeAll, describe, expect, it } from 'vitest';
import { badUs, bookings, dailyRule, days, dayUs, firstDayUs, hourUs, storeBookings } from './backtest-world.ts';
import { apiOver, openStore } from './world.ts';

const iso = (us: number) => isoFromMicroseconds(us);
const incident = { from: iso(badUs), to: iso(badUs + 2 * dayUs) };
const range = { from: iso(firstDayUs), to: iso(firstDayUs + days * dayUs) };

let clickhouse: ClickHouse;
beforeAll(async () => {
  clickhouse = await openStore();
  await storeBookings(clickhouse, bookings());
}, 120_000);

type Row = Record<string, unknown>;
async function ask(body: object, query = '') {
  const answer = await apiOver(clickhouse).post(`/v1/alerts/backtest${query}`, body);
  return { status: answer.statusCode, body: answer.body, ...(query === '' ? answer.json() : {}) };
}

describe('POST /v1/alerts/backtest', () => {
  it('lists the alarms that a rule would have given, with their figures and their end', async () => {
    const { rows, meta } = await ask({ rule: dailyRule(), ...range });
    expect(rows).toHaveLength(1);
    // The first bad day is judged once its last entry has been watched for a day, at six in the morning.
    const firedUs = badUs + 2 * dayUs + 6 * hourUs;
    expect(rows[0]).toMatchObject({
      ...{ alert: 'losses', journey: 'travelling', kind: 'stage-drop-off', stage: 'booking', segment: '' },
      ...{ startedAt: iso(firedUs), firedAt: iso(firedUs), resolvedAt: iso(firedUs + 2 * dayUs), reason: 'calm' },
      ...{ windowFrom: iso(badUs), windowTo: iso(badUs + dayUs), k: 40, n: 60, rate: 40 / 60 },
      ...{ sinceWindowSeconds: (firedUs - badUs) / 1e6, verdict: null, incident: null, delaySeconds: null },
    });
    expect(rows[0].usual).toBeCloseTo(1 / 6, 1);
    expect(rows[0].q).toBeLessThan(0.001);
    expect(meta).toMatchObject({
      ...{ ...range, evaluations: days, seriesJudged: 1, alarms: 1, falseAlarms: null, rateOf: 'all alarms' },
      ...{ budgetPerWeek: 0.5, withinBudget: 'yes', knownBy: 'received', eventsMissed: 0, incidents: [] },
    });
    // Once it fires it isn't asked again, so the second bad day is not alarming anew.
    expect(meta.findings).toMatchObject({ alarming: 1, raised: 1 });
    expect(meta.weeks).toBeCloseTo(meta.evaluationsJudged / 7, 9);
    expect(meta.alarmsPerWeek).toBeCloseTo(1 / meta.weeks, 9);
    expect(meta.alarmsPerWeekHi).toBeCloseTo(5.5716 / meta.weeks, 3);
  });

  it('tells detected alarms from false ones, by stage, segment and time', async () => {
    const rule = dailyRule('by: [plan]\nmin_n: 15\n');
    const told = async (more: object) => {
      const { rows, meta } = await ask({ rule, ...range, incidents: [{ ...incident, ...more }] });
      return { meta, told: rows.map(({ segment, verdict }: Row) => `${segment} ${verdict}`).sort() };
    };
    const everywhere = await told({});
    expect(everywhere.told).toEqual([' detected', 'plan:free detected', 'plan:pro detected']);
    expect(everywhere.meta).toMatchObject({ falseAlarms: 0, rateOf: 'false alarms', alarmsPerWeek: 0 });
    expect(everywhere.meta.incidents).toEqual([
      {
        ...{
          ...incident,
          stage: null,
          segment: null,
          detected: true,
          firstAlarmAt: iso(badUs + 2 * dayUs + 6 * hourUs),
        },
        matureAt: iso(badUs + 2 * dayUs),
        ...{ delaySeconds: 54 * 3600, delayAfterMatureSeconds: 6 * 3600 },
      },
    ]);
    const one = await told({ stage: 'booking', segment: 'plan:pro' });
    expect(one.told).toEqual([' detected', 'plan:free false', 'plan:pro detected']);
    expect(one.meta).toMatchObject({ falseAlarms: 1, incidents: [{ matureAt: iso(badUs + 2 * dayUs) }] });
    expect((await told({ stage: 'trip' })).told).toEqual([' false', 'plan:free false', 'plan:pro false']);
    const other = { from: iso(badUs - 9 * dayUs), to: iso(badUs - 8 * dayUs) };
    const missed = await told(other);
    expect(missed.meta).toMatchObject({ falseAlarms: 3, incidents: [{ detected: false, firstAlarmAt: null }] });
  });

  it('judges what stalls by what had been learned by then', async () => {
    const firedAt = async (more: string) => {
      const { rows } = await ask({ rule: dailyRule(`kind: stalled-share\nstages: [booking]\n${more}`), ...range });
      return rows.map((row: Row) => row.firedAt);
    };
    // Everybody who goes on does so within the hour; before that was learned, after the day of the stage's horizon.
    expect(await firedAt('')).toEqual([iso(badUs + dayUs + 6 * hourUs)]);
    expect(await firedAt('horizon: 1d\n')).toEqual([iso(badUs + 2 * dayUs + 6 * hourUs)]);
  });

  it('takes the range of the events by itself, and says the same in the other formats and in Japanese', async () => {
    const { rows, meta } = await ask({ rule: dailyRule('title: { en: Losses, ja: 離脱 }\n'), locale: 'ja' });
    expect(rows).toHaveLength(1);
    expect(rows[0].title).toMatch(/[ぁ-んァ-ヶ一-龠]/);
    expect(meta.from).toBe(iso(firstDayUs + hourUs));
    const csv = await ask({ rule: dailyRule(), ...range }, '?format=csv');
    expect(csv.body.split('\r\n')[0]).toMatch(
      /^alert,journey,kind,severity,stage,segment,touchpoint,startedAt,firedAt,/,
    );
    expect(csv.body.trim().split('\r\n')).toHaveLength(2);
  });

  it('finds a stored rule, and names the nearest one', async () => {
    await clickhouse.insert({
      table: 'alert_rules',
      columns: ['alert', 'version', 'source', 'origin', 'changed_at', 'changed_by'],
      rows: [['losses', 1, dailyRule(), 'api', firstDayUs, 'test']],
    });
    expect((await ask({ alert: 'losses', ...range })).rows).toHaveLength(1);
    expect(await ask({ alert: 'loses', ...range })).toMatchObject({ status: 404, code: 'unknown_rule' });
    expect((await ask({ alert: 'loses' })).detail).toContain('losses');
  });

  it.each([
    [{}, 400, 'invalid_request', '/rule', /either rule/],
    [{ rule: 'x', alert: 'y' }, 400, 'invalid_request', '/rule', /either rule/],
    [{ rule: dailyRule('min_n: 0\n') }, 400, 'invalid_rule', '/min_n', /line 6, column 8/],
    [{ rule: dailyRule('stages: [bookin]\n') }, 400, 'invalid_rule', '/stages/0', /line 6.*Did you mean booking/],
    [{ rule: `${dailyRule()}---\n${dailyRule().replace('losses', 'more')}` }, 400, 'invalid_rule', null, /2 rules/],
    [{ rule: 'alert: a\njourney: nowhere\n' }, 404, 'unknown_journey', null, /nowhere/],
    [
      { rule: dailyRule(), from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' },
      400,
      'invalid_request',
      '/to',
      /later/,
    ],
    [
      { rule: dailyRule(), from: '2020-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' },
      400,
      'invalid_request',
      '/to',
      /1098 days/,
    ],
    [{ rule: dailyRule(), from: 'soon' }, 400, 'invalid_request', '/from', /time like/],
    [{ rule: dailyRule('schedule: "* * * * *"\n'), ...range }, 400, 'invalid_request', '/from', /3000 evaluations/],
    [
      { rule: dailyRule(), incidents: [{ ...incident, stage: 'x' }] },
      400,
      'invalid_request',
      '/incidents/0/stage',
      /booking/,
    ],
    [
      { rule: dailyRule(), incidents: [{ ...incident, segment: 'pro' }] },
      400,
      'invalid_request',
      '/incidents/0/segment',
      /plan:pro/,
    ],
    [
      { rule: dailyRule(), incidents: [{ from: incident.to, to: incident.from }] },
      400,
      'invalid_request',
      '/incidents/0/to',
      /later/,
    ],
  ])('refuses %j', async (body, status, code, pointer, message) => {
    const refused = await ask(body);
    expect([refused.status, refused.code]).toEqual([status, code]);
    const said =
      pointer === null ? refused.detail : refused.errors.find((each: Row) => each.pointer === pointer)?.message;
    expect(said).toMatch(message);
  });

  it('has nothing to say without events', async () => {
    const { rows, meta } = await ask({ rule: dailyRule(), from: '2015-01-01T00:00:00Z', to: '2015-02-01T00:00:00Z' });
    expect(rows).toEqual([]);
    expect(meta).toMatchObject({ evaluations: 31, evaluationsJudged: 0, alarmsPerWeek: null, withinBudget: null });
  });
});
