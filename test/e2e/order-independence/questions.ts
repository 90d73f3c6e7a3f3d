const span = { from: '2025-01-01T00:00:00Z', to: '2026-12-01T00:00:00Z', asOf: '2026-11-20T15:00:00Z' };
const days = (value: number) => ({ value, unit: 'day' });
const path = ['page.*', 'demo.requested', 'contract.signed', 'feature.core_used'];
const steps = path.map((touchpoint) => ({ touchpoint }));
const nasty = [
  { touchpoint: 'nasty.start' },
  { touchpoint: 'nasty.mid', optional: true },
  { touchpoint: 'nasty.done' },
];

/** Funnels that use every part of the language. */
export const funnels: Record<string, Record<string, unknown>> = {
  plain: { ...span, steps, window: days(120) },
  'by trait': { ...span, steps, window: days(60), breakdown: { by: 'trait:plan', attribution: 'last' } },
  'a funnel per channel': {
    ...span,
    steps: steps.slice(0, 2),
    window: days(90),
    breakdown: { by: 'channel', attribution: 'all' },
  },
  'by region at the entry, per month in Tokyo': {
    ...span,
    steps: [
      { touchpoint: 'app.opened' },
      { touchpoint: 'report.exported', within: days(2) },
      { touchpoint: 'value.milestone', optional: true },
    ],
    window: days(30),
    timezone: 'Asia/Tokyo',
    trend: { interval: 'month' },
    breakdown: { by: 'trait:region', attribution: 'entry' },
  },
  'any order': {
    ...span,
    order: 'any',
    steps: [
      { touchpoint: 'training.attended' },
      { touchpoint: 'setup.completed' },
      { touchpoint: 'app.invited_colleague' },
    ],
    window: days(45),
    breakdown: { by: 'team', attribution: 'first' },
  },
  strict: {
    ...span,
    order: 'strict',
    steps: [{ touchpoint: 'ticket.opened' }, { touchpoint: ['support.replied', 'ticket.solved'] }],
    window: days(14),
  },
  accounts: {
    ...span,
    unit: 'account',
    steps: [
      { touchpoint: 'contract.signed' },
      { touchpoint: 'app.*', atLeast: { value: 1, unit: 'hour' } },
      { touchpoint: 'contract.renewed' },
    ],
    window: { value: 52, unit: 'week' },
    breakdown: { by: 'account', limit: 5 },
  },
  'excluded and held': {
    ...span,
    steps: [{ touchpoint: 'app.opened' }, { touchpoint: 'feature.core_used' }, { touchpoint: 'report.exported' }],
    window: days(7),
    exclude: [{ touchpoint: 'app.error_shown', after: 1, before: 3 }],
    hold: ['trait:plan', 'channel'],
    filter: [{ trait: 'industry', op: 'neq', value: 'retail' }],
  },
  nasty: {
    ...span,
    steps: nasty,
    window: { value: 1, unit: 'day' },
    breakdown: { by: 'trait:plan', attribution: 'first' },
  },
  'nasty by property': {
    ...span,
    steps: nasty,
    window: { value: 3, unit: 'hour' },
    breakdown: { by: 'property:step', attribution: 'last' },
  },
  'nasty, strict': { ...span, order: 'strict', steps: [nasty[0], nasty[2]], window: days(1) },
  'nasty, any order': {
    ...span,
    order: 'any',
    steps: [{ touchpoint: 'nasty.start' }, { touchpoint: 'nasty.done' }],
    window: days(1),
  },
  'nasty accounts': {
    ...span,
    unit: 'account',
    steps: [nasty[0], nasty[2]],
    window: days(1),
    breakdown: { by: 'account', attribution: 'entry' },
  },
};

/** Funnels whose time to convert is asked for. */
export const timed = ['plain', 'any order', 'nasty by property'];

/** A number of a funnel that is opened up. */
export interface Drill {
  name: string;
  funnel: string;
  step: number;
  outcome: 'converted' | 'dropped' | 'open';
  segment?: string;
  limit: number;
}

export const drills: Drill[] = [
  { name: 'converted', funnel: 'plain', step: 2, outcome: 'converted', limit: 20 },
  { name: 'dropped', funnel: 'plain', step: 1, outcome: 'dropped', limit: 1_000 },
  { name: 'open', funnel: 'strict', step: 1, outcome: 'open', limit: 1_000 },
  { name: 'nasty converted', funnel: 'nasty', step: 3, outcome: 'converted', segment: 'pro', limit: 2 },
  {
    name: 'nasty dropped accounts',
    funnel: 'nasty accounts',
    step: 1,
    outcome: 'dropped',
    segment: 'firm-1',
    limit: 10,
  },
];
