import type { ClickHouse } from '@michinori/clickhouse';
import {
  type ActiveDerivation,
  listDoubleContacts,
  runCycleTime,
  runDoubleContacts,
  runEmotion,
  runEmotionEffect,
  runEnquiries,
  runImprovementEffects,
  runJourneyStages,
  runJourneyTouchpoints,
  runNps,
} from '@michinori/queries';
import { npsInterval } from '@michinori/statistics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coverageCells, coverageTable, pastInstants } from './journeys/coverage.ts';
import {
  type Area,
  areas,
  dayUs,
  demoScope,
  demoWorld,
  endUs,
  inArea,
  notingAnswers,
  type PlainAnswers,
  plans,
} from './journeys/demo-world.ts';
import { askPlacebo, placebos } from './journeys/placebo.ts';
import { standingNow } from './journeys/standing.ts';
import { deriveAll, openTables, shippedJourney, storeEvents } from './journeys/tables.ts';
import { expectInside, expectNear, inDays, report } from './journeys/told.ts';

const { truth, events } = demoWorld();
const success: ActiveDerivation = { derivation: 1, journey: shippedJourney('customer-success') };
const buying: ActiveDerivation = { derivation: 2, journey: shippedJourney('buying') };
const releaseUs = Date.parse(truth.release.at) * 1_000;
const onboardingToAdoption = { fromStage: 1, toStage: 2 };
let clickhouse: ClickHouse;
let close = async () => {};
let plain: PlainAnswers;

beforeAll(async () => {
  ({ clickhouse, close } = await openTables());
  const { passing, answers } = notingAnswers(events());
  await storeEvents(clickhouse, passing);
  plain = answers();
  for (const { derivation, journey } of [success, buying]) await deriveAll(clickhouse, { id: derivation, journey });
}, 900_000);

afterAll(() => close());

describe('visits and what became of them', () => {
  it('are those of the truth, stage by stage, all visits and everybody’s last', async () => {
    const counts = async (active: ActiveDerivation) => {
      const { rows } = await runJourneyStages(clickhouse, demoScope(active));
      return Object.fromEntries(
        rows.map(({ stage, entered, advanced, completed, lostExit, lostSilent, open }) => [
          stage,
          { entered, advanced: advanced + completed, lostByExit: lostExit, lostBySilence: lostSilent, open },
        ]),
      );
    };
    expect(await counts(success)).toEqual(truth.visits['customer-success']);
    expect(await standingNow(clickhouse, success)).toEqual(
      Object.fromEntries(Object.entries(truth.lastVisits['customer-success']).filter(([, { entered }]) => entered > 0)),
    );
    expect(await counts(buying)).toEqual(truth.visits.buying);
  });

  it('have the outcomes of the truth 30, 60 and 90 days after entry, in every plan and area', async () => {
    let cells = 0;
    for (const days of [30, 60, 90]) {
      for (const area of Object.keys(areas) as Area[]) {
        const question = { to: endUs - days * dayUs + 1, by: 'plan', segment: inArea(area) };
        const { rows } = await runJourneyStages(clickhouse, demoScope(success, question), { horizonUs: days * dayUs });
        for (const plan of plans) {
          for (const stage of ['onboarding', 'adoption', 'value']) {
            const row = rows.find((one) => one.segment === plan && one.stage === stage);
            const mature = truth.hazards
              .filter((one) => one.stage === stage && one.plan === plan && one.area === area)
              .flatMap(({ horizons }) => horizons.filter((one) => one.days === days).map((one) => one.mature));
            const sum = (pick: (one: (typeof mature)[number]) => number) => mature.reduce((k, one) => k + pick(one), 0);
            const lost = Math.round((row?.naiveLostRate ?? 0) * (row?.n ?? 0));
            expect([days, area, plan, stage, row?.n, row?.k, lost]).toEqual([
              ...[days, area, plan, stage, sum(({ visits }) => visits)],
              ...[sum(({ advanced }) => advanced), sum((one) => one.lost)],
            ]);
            cells += 1;
          }
        }
      }
    }
    expect(cells).toBe(54);
  });
});

describe('while much is still open', () => {
  it('the estimate at the horizon holds the true share, and the naive rate does not', async () => {
    const cells = await coverageCells(clickhouse, truth, [
      { active: success, stages: ['onboarding', 'adoption', 'value'] },
      { active: buying, stages: ['interest', 'consideration'] },
    ]);
    if (process.env.MICHINORI_TEST_REPORT) process.stdout.write(`${coverageTable(cells)}\n`);
    expect(pastInstants(truth)).toHaveLength(7);
    for (const cause of ['advanced', 'lost'] as const) {
      const own = cells.filter((cell) => cell.cause === cause);
      const covered = own.filter(({ isCovered }) => isCovered).length / own.length;
      const naive = own.filter(({ isNaivelyCovered }) => isNaivelyCovered).length / own.length;
      const mean = (pick: (cell: (typeof own)[number]) => number) =>
        own.reduce((sum, cell) => sum + pick(cell), 0) / own.length;
      expect(own.length).toBeGreaterThan(60);
      expect(covered).toBeGreaterThanOrEqual(0.9);
      expect(Math.abs(mean(({ error }) => error))).toBeLessThan(0.015);
      expect(mean(({ naiveError }) => naiveError)).toBeLessThan(cause === 'advanced' ? -0.1 : -0.01);
      if (cause === 'advanced') expect(naive).toBeLessThan(covered - 0.2);
    }
  });
});

