import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/demo/simulate.ts';
import type { TouchTruth } from '../../src/demo/truth.ts';
import type { NativeEvent } from '../../src/demo/wire.ts';
import { demoDefaults } from '../../src/demo/world.ts';
import { exampleFunnel } from './funnel.ts';
import { dayMs, timelines, type Walked, walk } from './walk.ts';

const { truth, events } = simulate(demoDefaults);
const endMs = demoDefaults.endUs / 1000;
const units = timelines(events);
const unique = [...units.values()].flat();
const visits: Walked[] = [...units].flatMap(([unit, list]) =>
  (['buying', 'customer-success'] as const).flatMap((journey) => walk(journey, unit, list, endMs)),
);
const releaseMs = Date.parse(truth.release.at);
const incidentMs = [Date.parse(truth.incident.from), Date.parse(truth.incident.to)] as const;

const conditionOf = ({ stage, enteredMs }: Walked) => {
  if (stage === 'onboarding' && enteredMs >= releaseMs) return 'release';
  return stage === 'consideration' && enteredMs >= incidentMs[0] && enteredMs < incidentMs[1] ? 'incident' : 'usual';
};
const isMature = ({ enteredMs }: Walked, days: number) => enteredMs + days * dayMs <= endMs;
const hasBy = (visit: Walked, days: number, ...outcomes: Walked['outcome'][]) =>
  outcomes.includes(visit.outcome) && visit.endedMs <= visit.enteredMs + days * dayMs;

describe('size and shape', () => {
  it('is a company of about 5 000 customers in about 1 800 accounts with a few hundred thousand events', () => {
    expect(Math.abs(truth.units.customers - 5000)).toBeLessThan(250);
    expect(Math.abs(truth.units.accounts - 1800)).toBeLessThan(100);
    expect(truth.events.unique).toBeGreaterThan(250_000);
    expect(truth.events.unique).toBeLessThan(450_000);
    expect(units.size).toBe(truth.units.travellers);
  });

  it('keeps the living noisy: no gap above a week except the final silence', () => {
    expect(Math.max(...visits.map(({ longestGapMs }) => longestGapMs))).toBeLessThanOrEqual(7 * dayMs);
    for (const { outcome, lastActivityMs } of visits)
      if (outcome === 'open') expect(endMs - lastActivityMs).toBeLessThanOrEqual(30 * dayMs);
    expect(visits.some(({ outcome }) => outcome === 'lostBySilence')).toBe(true);
    expect(visits.some(({ outcome }) => outcome === 'lostByExit')).toBe(true);
  });
});

describe('the truth and the rules of visits', () => {
  it('agree on every stage and outcome at the end', () => {
    const count = (walked: Walked[]) => {
      const table: Record<string, Record<string, Record<string, number>>> = { buying: {}, 'customer-success': {} };
      for (const { journey, stage, outcome } of walked) {
        const stages = table[journey] ?? {};
        stages[stage] ??= { entered: 0, advanced: 0, lostByExit: 0, lostBySilence: 0, open: 0 };
        const row = stages[stage] ?? {};
        row.entered = (row.entered ?? 0) + 1;
        row[outcome] = (row[outcome] ?? 0) + 1;
      }
      return table;
    };
    const last = new Map<string, Walked>();
    for (const visit of visits) last.set(`${visit.journey} ${visit.unit}`, visit);
    expect(count(visits)).toEqual(truth.visits);
    expect(count([...last.values()])).toEqual(truth.lastVisits);
  });

  it('agree on the outcomes at every horizon, and both with the hazards', () => {
    let chi = 0;
    let cells = 0;
    for (const row of truth.hazards) {
      if (row.stage === 'renewed') continue;
      const mine = visits.filter(
        (visit) =>
          visit.stage === row.stage &&
          conditionOf(visit) === row.condition &&
          (row.plan === null || (visit.plan === row.plan && visit.area === row.area)),
      );
      expect(mine.length).toBe(row.entered);
      for (const { days, mature } of row.horizons) {
        const cohort = mine.filter((visit) => isMature(visit, days));
        const advanced = cohort.filter((visit) => hasBy(visit, days, 'advanced')).length;
        const lost = cohort.filter((visit) => hasBy(visit, days, 'lostByExit', 'lostBySilence')).length;
        expect([cohort.length, advanced, lost]).toEqual([mature.visits, mature.advanced, mature.lost]);
        for (const [seen, expected] of [
          [advanced, mature.expectedAdvanced],
          [lost, mature.expectedLost],
        ] as const) {
          const variance = expected * (1 - expected / Math.max(1, cohort.length));
          if (variance < 4) continue;
          const z = (seen - expected) / Math.sqrt(variance);
          expect(Math.abs(z)).toBeLessThan(4);
          chi += z * z;
          cells += 1;
        }
      }
    }
    expect(cells).toBeGreaterThan(120);
    expect(chi / cells).toBeGreaterThan(0.5);
    expect(chi / cells).toBeLessThan(1.6);
  });
});

