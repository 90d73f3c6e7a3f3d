import type { Client } from './client.ts';
import { cloudEventsBatchClient, cloudEventsClient, cloudEventsModes } from './cloudevents-client.ts';
import { nativeClient } from './native-client.ts';
import { posthogClient } from './posthog-client.ts';
import { rudderStackClient } from './rudderstack-client.ts';
import { segmentClient } from './segment-client.ts';

/** Every client that is promised to work, each as its vendor ships it. */
export const vendorClients: readonly Client[] = [
  segmentClient,
  rudderStackClient,
  posthogClient,
  ...cloudEventsModes.map(cloudEventsClient),
  cloudEventsBatchClient,
];

export const allClients: readonly Client[] = [nativeClient, ...vendorClients];
