export { createIngestClient, type IngestClient, type IngestClientOptions } from './client.ts';
export type { PropertyValue, TrackedEvent } from './event.ts';
export { type ExitHost, flushOnExit, flushOnHide, type HidingPage } from './flush-on.ts';
export type { IngestFailure } from './judge.ts';
