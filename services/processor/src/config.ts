import { clickhouseSettings } from '@michinori/clickhouse';
import { eventLogSettings } from '@michinori/event-log';
import { type ConfigSources, type LoadedConfig, loadConfig, logLevels } from '@michinori/runtime';
import { z } from 'zod';

/** The settings of the processor itself; every limit and duration has its unit in the name. */
export const processorSettings = z.object({
  /** Where health and metrics listen when the processor is a process of its own. */
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8083),
  /** Consumer group: whoever shares it shares the work. */
  group: z.string().min(1).default('michinori-sink'),
  /** Largest batch: one insert, and what one partition holds in memory. */
  batchRecordsMax: z.int().min(1).max(200_000).default(20_000),
  batchBytesMax: z
    .int()
    .min(1024)
    .default(16 * 1024 * 1024),
  /** Batches that are decoded and written at once, over all partitions: with the one above, what bounds memory while ClickHouse is away. */
  sinkBatchesMax: z.int().min(1).max(64).default(4),
  /** Least time between two small batches of a partition, so that records gather in the log meanwhile. */
  lingerMs: z.int().min(0).max(60_000).default(500),
  /** Least time between two rounds of the projector, so that customers who change again are derived once. */
  projectLingerMs: z.int().min(0).max(60_000).default(1_000),
  /** Customers that a round derives at most; a single batch may bring more. */
  projectUnitsMax: z.int().min(1).max(1_000_000).default(50_000),
  /** While this many customers wait to be derived, nothing more is read from the log. */
  projectBacklogUnitsMax: z.int().min(1).default(200_000),
  /** The same for events: few customers can have many, and an active journey that can't be derived makes all of them wait. */
  projectBacklogEventsMax: z.int().min(1).default(5_000_000),
  /** From this many events on a customer or account is derived in a lane of its own. */
  hotEventsMin: z.int().min(1).default(10_000),
  /** Longest time that the size of a hot customer or account alone lets it wait. */
  hotIntervalMsMax: z.int().min(0).default(60_000),
  /** Events whose units a build derives in one statement. */
  buildEventsPerRange: z.int().min(1).default(1_000_000),
  /** How long the former derivation of a journey is kept up to date after it was replaced. */
  retireAfterMs: z.int().min(0).default(60_000),
  /** Longest time between two looks of the builder. */
  buildPollMs: z.int().min(1).default(30_000),
  /** Whether transitions between stages are announced on the topic of signals. */
  signals: z.boolean().default(true),
  /** What happened longer ago is not announced, so that imports and rebuilds don't flood; at most fourteen days. */
  signalsAgeMsMax: z
    .int()
    .min(0)
    .max(14 * 86_400_000)
    .default(86_400_000),
  retryDelayMsMin: z.int().min(1).default(200),
  retryDelayMsMax: z.int().min(1).default(30_000),
  /** Share of the time that the auditor works; 0 switches it off. */
  auditShareMax: z.number().min(0).max(1).default(0.04),
  /** Records that the auditor compares in one go. */
  auditSliceRecordsMax: z.int().min(1).max(1_000_000).default(100_000),
  /** Least pause between two passes of the auditor over the whole log. */
  auditPauseMs: z.int().min(0).default(60_000),
});

export type ProcessorConfig = z.output<typeof processorSettings>;

/** What a processor process reads: its own section and the names that it shares with the other services. */
export const processorProcessSettings = z.object({
  data: z.string().min(1).default('./data'),
  logLevel: z.enum(logLevels).default('info'),
  log: eventLogSettings.prefault({}),
  clickhouse: clickhouseSettings.prefault({}),
  processor: processorSettings.prefault({}),
});

export type ProcessorProcessConfig = z.output<typeof processorProcessSettings>;

const elsewhere = ['alerter', 'ingest', 'journeys', 'keysFile', 'queryApi', 'standalone'];

/** Reads the configuration of a processor process; flags may leave out the section's name (`--port`). */
export function loadProcessorConfig(sources: ConfigSources): LoadedConfig<ProcessorProcessConfig> {
  return loadConfig(processorProcessSettings, { elsewhere, section: 'processor', ...sources });
}
