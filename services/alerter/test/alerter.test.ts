import type { ClickHouse } from '@michinori/clickhouse';
import { planJourney, runJourneyStages } from '@michinori/queries';
import { createLogger } from '@michinori/runtime';
import { storyHour, temporaryClickHouse } from '@michinori/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alerterOver, buying, fillJourneys, nowUs } from './world.ts';

let clickhouse: ClickHouse;
beforeAll(async () => {
  const closings: (() => Promise<void>)[] = [];
  clickhouse = await temporaryClickHouse({ onTestFinished: (close) => closings.push(close) });
  afterAll(async () => {
    for (const close of closings) await close();
  });
  await fillJourneys(clickhouse);
});

/** The store, with everything that is asked about stages going through `gate` first. */
function gated(gate: (params: unknown) => Promise<void>): ClickHouse {
  return {
    ...clickhouse,
    async query(query, params, options) {
      if (query.name.includes('stage')) await gate(params);
      return clickhouse.query(query, params, options);
    },
  };
}

const dropOff = 'michinori_stage_dropoff_ratio';
const outcome = (name: string) => `{outcome="${name}"}`;

describe('an evaluation', () => {
  it('shows the numbers of /stages, for everybody and by segment', async () => {
    const alerter = alerterOver(clickhouse);
    expect(await alerter.evaluate(nowUs)).toBe('ok');
    const shown = await alerter.values(dropOff);
    const low = await alerter.values('michinori_stage_dropoff_low_ratio');
    const high = await alerter.values('michinori_stage_dropoff_high_ratio');
    const estimate = await alerter.values('michinori_stage_dropoff_estimate_ratio');
    const states = await alerter.values('michinori_stage_dropoff_state');
    const entered = await alerter.values('michinori_stage_entered_customers');
    let compared = 0;
    for (const by of [undefined, 'plan']) {
      const question = { asOf: nowUs, ...(by === undefined ? {} : { by }) };
      const { rows } = await runJourneyStages(
        clickhouse,
        planJourney(question, { derivation: 1, journey: buying }, nowUs),
      );
      for (const row of rows) {
        const segment = by === undefined ? '' : `plan:${row.segment}`;
        const place = `{journey="buying",stage="${row.stage}",segment="${segment}"}`;
        expect(shown[place]).toBe(row.dropOffRate);
        expect(low[place]).toBe(row.dropOffLo);
        expect(high[place]).toBe(row.dropOffHi);
        expect(estimate[place]).toBe(1 - (row.estimate ?? Number.NaN));
        expect(entered[place]).toBe(row.entered);
        expect(states[place.replace('}', `,state="${row.state}"}`)]).toBe(1);
        compared += 1;
      }
    }
    expect(compared).toBe(9);
    expect(shown['{journey="buying",stage="interest",segment=""}']).toBe(0.25);
    expect(shown['{journey="leaving",stage="doubt",segment=""}']).toBe(0.5);
    expect(Object.keys(shown)).toHaveLength(11);
    expect(Object.keys(states)).toHaveLength(11);
    expect(await alerter.values('michinori_alerter_last_evaluation_timestamp_seconds')).toEqual({ '': nowUs / 1e6 });
  });

  it('shows nothing of a stage that nobody has entered yet', async () => {
    const alerter = alerterOver(clickhouse);
    expect(await alerter.evaluate(storyHour(-1))).toBe('ok');
    expect(await alerter.values(dropOff)).toEqual({});
  });

  it('keeps the largest values of a segment, and none where none are wanted', async () => {
    const one = alerterOver(clickhouse, { segmentsMax: 1 });
    await one.evaluate(nowUs);
    const shown = Object.keys(await one.values(dropOff));
    expect(shown.some((place) => place.includes('plan:free'))).toBe(true);
    expect(shown.some((place) => place.includes('plan:pro'))).toBe(false);
    const none = alerterOver(clickhouse, { segmentsMax: 0 });
    await none.evaluate(nowUs);
    expect(Object.keys(await none.values(dropOff))).toHaveLength(5);
  });

  it('removes what it showed of a journey that can not be read, keeps the others, and says so', async () => {
    let isBroken = false;
    const lines: string[] = [];
    const logger = createLogger({ service: 'test', destination: { write: (line) => lines.push(line) } });
    const broken = gated(async (params) => {
      const isBuying = Object.values(params as object).some(
        (value) => Array.isArray(value) && value.length === buying.stages.length,
      );
      if (isBroken && isBuying) throw new Error('out of order');
    });
    const alerter = alerterOver(broken, {}, logger);
    expect(await alerter.evaluate(nowUs)).toBe('ok');
    isBroken = true;
    expect(await alerter.evaluate(nowUs + 1)).toBe('failed');
    for (const name of [dropOff, 'michinori_stage_dropoff_low_ratio', 'michinori_stage_dropoff_state']) {
      const places = Object.keys(await alerter.values(name));
      expect(places).toHaveLength(2);
      expect(places.every((place) => place.includes('journey="leaving"'))).toBe(true);
    }
    expect(lines.join('')).toMatch(/"journey":"buying".*out of order/);
    isBroken = false;
    expect(await alerter.evaluate(nowUs + 2)).toBe('ok');
    expect(Object.keys(await alerter.values(dropOff))).toHaveLength(11);
    const counts = await alerter.values('michinori_alerter_evaluations_total');
    expect(counts).toEqual({ [outcome('ok')]: 2, [outcome('failed')]: 1, [outcome('skipped')]: 0 });
  });

  it('shows nothing at all when the journeys can not be listed', async () => {
    let isBroken = false;
    const alerter = alerterOver({
      ...clickhouse,
      query: (...asked) => (isBroken ? Promise.reject(new Error('away')) : clickhouse.query(...asked)),
      queryOnWriter: (...asked) => (isBroken ? Promise.reject(new Error('away')) : clickhouse.queryOnWriter(...asked)),
    });
    await alerter.evaluate(nowUs);
    isBroken = true;
    expect(await alerter.evaluate(nowUs + 1)).toBe('failed');
    expect(await alerter.values(dropOff)).toEqual({});
  });
});

