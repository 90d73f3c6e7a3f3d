import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { type Client, given } from './client.ts';
import type { Step } from './session.ts';

function send(analytics: RudderAnalytics, step: Step): void {
  const common = {
    ...(step.customer === undefined ? { anonymousId: step.anonymous ?? '' } : { userId: step.customer }),
    ...given({ anonymousId: step.anonymous }),
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

/** @rudderstack/rudder-sdk-node, which gzips what it calls form data. */
export const rudderStackClient: Client = {
  name: '@rudderstack/rudder-sdk-node',
  dialect: 'rudderstack',
  open({ url, key }) {
    const errors: string[] = [];
    const analytics = new RudderAnalytics(key, {
      ...{ dataPlaneUrl: url, flushAt: 20, flushInterval: 60_000, retryCount: 5, logLevel: 'none' },
      errorHandler: (error) => void errors.push(String(error)),
    });
    return {
      errors,
      send: (step) => send(analytics, step),
      // A flush sends one batch after the one before it; one that finds nothing may have come while another was about to send.
      async settle() {
        for (let idle = 0; idle < 2; ) {
          const batch = await new Promise<unknown>((resolve) => void analytics.flush((_error, data) => resolve(data)));
          idle = batch === undefined ? idle + 1 : 0;
        }
      },
    };
  },
};
