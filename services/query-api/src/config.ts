import { clickhouseSettings } from '@michinori/clickhouse';
import { eventLogSettings } from '@michinori/event-log';
import { type ConfigSources, type LoadedConfig, loadConfig, logLevels } from '@michinori/runtime';
import { z } from 'zod';

/** The settings of the query API itself, below `queryApi` in the configuration; limits have their unit in the name. */
export const queryApiSettings = z.object({
  /** Where the query API listens when it is a process of its own. */
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8082),
  /** Questions that run at once; embedded, as many as there are reader connections. */
  runningMax: z.int().min(1).max(64).default(4),
  /** Questions that may wait for a place before others are turned away with 503. */
  waitingMax: z.int().min(0).max(10_000).default(64),
  /** Largest body of a question. */
  bodyBytesMax: z.int().min(1024).default(262_144),
  /** Limits of one question in the store. */
  queryTimeMsMax: z.int().min(1).default(30_000),
  queryMemoryBytesMax: z
    .int()
    .min(1024 * 1024)
    .default(4 * 1024 ** 3),
});

export type QueryApiConfig = z.output<typeof queryApiSettings>;

/** What a query API process reads: its own section and the names that it shares with the other services. */
export const queryApiProcessSettings = z.object({
  data: z.string().min(1).default('./data'),
  keysFile: z.string().min(1).optional(),
  logLevel: z.enum(logLevels).default('info'),
  /** With `log.kafka.brokers` definitions can be written; without, they are only seen. */
  log: eventLogSettings.prefault({}),
  clickhouse: clickhouseSettings.prefault({}),
  queryApi: queryApiSettings.prefault({}),
});

export type QueryApiProcessConfig = z.output<typeof queryApiProcessSettings>;

const elsewhere = ['alerter', 'ingest', 'journeys', 'processor', 'standalone'];

/** Reads the configuration of a query API process; flags may leave out the section's name (`--port`). */
export function loadQueryApiConfig(sources: ConfigSources): LoadedConfig<QueryApiProcessConfig> {
  return loadConfig(queryApiProcessSettings, { elsewhere, section: 'queryApi', ...sources });
}
