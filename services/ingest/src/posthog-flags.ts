/** Where PostHog clients ask for feature flags. */
export const posthogFlagPaths = ['/flags', '/decide'] as const;

/** There are no flags here: an answer with none keeps the clients quiet. */
export const noPosthogFlags = {
  flags: {},
  featureFlags: {},
  featureFlagPayloads: {},
  errorsWhileComputingFlags: false,
  config: { enable_collect_everything: true },
  sessionRecording: false,
  surveys: false,
  supportedCompression: ['gzip', 'gzip-js'],
  toolbarParams: {},
  isAuthenticated: false,
  siteApps: [],
} as const;