describe('the release of the guided set-up', () => {
  const change = { atUs: releaseUs, treated: null };
  const question = { way: onboardingToAdoption, horizonUs: null, change };

  it('has shortened onboarding by what the truth says, as a whole and in every plan', async () => {
    const scope = { to: endUs - truth.release.horizonDays * dayUs };
    const { rows: all } = await runCycleTime(clickhouse, demoScope(success, scope), question);
    const { rows: byPlan } = await runCycleTime(clickhouse, demoScope(success, { ...scope, by: 'plan' }), question);
    for (const effect of truth.release.effects) {
      const own = effect.plan === 'all' ? all : byPlan.filter(({ segment }) => segment === effect.plan);
      for (const side of ['before', 'after'] as const) {
        const row = own.find(({ period }) => period === side);
        const { visits, rmstDays, advancedShare } = effect[side];
        const name = `${effect.plan} ${side}`;
        expect([name, row?.n]).toEqual([name, visits]);
        expectNear(`${name}, mean`, rmstDays * 86_400, {
          value: row?.restrictedMeanSeconds,
          lo: row?.restrictedMeanLo,
          hi: row?.restrictedMeanHi,
        });
        expectNear(`${name}, share`, advancedShare, {
          value: row?.advancedShare,
          lo: row?.advancedShareLo,
          hi: row?.advancedShareHi,
        });
      }
      const after = own.find(({ period }) => period === 'after');
      expect([effect.plan, after?.verdict]).toEqual([effect.plan, 'shorter']);
      const days = effect.differenceDays;
      const told = {
        value: inDays(after?.differenceSeconds),
        lo: inDays(after?.differenceLo),
        hi: inDays(after?.differenceHi),
      };
      report(`release, ${effect.plan}: ${days.toFixed(2)} days`, told);
      expectNear(`difference of ${effect.plan}`, days, told);
      expectNear(`share of ${effect.plan}`, effect.after.advancedShare - effect.before.advancedShare, {
        value: after?.advancedShareDifference,
        lo: after?.advancedShareDifferenceLo,
        hi: after?.advancedShareDifferenceHi,
      });
    }
  });

  it('is told as an improvement that was recorded, within its 180 days to either side', async () => {
    await clickhouse.insert({
      table: 'improvements',
      columns: ['id', 'journey', 'stage', 'title', 'at', 'recorded_at', 'log'],
      rows: [
        ['guided-setup', success.journey.id, 'onboarding', 'Guided set-up', releaseUs, releaseUs, 'definitions@e2e'],
      ],
    });
    const scope = { ...demoScope(success), given: { from: false, to: false } };
    const { rows } = await runImprovementEffects(clickhouse, scope);
    expect(rows).toMatchObject([{ id: 'guided-setup', stage: 'onboarding', verdict: 'shorter' }]);
    const [row] = rows;
    const effect = truth.release.effects.find(({ plan }) => plan === 'all');
    expectInside('all', (effect?.differenceDays ?? 0) * 86_400, row?.differenceLo, row?.differenceHi);
  });

  it('is the only change that is found: dates on which nothing happened show no evidence', async () => {
    const found: string[] = [];
    for (const placebo of placebos) {
      const { differenceSeconds, differenceLo, differenceHi, verdict } = await askPlacebo(clickhouse, success, placebo);
      const days = [differenceSeconds, differenceLo, differenceHi].map((seconds) => inDays(seconds).toFixed(2));
      report(`placebo, ${placebo.fromStage} on day ${placebo.day}: ${verdict}`, {
        value: inDays(differenceSeconds),
        lo: inDays(differenceLo),
        hi: inDays(differenceHi),
      });
      expect(verdict).not.toBe('too early');
      if (verdict === 'no evidence') continue;
      found.push(`${placebo.fromStage} on day ${placebo.day}: ${verdict} by ${days.join(', ')} days`);
      // A false alarm happens on one date in twenty; one that leaves a day or more between it and 0 hardly ever.
      expect(Math.min(Math.abs(differenceLo ?? 0), Math.abs(differenceHi ?? 0))).toBeLessThan(86_400);
    }
    expect(found.length, found.join('\n')).toBeLessThanOrEqual(2);
  });
});

