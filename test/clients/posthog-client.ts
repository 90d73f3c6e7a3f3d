import { PostHog } from 'posthog-node';
import { type Client, given } from './client.ts';
import type { Step } from './session.ts';

/** As the browser's library says it: its events of identity can carry a time of their own. */
function eventOf({ kind, name, anonymous, account, previous, properties, traits }: Step) {
  if (kind === 'page') return { event: '$screen', properties: { ...properties, $screen_name: name } };
  if (kind === 'identify') return { event: '$identify', properties: { $anon_distinct_id: anonymous, $set: traits } };
  if (kind === 'alias') return { event: '$create_alias', properties: { alias: previous } };
  if (kind === 'group') {
    const group = { $group_type: 'company', $group_key: account, $group_set: traits };
    return { event: '$groupidentify', properties: group };
  }
  return { event: name ?? '', properties: given({ ...properties, $set: traits }) };
}

/** posthog-node. */
export const posthogClient: Client = {
  name: 'posthog-node',
  dialect: 'posthog',
  open({ url, key }) {
    const errors: string[] = [];
    const posthog = new PostHog(key, {
      ...{ host: url, flushAt: 1_000, flushInterval: 60_000, fetchRetryCount: 5, fetchRetryDelay: 10 },
    });
    posthog.on('error', (error: unknown) => errors.push(String(error)));
    return {
      errors,
      send(step) {
        const { event, properties } = eventOf(step);
        const isAnonymous = step.customer === undefined;
        posthog.capture({
          distinctId: step.customer ?? step.anonymous ?? '',
          uuid: step.id,
          timestamp: new Date(step.at),
          event,
          properties: {
            ...properties,
            ...given({ $michinori: step.own, $process_person_profile: isAnonymous ? false : undefined }),
          },
        });
      },
      settle: () => posthog.shutdown().catch(() => {}),
    };
  },
};
