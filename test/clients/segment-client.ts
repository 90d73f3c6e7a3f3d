import { Analytics } from '@segment/analytics-node';
import { type Client, given } from './client.ts';
import type { Step } from './session.ts';

function send(analytics: Analytics, step: Step): void {
  const who = step.customer === undefined ? { anonymousId: step.anonymous ?? '' } : { userId: step.customer };
  const both = given({ ...who, anonymousId: step.anonymous });
  const common = {
    ...{ ...who, ...both },
    messageId: step.id,
    timestamp: new Date(step.at),
    context: given({ michinori: step.own, traits: step.kind === 'track' ? step.traits : undefined }),
  };
  const { name = '', properties = {}, traits = {} } = step;
  if (step.kind === 'track') analytics.track({ ...common, event: name, properties });
  else if (step.kind === 'page') analytics.page({ ...common, name, properties });
  else if (step.kind === 'identify') analytics.identify({ ...common, traits });
  else if (step.kind === 'group') analytics.group({ ...common, groupId: step.account ?? '', traits });
  else analytics.alias({ ...common, userId: step.customer ?? '', previousId: step.previous ?? '' });
}

/** @segment/analytics-node. */
export const segmentClient: Client = {
  name: '@segment/analytics-node',
  dialect: 'segment',
  open({ url, key }) {
    const errors: string[] = [];
    const analytics = new Analytics({ writeKey: key, host: url, flushAt: 1_000, flushInterval: 60_000, maxRetries: 5 });
    analytics.on('error', ({ code, reason }) => {
      errors.push(`${code}: ${reason instanceof Error ? reason.message : String(reason)}`);
    });
    return {
      errors,
      send: (step) => send(analytics, step),
      settle: () => analytics.closeAndFlush(),
    };
  },
};
