export type { TopicSettings } from '../event-log.ts';
export { type EmbeddedLog, type EmbeddedLogOptions, openEmbeddedLog } from './open.ts';
export type { Retention } from './retention.ts';
