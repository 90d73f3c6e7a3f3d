// Events of the benchmarks in native form: about 430 bytes of JSON each, ids that never repeat.
import { randomUUID } from 'node:crypto';

const touchpoints = ['app.opened', 'feature.core_used', 'page.viewed', 'ticket.opened'];
const pages = ['/setup', '/pricing', '/docs', '/team', '/billing'];

/** The n-th event; 50 000 customers in 900 accounts. */
export function nativeEvent(n) {
  return {
    id: randomUUID(),
    customer: `customer-${(n * 7919) % 50_000}`,
    account: `account-${(n * 7919) % 900}`,
    touchpoint: touchpoints[n % touchpoints.length],
    channel: 'app',
    team: 'product',
    direction: 'inbound',
    occurredAt: new Date(Date.UTC(2026, 0, 1) + n * 50).toISOString(),
    sequence: n,
    ...(n % 10 === 0 ? { sentiment: 0.4 } : {}),
    ...(n % 50 === 0 ? { nps: 9 } : {}),
    properties: {
      page: pages[n % pages.length],
      referrer: 'https://example.org/welcome',
      duration: n % 977,
      trial: true,
    },
    traits: { plan: n % 3 === 0 ? 'pro' : 'free', industry: 'retail' },
  };
}
