import { alerterSettings } from '@michinori/alerter';
import { clickhouseSettings } from '@michinori/clickhouse';
import { eventLogSettings } from '@michinori/event-log';
import { ingestSettings } from '@michinori/ingest';
import { processorSettings } from '@michinori/processor';
import { queryApiSettings } from '@michinori/query-api';
import { type ConfigSources, type LoadedConfig, loadConfig, logLevels } from '@michinori/runtime';
import { z } from 'zod';

/** Settings of the standalone process: its own, and a section per service. */
export const standaloneSettings = z.object({
  /** Folder that holds the log, the tables, keys and states of imports. One process owns it. */
  data: z.string().min(1).default('./data'),
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8080),
  keysFile: z.string().min(1).optional(),
  logLevel: z.enum(logLevels).default('warn'),
  /** With brokers the log is on Kafka instead of the data folder. */
  log: eventLogSettings.prefault({}),
  /** With an address the tables are on a server instead of the data folder. */
  clickhouse: clickhouseSettings.prefault({}),
  ingest: ingestSettings.prefault({}),
  processor: processorSettings.prefault({}),
  queryApi: queryApiSettings.prefault({}),
  alerter: alerterSettings.prefault({}),
});

export type StandaloneConfig = z.output<typeof standaloneSettings>;

/** Reads the configuration: flag over environment over `michinori.yaml` over default. */
export function loadStandaloneConfig(sources: ConfigSources): LoadedConfig<StandaloneConfig> {
  return loadConfig(standaloneSettings, { elsewhere: ['journeys'], ...sources });
}
