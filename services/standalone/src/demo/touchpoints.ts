import type { Weighted } from './rng.ts';
import type { StageId } from './stages.ts';

interface Touchpoint {
  channel: 'web' | 'app' | 'email' | 'phone' | 'event' | 'crm';
  team: 'marketing' | 'sales' | 'customer-success' | 'support' | 'product';
  direction: 'inbound' | 'outbound' | null;
  /** Added to the customer's satisfaction when this touchpoint carries a sentiment; null: it carries none. */
  sentimentOffset: number | null;
}

const touchpoint = (
  channel: Touchpoint['channel'],
  team: Touchpoint['team'],
  direction: Touchpoint['direction'] = 'inbound',
  sentimentOffset: number | null = null,
): Touchpoint => ({ channel, team, direction, sentimentOffset });

/** Every touchpoint of the demo data. */
export const catalogue = {
  'ad.clicked': touchpoint('web', 'marketing'),
  'page.home': touchpoint('web', 'marketing'),
  'page.blog': touchpoint('web', 'marketing'),
  'page.features': touchpoint('web', 'marketing'),
  'page.pricing': touchpoint('web', 'marketing'),
  'page.cases': touchpoint('web', 'marketing'),
  'page.docs': touchpoint('web', 'product'),
  'event.booth_visited': touchpoint('event', 'marketing', 'inbound', 0.1),
  'whitepaper.downloaded': touchpoint('web', 'marketing'),
  'webinar.attended': touchpoint('event', 'marketing', 'inbound', 0.1),
  'email.opened': touchpoint('email', 'marketing'),
  'email.sent': touchpoint('email', 'marketing', 'outbound'),
  'call.made': touchpoint('phone', 'sales', 'outbound', 0),
  'mail.unsubscribed': touchpoint('email', 'marketing', 'inbound', -0.3),
  'demo.requested': touchpoint('web', 'sales'),
  'demo.attended': touchpoint('event', 'sales', 'inbound', 0.15),
  'proposal.viewed': touchpoint('email', 'sales'),
  'trial.started': touchpoint('app', 'product'),
  'trial.used': touchpoint('app', 'product'),
  'opportunity.lost': touchpoint('crm', 'sales', null, -0.3),
  'contract.signed': touchpoint('crm', 'sales', 'inbound', 0.2),
  'contract.renewed': touchpoint('crm', 'customer-success', 'inbound', 0.2),
  'contract.cancelled': touchpoint('crm', 'customer-success', 'inbound', -0.4),
  'training.attended': touchpoint('event', 'customer-success', 'inbound', 0.15),
  'app.first_login': touchpoint('app', 'product'),
  'app.opened': touchpoint('app', 'product'),
  'app.error_shown': touchpoint('app', 'product', null),
  'app.invited_colleague': touchpoint('app', 'product'),
  'setup.completed': touchpoint('app', 'product', 'inbound', 0.1),
  'feature.core_used': touchpoint('app', 'product'),
  'report.exported': touchpoint('app', 'product'),
  'value.milestone': touchpoint('app', 'product', null, 0.2),
  'ticket.opened': touchpoint('app', 'support', 'inbound', -0.35),
  'ticket.solved': touchpoint('app', 'support', null, 0.15),
  'enquiry.sent': touchpoint('email', 'support', 'inbound', -0.1),
  'support.replied': touchpoint('email', 'support', 'outbound'),
  'newsletter.opened': touchpoint('email', 'marketing'),
  'nps.asked': touchpoint('email', 'customer-success', 'outbound'),
  'nps.answered': touchpoint('email', 'customer-success', 'inbound', 0),
} satisfies Record<string, Touchpoint>;

export type TouchpointId = keyof typeof catalogue;

export function touchpointOf(id: TouchpointId): Touchpoint {
  return catalogue[id];
}

/** What people do in a session. None of these enters a stage that the customer hasn't reached yet. */
interface StageActivity {
  /** Mean office-clock days between two sessions. */
  sessionGapDays: number;
  /** Mean events of a session beyond the first. */
  furtherEvents: number;
  mix: readonly Weighted<TouchpointId>[];
  /** The mix in the last weeks before the customer is lost. */
  decliningMix?: readonly Weighted<TouchpointId>[];
  /** The last sign of life before silence. */
  farewell: TouchpointId;
}

const usage: readonly Weighted<TouchpointId>[] = [
  ['feature.core_used', 46],
  ['app.opened', 26],
  ['report.exported', 13],
  ['app.invited_colleague', 3],
  ['page.docs', 5],
  ['ticket.opened', 2],
  ['enquiry.sent', 1],
  ['training.attended', 2],
];
const declining: readonly Weighted<TouchpointId>[] = [
  ['app.opened', 44],
  ['feature.core_used', 10],
  ['page.docs', 12],
  ['ticket.opened', 12],
  ['enquiry.sent', 6],
  ['report.exported', 4],
];

export const activities: Record<StageId, StageActivity> = {
  awareness: {
    sessionGapDays: 4,
    furtherEvents: 1.4,
    mix: [
      ['page.blog', 34],
      ['page.home', 26],
      ['page.features', 18],
      ['page.pricing', 8],
      ['ad.clicked', 14],
    ],
    farewell: 'page.home',
  },
  interest: {
    sessionGapDays: 3.6,
    furtherEvents: 1.7,
    mix: [
      ['page.features', 24],
      ['page.cases', 18],
      ['page.pricing', 18],
      ['page.blog', 12],
      ['email.opened', 16],
      ['whitepaper.downloaded', 7],
      ['webinar.attended', 5],
    ],
    farewell: 'email.opened',
  },
  consideration: {
    sessionGapDays: 4,
    furtherEvents: 1.5,
    mix: [
      ['trial.used', 34],
      ['page.pricing', 22],
      ['page.docs', 16],
      ['page.cases', 10],
      ['proposal.viewed', 9],
      ['demo.attended', 6],
      ['enquiry.sent', 3],
    ],
    farewell: 'page.pricing',
  },
  onboarding: {
    sessionGapDays: 2.8,
    furtherEvents: 1.4,
    mix: [
      ['app.opened', 42],
      ['page.docs', 28],
      ['training.attended', 12],
      ['ticket.opened', 5],
      ['enquiry.sent', 3],
    ],
    farewell: 'ticket.opened',
  },
  adoption: { sessionGapDays: 2.4, furtherEvents: 1.4, mix: usage, decliningMix: declining, farewell: 'app.opened' },
  value: {
    sessionGapDays: 3,
    furtherEvents: 1.4,
    mix: [...usage, ['value.milestone', 3]],
    decliningMix: declining,
    farewell: 'app.opened',
  },
  renewed: {
    sessionGapDays: 4,
    furtherEvents: 1,
    mix: [
      ['app.opened', 56],
      ['report.exported', 26],
      ['page.docs', 14],
      ['ticket.opened', 4],
    ],
    farewell: 'app.opened',
  },
};