describe('the release', () => {
  it('shortens onboarding by what the truth says', () => {
    const cohort = visits.filter((visit) => visit.stage === 'onboarding' && isMature(visit, 30));
    const daysToAdvance = (visit: Walked) =>
      hasBy(visit, 30, 'advanced') ? (visit.endedMs - visit.enteredMs) / dayMs : 30;
    for (const effect of truth.release.effects) {
      const side = (isAfter: boolean) => {
        const days = cohort
          .filter(
            ({ plan, enteredMs }) =>
              (effect.plan === 'all' || plan === effect.plan) && enteredMs >= releaseMs === isAfter,
          )
          .map(daysToAdvance);
        const mean = days.reduce((sum, x) => sum + x, 0) / days.length;
        const variance = days.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (days.length - 1) / days.length;
        return { n: days.length, mean, variance };
      };
      const before = side(false);
      const after = side(true);
      expect([before.n, after.n]).toEqual([effect.before.visits, effect.after.visits]);
      const error = Math.sqrt(before.variance + after.variance);
      expect(Math.abs(after.mean - before.mean - effect.differenceDays)).toBeLessThan(3 * error);
      if (effect.plan === 'all') expect(after.mean - before.mean).toBeLessThan(-4 * error);
    }
  });
});

describe('the incident', () => {
  const dropOff = (stage: string, fromMs: number, toMs: number) => {
    const cohort = visits.filter(
      (v) => v.stage === stage && v.enteredMs >= fromMs && v.enteredMs < toMs && isMature(v, 30),
    );
    return { n: cohort.length, share: cohort.filter((v) => !hasBy(v, 30, 'advanced')).length / cohort.length };
  };

  it('raises the drop-off of consideration for five days and of nothing else', () => {
    const [fromMs, toMs] = incidentMs;
    expect(toMs - fromMs).toBe(5 * dayMs);
    const during = dropOff('consideration', fromMs, toMs);
    const before = dropOff('consideration', fromMs - 56 * dayMs, fromMs);
    const after = dropOff('consideration', toMs, endMs);
    expect(during).toEqual({ n: truth.incident.during.visits, share: truth.incident.during.dropOff });
    expect(before).toEqual({ n: truth.incident.before.visits, share: truth.incident.before.dropOff });
    expect(after).toEqual({ n: truth.incident.after.visits, share: truth.incident.after.dropOff });
    expect(during.n).toBeGreaterThanOrEqual(30);
    for (const { visits: n, expectedDropOff, dropOff: seen } of [
      truth.incident.during,
      truth.incident.before,
      truth.incident.after,
    ])
      expect(Math.abs(seen - expectedDropOff)).toBeLessThan(
        3 * Math.sqrt((expectedDropOff * (1 - expectedDropOff)) / n),
      );
    expect(during.share - before.share).toBeGreaterThan(0.25);
    for (const stage of ['awareness', 'interest', 'onboarding']) {
      const there = dropOff(stage, fromMs, toMs);
      const usual = dropOff(stage, fromMs - 56 * dayMs, fromMs);
      const error = Math.sqrt((usual.share * (1 - usual.share)) / there.n);
      expect(Math.abs(there.share - usual.share)).toBeLessThan(3.2 * error);
    }
  });
});