describe('the effect of a touchpoint', () => {
  it.each([truth.neutral, truth.harmful])('of $touchpoint is the one that was put in', async (known) => {
    const { rows } = await runJourneyTouchpoints(clickhouse, demoScope(success));
    const row = rows.find(({ stage, touchpoint }) => stage === known.stage && touchpoint === known.touchpoint);
    expect(row).toMatchObject({ touched: known.touched, advanced: known.advancesAfter, effectState: 'ok' });
    const told = { value: row?.effect, lo: row?.effectLo, hi: row?.effectHi };
    report(`${known.touchpoint}: ${known.rateRatio}, q ${row?.qValue}`, told);
    const logOf = (value: number | null | undefined) => Math.log(value ?? Number.NaN);
    expectNear(known.touchpoint, Math.log(known.rateRatio), {
      value: logOf(told.value),
      lo: logOf(told.lo),
      hi: logOf(told.hi),
    });
    const isNeutral = known.rateRatio === 1;
    expect((row?.qValue ?? Number.NaN) < 0.05).toBe(!isNeutral);
    if (isNeutral) return;
    expectInside(known.touchpoint, known.rateRatio, told.lo, told.hi);
    expect(told.hi).toBeLessThan(1);
  });
});

describe('what customers say', () => {
  it('gives the emotion curve of the truth, lowest in onboarding', async () => {
    const { rows } = await runEmotion(clickhouse, demoScope(success));
    const stages = rows.filter(({ kind }) => kind === 'stage');
    for (const { stage, sentiments, sentimentMean } of truth.satisfaction) {
      const row = stages.find((one) => one.stage === stage);
      if (success.journey.stages.every(({ id }) => id !== stage)) continue;
      expect([stage, row?.responses]).toEqual([stage, sentiments]);
      expect(Math.abs((row?.mean ?? 0) - sentimentMean)).toBeLessThan(0.05);
    }
    expect(stages.filter(({ trough }) => trough).map(({ stage }) => stage)).toEqual(['onboarding']);
  });

  it('shows the mood that the release lifted, and no other stage’s', async () => {
    const { rows } = await runEmotionEffect(clickhouse, demoScope(success), releaseUs);
    const onboarding = rows.find(({ stage }) => stage === 'onboarding');
    report('mood in onboarding: 0.2', { value: onboarding?.difference, lo: onboarding?.lo, hi: onboarding?.hi });
    // A little above the 0.2 that was put in: the release also makes fewer who are about to leave, and those are in a bad mood.
    const shift = truth.release.satisfactionShift;
    expect(Math.abs((onboarding?.difference ?? 0) - shift)).toBeLessThan(0.05);
    expect(onboarding?.lo).toBeGreaterThan(shift / 2);
    for (const { stage, lo, hi } of rows) if (stage !== null && stage !== 'onboarding') expectInside(stage, 0, lo, hi);
  });

  it('gives the NPS that anybody counts from the answers', async () => {
    const { rows } = await runNps(clickhouse, demoScope(success), { cohort: 'none' });
    const scores = [...plain.scores.values()];
    const promoters = scores.filter((score) => score >= 9).length;
    const detractors = scores.filter((score) => score <= 6).length;
    const passives = scores.length - promoters - detractors;
    const { nps, lo, hi } = npsInterval(promoters, passives, detractors);
    const [asked, answered] = [plain.asked.size, plain.answered.size];
    expect(rows).toMatchObject([{ responses: scores.length, promoters, passives, detractors, asked, answered }]);
    expect(rows[0]?.nps).toBeCloseTo(nps ?? Number.NaN, 9);
    expect([rows[0]?.lo, rows[0]?.hi]).toEqual([lo, hi]);
  });
});

describe('contacts', () => {
  it('that came twice, by two teams about one topic, are those of the truth', async () => {
    const { withinDays, contacts, customers } = truth.doubleContacts;
    const { rows } = await runDoubleContacts(clickhouse, demoScope(success), { withinUs: withinDays * dayUs });
    const sum = (pick: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + pick(row), 0);
    expect(sum((row) => row.contacts)).toBe(contacts);
    const question = { withinUs: withinDays * dayUs, limit: 5_000 };
    const list = await listDoubleContacts(clickhouse, demoScope(success), question);
    expect(list.rows).toHaveLength(contacts);
    expect(new Set(list.rows.map(({ customer }) => customer)).size).toBe(customers);
  });

  it('of customers who ask are answered as often as the truth says', async () => {
    const question = { enquiry: ['enquiry.sent', 'ticket.opened'], withinUs: dayUs };
    const { rows } = await runEnquiries(clickhouse, demoScope(buying), question);
    const topics = rows.filter(({ team }) => team === null);
    const sum = (pick: (row: (typeof rows)[number]) => number) => topics.reduce((total, row) => total + pick(row), 0);
    const { enquiries, replied } = truth.support;
    expect([sum((row) => row.enquiries), sum((row) => row.answered)]).toEqual([enquiries, replied]);
  });
});
