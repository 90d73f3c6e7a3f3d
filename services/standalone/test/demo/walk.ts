import type { NativeEvent } from '../../src/demo/wire.ts';

/** A second, deliberately plain implementation of the visits of the two demo journeys, over raw events. */
export interface Walked {
  journey: 'buying' | 'customer-success';
  stage: string;
  unit: string;
  plan: string;
  area: string;
  enteredMs: number;
  endedMs: number;
  outcome: 'advanced' | 'lostByExit' | 'lostBySilence' | 'open';
  lastActivityMs: number;
  longestGapMs: number;
  events: NativeEvent[];
}

export const dayMs = 86_400_000;
const lostAfterMs = 30 * dayMs;

const stages = {
  buying: ['awareness', 'interest', 'consideration', 'purchase', 'repeat'],
  'customer-success': ['onboarding', 'adoption', 'value', 'renewal'],
};
const entering: Record<string, string[]> = {
  awareness: ['page.*', 'ad.clicked', 'event.booth_visited'],
  interest: ['whitepaper.downloaded', 'webinar.attended'],
  consideration: ['demo.requested', 'trial.started'],
  purchase: ['contract.signed'],
  repeat: ['contract.renewed'],
  onboarding: ['contract.signed'],
  adoption: ['app.invited_colleague'],
  value: ['value.milestone'],
  renewal: ['contract.renewed'],
};
const exits = {
  buying: ['mail.unsubscribed', 'opportunity.lost', 'contract.cancelled'],
  'customer-success': ['contract.cancelled'],
};

/** Timelines by unit: duplicates dropped, anonymous ids joined to the customer that shares an event with them. */
export function timelines(deliveries: Iterable<{ event: NativeEvent }>): Map<string, NativeEvent[]> {
  const unique = new Map<string, NativeEvent>();
  const owner = new Map<string, string>();
  for (const { event } of deliveries) {
    unique.set(event.id, event);
    if (event.customer && event.anonymous) owner.set(event.anonymous, event.customer);
  }
  const units = new Map<string, NativeEvent[]>();
  for (const event of unique.values()) {
    const unit = event.customer ?? owner.get(event.anonymous ?? '') ?? `\0${event.anonymous}`;
    const list = units.get(unit) ?? [];
    if (list.length === 0) units.set(unit, list);
    list.push(event);
  }
  for (const list of units.values())
    list.sort((a, b) => (`${a.occurredAt} ${a.id}` < `${b.occurredAt} ${b.id}` ? -1 : 1));
  return units;
}

export function walk(journey: Walked['journey'], unit: string, events: NativeEvent[], asOfMs: number): Walked[] {
  const names = stages[journey];
  const done: Walked[] = [];
  let uses: number[] = [];
  let traits: Record<string, unknown> = {};
  let visit: Walked | null = null;
  const close = (outcome: Walked['outcome'], endedMs: number) => {
    if (visit) done.push({ ...visit, outcome, endedMs });
    visit = null;
  };
  const current = (): Walked | null => visit;
  for (const event of events) {
    const atMs = Date.parse(event.occurredAt);
    if (event.traits) traits = { ...traits, ...event.traits };
    let open = current();
    if (open && atMs > open.lastActivityMs + lostAfterMs) close('lostBySilence', open.lastActivityMs + lostAfterMs);
    open = current();
    if (open) {
      open.longestGapMs = Math.max(open.longestGapMs, atMs - open.lastActivityMs);
      open.lastActivityMs = atMs;
      open.events.push(event);
    }
    if (event.touchpoint === 'feature.core_used') uses = [...uses, atMs].filter((use) => use >= atMs - 7 * dayMs);
    if (exits[journey].includes(event.touchpoint)) {
      close('lostByExit', atMs);
      continue;
    }
    const matching = names.filter(
      (stage) =>
        (entering[stage] ?? []).some((rule) =>
          rule.endsWith('*') ? event.touchpoint.startsWith(rule.slice(0, -1)) : rule === event.touchpoint,
        ) ||
        (stage === 'adoption' && event.touchpoint === 'feature.core_used' && uses.length >= 3),
    );
    const stage = matching.at(-1);
    if (stage === undefined || (open && names.indexOf(stage) <= names.indexOf(open.stage))) continue;
    close('advanced', atMs);
    const region = String(traits.region ?? '');
    visit = {
      journey,
      stage,
      unit,
      plan: String(traits.plan ?? ''),
      area: region === '' ? '' : ['emea', 'amer'].includes(region) ? 'abroad' : 'japan',
      enteredMs: atMs,
      endedMs: atMs,
      outcome: 'open',
      lastActivityMs: atMs,
      longestGapMs: 0,
      events: [event],
    };
    if (stage === 'renewal') close('advanced', atMs);
  }
  const last = current();
  if (last && asOfMs - last.lastActivityMs > lostAfterMs) close('lostBySilence', last.lastActivityMs + lostAfterMs);
  else if (last) close('open', asOfMs);
  return done;
}