describe('touchpoints with a known effect', () => {
  function rates(known: TouchTruth) {
    const sum = { visits: 0, touched: 0, advancesBefore: 0, advancesAfter: 0, daysBefore: 0, daysAfter: 0 };
    for (const visit of visits.filter(({ stage }) => stage === known.stage)) {
      const touch = visit.events.find(({ touchpoint }) => touchpoint === known.touchpoint);
      const touchedMs = touch ? Date.parse(touch.occurredAt) : visit.endedMs;
      sum.visits += 1;
      sum.touched += touch ? 1 : 0;
      sum.daysBefore += (touchedMs - visit.enteredMs) / dayMs;
      sum.daysAfter += (visit.endedMs - touchedMs) / dayMs;
      if (visit.outcome === 'advanced') sum[touch ? 'advancesAfter' : 'advancesBefore'] += 1;
    }
    const ratio = sum.advancesAfter / sum.daysAfter / (sum.advancesBefore / sum.daysBefore);
    const error = Math.sqrt(1 / sum.advancesAfter + 1 / sum.advancesBefore);
    return { sum, logRatio: Math.log(ratio), error };
  }

  it.each([truth.neutral, truth.harmful])('$touchpoint has its rate ratio', (known) => {
    const { sum, logRatio, error } = rates(known);
    expect(known).toMatchObject({
      visits: sum.visits,
      touched: sum.touched,
      advancesBefore: sum.advancesBefore,
      advancesAfter: sum.advancesAfter,
    });
    expect(known.daysBefore).toBeCloseTo(sum.daysBefore, 3);
    expect(known.daysAfter).toBeCloseTo(sum.daysAfter, 3);
    expect(Math.abs(logRatio - Math.log(known.rateRatio))).toBeLessThan(2.6 * error);
    expect(error).toBeLessThan(0.08);
    expect(Math.abs(sum.touched / sum.daysBefore / known.ratePerDay - 1)).toBeLessThan(0.1);
  });
});

describe('contacts, answers and moods', () => {
  it('hold the recorded double contacts and replies', () => {
    let contacts = 0;
    let customers = 0;
    let replied = 0;
    let enquiries = 0;
    for (const list of units.values()) {
      const outbound = list.filter(({ direction, topic }) => direction === 'outbound' && topic !== undefined);
      const isDouble = (later: NativeEvent, index: number) =>
        outbound
          .slice(0, index)
          .some(
            (earlier) =>
              earlier.topic === later.topic &&
              earlier.team !== later.team &&
              Date.parse(later.occurredAt) - Date.parse(earlier.occurredAt) <= truth.doubleContacts.withinDays * dayMs,
          );
      const doubles = outbound.filter(isDouble).length;
      contacts += doubles;
      customers += doubles > 0 ? 1 : 0;
      list.forEach(({ touchpoint, topic }, index) => {
        if (touchpoint !== 'enquiry.sent' && touchpoint !== 'ticket.opened') return;
        enquiries += 1;
        const rest = list.slice(index + 1);
        if (rest.some((later) => later.touchpoint === 'support.replied' && later.topic === topic)) replied += 1;
      });
    }
    expect({ contacts, customers }).toEqual({
      contacts: truth.doubleContacts.contacts,
      customers: truth.doubleContacts.customers,
    });
    expect(contacts).toBeGreaterThan(100);
    expect([enquiries, replied]).toEqual([truth.support.enquiries, truth.support.replied]);
  });

  it('hold an emotion curve with its trough at onboarding, lifted by the release', () => {
    const mean = (list: number[]) => list.reduce((sum, x) => sum + x, 0) / list.length;
    const sentiments = (stage: string) =>
      visits
        .filter((visit) => visit.stage === stage)
        .flatMap((visit) => visit.events.flatMap(({ sentiment }) => (sentiment === undefined ? [] : [sentiment])));
    expect(mean(sentiments('onboarding'))).toBeLessThan(mean(sentiments('adoption')));
    expect(mean(sentiments('adoption'))).toBeLessThan(mean(sentiments('value')));
    const trained = (isAfter: boolean) =>
      visits
        .filter((v) => v.stage === 'onboarding' && v.outcome === 'advanced' && v.enteredMs >= releaseMs === isAfter)
        .flatMap(({ events }) => events.filter(({ touchpoint }) => touchpoint === 'training.attended'))
        .flatMap(({ sentiment }) => (sentiment === undefined ? [] : [sentiment]));
    const lift = mean(trained(true)) - mean(trained(false));
    expect(Math.abs(lift - truth.release.satisfactionShift)).toBeLessThan(0.03);
    const scores = unique.flatMap(({ nps }) => (nps === undefined ? [] : [nps]));
    expect(new Set(scores).size).toBeGreaterThanOrEqual(9);
  });
});

describe('the funnel of the documentation', () => {
  it('has the documented numbers', () => {
    expect(exampleFunnel(units)).toEqual([
      ['all', [1207, 808, 488]],
      ['enterprise', [243, 141, 96]],
      ['pro', [493, 328, 205]],
      ['starter', [471, 339, 187]],
    ]);
  });
});
