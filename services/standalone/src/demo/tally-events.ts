import { dayMs } from './clock.ts';
import { countDoubleContacts, doubleContactDays } from './contacts.ts';
import { type Arrival, lateFromMs } from './delivery.ts';
import type { Happening } from './happening.ts';
import type { Visit } from './path.ts';
import type { Story } from './person.ts';
import { at } from './rng.ts';
import { stageSatisfaction } from './satisfaction.ts';
import { hazardsOf, neutralRatePerDay, type StageId, stageOrder } from './stages.ts';
import { touchpointOf } from './touchpoints.ts';
import type { DemoTruth, TouchTruth } from './truth.ts';

/** Counts events, deliveries, contacts, answers and moods. */
export function createEventTally() {
  const events: DemoTruth['events'] = {
    unique: 0,
    deliveries: 0,
    copies: 0,
    late: 0,
    outOfOrder: 0,
    anonymous: 0,
    anonymousJoined: 0,
    linking: 0,
  };
  const touchpoints = new Map<string, { unique: number; deliveries: number }>();
  const moods = new Map<StageId, { sum: number; count: number }>();
  const doubleContacts = { withinDays: doubleContactDays, contacts: 0, customers: 0 };
  const replies = { enquiries: 0, replied: 0, seconds: 0 };
  const nps = { asked: 0, answered: 0 };

  const addDeliveries = ({ path, happenings }: Story, arrivals: readonly Arrival[]) => {
    let latestMs = Number.NEGATIVE_INFINITY;
    for (const { number, receivedMs, isCopy } of arrivals) {
      const { atMs, touchpoint } = at(happenings, number);
      const row = touchpoints.get(touchpoint) ?? { unique: 0, deliveries: 0 };
      touchpoints.set(touchpoint, row);
      row.deliveries += 1;
      events.deliveries += 1;
      if (isCopy) {
        events.copies += 1;
        continue;
      }
      row.unique += 1;
      events.unique += 1;
      if (receivedMs - atMs >= lateFromMs) events.late += 1;
      if (atMs < latestMs) events.outOfOrder += 1;
      latestMs = Math.max(latestMs, atMs);
      if (atMs < path.identifiedMs) {
        events.anonymous += 1;
        if (path.identifiedMs < Number.POSITIVE_INFINITY) events.anonymousJoined += 1;
      } else if (path.origin === 'web' && (touchpointOf(touchpoint).channel === 'web' || atMs === path.identifiedMs))
        events.linking += 1;
    }
  };

  return {
    add(story: Story, arrivals: readonly Arrival[]): void {
      const { path, happenings } = story;
      addDeliveries(story, arrivals);
      const doubles = countDoubleContacts(happenings);
      doubleContacts.contacts += doubles;
      doubleContacts.customers += doubles > 0 ? 1 : 0;
      addReplies(happenings, replies);
      for (const { touchpoint, sentiment, visitIndex } of happenings) {
        if (touchpoint === 'nps.asked') nps.asked += 1;
        if (touchpoint === 'nps.answered') nps.answered += 1;
        if (sentiment === undefined) continue;
        const { stage } = at(path.visits, visitIndex);
        const mood = moods.get(stage) ?? { sum: 0, count: 0 };
        moods.set(stage, { sum: mood.sum + sentiment, count: mood.count + 1 });
      }
    },
    truth: () => ({
      events,
      touchpoints: Object.fromEntries([...touchpoints].sort(([a], [b]) => (a < b ? -1 : 1))),
      doubleContacts,
      support: {
        enquiries: replies.enquiries,
        replied: replies.replied,
        meanReplySeconds: replies.seconds / Math.max(1, replies.replied),
      },
      nps,
      satisfaction: stageOrder.map((stage) => {
        const { sum, count } = moods.get(stage) ?? { sum: 0, count: 0 };
        return {
          stage,
          latentMean: stageSatisfaction[stage],
          sentimentMean: sum / Math.max(1, count),
          sentiments: count,
        };
      }),
    }),
  };
}

/** An enquiry or ticket is answered by the customer's next reply about the same topic. */
function addReplies(happenings: readonly Happening[], sums: { enquiries: number; replied: number; seconds: number }) {
  happenings.forEach(({ touchpoint, topic, atMs }, index) => {
    if (touchpoint !== 'enquiry.sent' && touchpoint !== 'ticket.opened') return;
    sums.enquiries += 1;
    const reply = happenings.slice(index + 1).find((h) => h.touchpoint === 'support.replied' && h.topic === topic);
    if (!reply) return;
    sums.replied += 1;
    sums.seconds += (reply.atMs - atMs) / 1000;
  });
}

/** Person-time of a stage before and after the first touch. Visits end at their advance, loss or the end of the data. */
export function createTouchTally(touchpoint: TouchTruth['touchpoint']) {
  const isNeutral = touchpoint === 'newsletter.opened';
  const { exposure, exposedRatio } = hazardsOf('adoption', 'pro', 'japan', 'usual');
  const truth: TouchTruth = {
    touchpoint,
    stage: isNeutral ? 'value' : 'adoption',
    ratePerDay: isNeutral ? neutralRatePerDay : exposure,
    rateRatio: isNeutral ? 1 : exposedRatio,
    visits: 0,
    touched: 0,
    advancesBefore: 0,
    advancesAfter: 0,
    daysBefore: 0,
    daysAfter: 0,
  };
  return {
    add(visit: Visit, visitIndex: number, happenings: Story['happenings']): void {
      if (visit.stage !== truth.stage) return;
      const touch = happenings.find((h) => h.visitIndex === visitIndex && h.touchpoint === touchpoint);
      const touchedMs = touch?.atMs ?? visit.endedMs;
      truth.visits += 1;
      truth.touched += touch ? 1 : 0;
      truth.daysBefore += (touchedMs - visit.enteredMs) / dayMs;
      truth.daysAfter += (visit.endedMs - touchedMs) / dayMs;
      if (visit.outcome !== 'advanced') return;
      if (touch) truth.advancesAfter += 1;
      else truth.advancesBefore += 1;
    },
    truth: () => truth,
  };
}
