/** Any JSON object. */
export interface Values {
  [name: string]: string | number | boolean | null | undefined | Values | (string | number | boolean | Values)[];
}

/** One step of a customer, as an application would tell it to any client. Times are ISO 8601. */
export interface Step {
  readonly kind: 'page' | 'identify' | 'group' | 'track' | 'alias';
  readonly id: string;
  readonly at: string;
  readonly customer?: string;
  readonly anonymous?: string;
  readonly account?: string;
  /** Of a page or a track. */
  readonly name?: string;
  readonly previous?: string;
  readonly properties?: Values;
  readonly traits?: Values;
  /** Fields that only our own form has. */
  readonly own?: Values;
}

/** A recorded session: a visitor reads, signs, is asked, stays, and turns out to have had another id before. `prefix` tells copies apart. */
export function recordedSession(prefix: string): Step[] {
  const customer = `${prefix}-acme-42`;
  const anonymous = `${prefix}-a-9f3`;
  const account = `${prefix}-acme`;
  const track = (at: string, name: string, more: Partial<Step> = {}): Omit<Step, 'id'> => ({
    ...{ kind: 'track', at, customer, name },
    ...more,
    own: { channel: 'app', ...more.own },
  });
  const steps: Omit<Step, 'id'>[] = [
    {
      kind: 'page',
      at: '2026-01-05T09:00:00.123Z',
      anonymous,
      name: 'Pricing',
      properties: { path: '/pricing' },
      own: { channel: 'web' },
    },
    {
      ...{ kind: 'identify', at: '2026-01-05T09:10:00.000Z', customer, anonymous, own: { channel: 'web' } },
      traits: { plan: 'pro', role: 'ops', address: { city: '大阪' } },
    },
    {
      kind: 'group',
      at: '2026-01-05T09:10:01.000Z',
      customer,
      account,
      traits: { industry: 'retail' },
      own: { channel: 'web' },
    },
    track('2026-01-06T08:00:00.000Z', 'contract.signed', {
      properties: { seats: 5, terms: { months: 12, auto: true } },
    }),
    track('2026-01-08T10:00:00.000Z', 'training.attended', { own: { team: 'customer success', sentiment: 0.4 } }),
    track('2026-01-09T09:00:00.000Z', 'feature.core_used', { properties: { tags: ['a', 'b'] } }),
    track('2026-01-10T09:00:00.000Z', 'feature.core_used'),
    track('2026-01-11T09:00:00.000Z', 'feature.core_used'),
    track('2026-01-15T09:00:00.000Z', 'nps.answered', { own: { nps: 9 } }),
    track('2026-01-20T09:00:00.000Z', 'value.milestone', { traits: { plan: 'enterprise' } }),
    track('2026-02-10T09:00:00.000Z', 'contract.renewed', { own: { amount: { value: '1200.00', currency: 'JPY' } } }),
    { kind: 'alias', at: '2026-02-11T09:00:00.000Z', customer, previous: `${prefix}-old-7`, own: { channel: 'app' } },
  ];
  return steps.map((step, index) => ({ ...step, id: `${prefix}-${index}` }));
}
