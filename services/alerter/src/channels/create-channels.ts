import type { EventLog } from '@michinori/event-log';
import { ConfigError, type Logger, version } from '@michinori/runtime';
import { createAlertmanagerChannel } from './alertmanager-channel.ts';
import type { Channel, Clock } from './channel.ts';
import type { LoadedChannel } from './config/load-channels.ts';
import { createAddressPolicy } from './http/address-policy.ts';
import type { Resolve } from './http/guarded-lookup.ts';
import { createPost } from './http/post.ts';
import { createSignalsChannel } from './signals-channel.ts';
import { createSlackChannel } from './slack-channel.ts';
import { createWebhookChannel } from './webhook-channel.ts';

export interface ChannelDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  /** For channels of the type `signals`; null: there is none, and such a channel is refused. */
  readonly log: Pick<EventLog, 'append'> | null;
  /** Default: the system's. */
  readonly resolve?: Resolve;
}

/** Makes the channels of a configuration. Opens nothing. `ConfigError` where a channel needs a log and there is none. */
export function createChannels(loaded: readonly LoadedChannel[], dependencies: ChannelDependencies): Channel[] {
  return loaded.map((channel) => createChannel(channel, dependencies));
}

function createChannel({ config, urls, keys, token, ca }: LoadedChannel, dependencies: ChannelDependencies): Channel {
  const { clock, logger, log, resolve } = dependencies;
  const { name, alerts, journeys } = config;
  const accepts: Channel['accepts'] = ({ alert, journey }) =>
    (alerts === undefined || alerts.includes(alert)) && (journeys === undefined || journeys.includes(journey));
  if (config.type === 'signals') {
    if (log !== null) return createSignalsChannel({ name, log, accepts, clock });
    throw new ConfigError([{ where: `channel ${name}`, path: 'type', message: 'signals needs an event log' }]);
  }
  const post = createPost({
    policy: createAddressPolicy(config.allowAddresses),
    connectMsMax: config.connectTimeoutMs,
    wholeMsMax: config.timeoutMs,
    ca,
    ...(resolve === undefined ? {} : { resolve }),
  });
  const common = { name, accepts, post, clock, userAgent: `Michinori/${version}` };
  if (config.type === 'alertmanager')
    return createAlertmanagerChannel({
      ...common,
      peers: urls,
      locale: config.locale,
      resendMs: config.resendMs,
      authorization: token === null ? null : `Bearer ${token}`,
      onPeerFailed: (peer, { reason, detail }) =>
        logger.warn({ channel: name, peer: peer.host, reason, detail }, 'a peer did not take an alert'),
    });
  const url = urls[0];
  if (url === undefined) throw new ConfigError([{ where: `channel ${name}`, path: 'url', message: 'is missing' }]);
  return config.type === 'slack'
    ? createSlackChannel({ ...common, url, locale: config.locale })
    : createWebhookChannel({ ...common, url, keys });
}
