import { ingestSettings } from '@michinori/ingest';
import { processorSettings } from '@michinori/processor';
import { queryApiSettings } from '@michinori/query-api';
import { type ConfigSources, type LoadedConfig, loadConfig, logLevels } from '@michinori/runtime';
import { z } from 'zod';

const mebibyte = 1024 * 1024;

/** Settings of the standalone process: its own, and a section per service. */
export const standaloneSettings = z.object({
  /** Folder that holds the log, the tables, keys and states of imports. One process owns it. */
  data: z.string().min(1).default('./data'),
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8080),
  keysFile: z.string().min(1).optional(),
  logLevel: z.enum(logLevels).default('warn'),
  log: z
    .object({
      partitions: z.int().min(1).max(4096).default(1),
      /** Verified records are dropped, oldest first, beyond this size; 0 keeps everything. */
      retentionBytesMax: z
        .int()
        .min(0)
        .default(20 * 1024 * mebibyte),
      /** Verified records older than this are dropped; 0 keeps everything. */
      retentionAgeMsMax: z.int().min(0).default(0),
    })
    .prefault({}),
  clickhouse: z.object({ readers: z.int().min(1).max(16).default(2) }).prefault({}),
  ingest: ingestSettings.prefault({}),
  processor: processorSettings.prefault({}),
  queryApi: queryApiSettings.prefault({}),
});

export type StandaloneConfig = z.output<typeof standaloneSettings>;

/** Reads the configuration: flag over environment over `michinori.yaml` over default. */
export function loadStandaloneConfig(sources: ConfigSources): LoadedConfig<StandaloneConfig> {
  return loadConfig(standaloneSettings, { elsewhere: ['alerter', 'journeys'], ...sources });
}