describe('the schedule', () => {
  it('never runs two evaluations at once, and no instant twice', async () => {
    let open = () => {};
    let asked = 0;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const alerter = alerterOver(
      gated(() => {
        asked += 1;
        return gate;
      }),
    );
    const first = alerter.evaluate(nowUs);
    expect(await alerter.evaluate(nowUs + 1)).toBe('skipped');
    expect(await alerter.evaluate(nowUs + 1)).toBe('passed');
    expect(asked).toBeLessThanOrEqual(1);
    open();
    expect(await first).toBe('ok');
    expect(await alerter.evaluate(nowUs)).toBe('passed');
    expect(await alerter.evaluate(nowUs + 2)).toBe('ok');
    const counts = await alerter.values('michinori_alerter_evaluations_total');
    expect(counts).toEqual({ [outcome('ok')]: 2, [outcome('failed')]: 0, [outcome('skipped')]: 1 });
  });

  it('evaluates at its instants until it is stopped, and stops when the one under way has ended', async () => {
    let open = () => {};
    let begun = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const isAsked = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const alerter = alerterOver(
      gated(() => {
        begun();
        return gate;
      }),
      { schedule: '*/5 * * * *' },
    );
    alerter.start();
    expect(alerter.expression()).toBe('*/5 * * * *');
    alerter.tick(nowUs);
    await isAsked;
    let isStopped = false;
    const stopped = alerter.stop().then(() => {
      isStopped = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(alerter.isScheduled()).toBe(false);
    expect(isStopped).toBe(false);
    open();
    await stopped;
    expect(await alerter.evaluate(nowUs + 1)).toBe('passed');
  });
});
