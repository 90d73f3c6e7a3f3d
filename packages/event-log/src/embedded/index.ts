export { type EmbeddedLog, type EmbeddedLogOptions, openEmbeddedLog } from './open.ts';
export type { Retention } from './retention.ts';
export type { TopicSettings } from './topics.ts';
