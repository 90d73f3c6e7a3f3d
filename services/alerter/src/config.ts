import { clickhouseSettings } from '@michinori/clickhouse';
import { type ConfigSources, type LoadedConfig, loadConfig, logLevels } from '@michinori/runtime';
import { z } from 'zod';
import { isSchedule } from './schedule.ts';

const scheduleMessage = 'must be a cron expression, e.g. "* * * * *" for every minute';

/** The settings of the alerter itself; every limit and duration has its unit in the name. */
export const alerterSettings = z.object({
  /** Where health and metrics listen when the alerter is a process of its own. */
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8084),
  /** When the stages are looked at: a cron expression in UTC, five fields, or six with seconds in front. */
  schedule: z.string().refine(isSchedule, scheduleMessage).default('* * * * *'),
  /** Values of a segment that have figures of their own, the largest first; 0: only everybody together. */
  segmentsMax: z.int().min(0).max(500).default(10),
  /** File of the channels that hear of alerts: docs/channels.md. */
  channels: z.string().min(1).optional(),
  /** File or folder of the rules: packages/alerts/docs/rules.md. Without both nothing is evaluated. */
  rules: z.string().min(1).optional(),
  /** Address of the board, for the links in messages. */
  boardUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Series of a rule for one of its segments at most, those with the most visits. */
  seriesMax: z.int().min(1).max(10_000).default(200),
  /** Evaluations of a rule that were missed and are made up for at most, the newest. */
  catchUpMax: z.int().min(1).max(400).default(100),
  /** Without any event received for so long before an evaluation, data is late and nothing is judged. */
  lateAfterMs: z.int().min(1).default(86_400_000),
  /** Whether the health of customers is evaluated: docs/health.md. */
  health: z.boolean().default(true),
  /** When: so many hours after midnight in the time zone of each journey. */
  healthHour: z.int().min(0).max(23).default(3),
  /** Whether a journey whose health was never evaluated gets a history of half a year. */
  healthBackfill: z.boolean().default(true),
  /** Evaluations of a journey's health that were missed and are made up for at most, the newest. */
  healthCatchUpMax: z.int().min(1).max(400).default(7),
  /** Limits of one question in the store. */
  queryTimeMsMax: z.int().min(1).default(30_000),
  queryMemoryBytesMax: z
    .int()
    .min(1024 * 1024)
    .default(4 * 1024 ** 3),
});

export type AlerterConfig = z.output<typeof alerterSettings>;

/** What an alerter process reads: its own section and the names that it shares with the other services. */
export const alerterProcessSettings = z.object({
  data: z.string().min(1).default('./data'),
  logLevel: z.enum(logLevels).default('info'),
  clickhouse: clickhouseSettings.prefault({}),
  alerter: alerterSettings.prefault({}),
});

export type AlerterProcessConfig = z.output<typeof alerterProcessSettings>;

const elsewhere = ['ingest', 'journeys', 'keysFile', 'log', 'processor', 'queryApi', 'standalone'];

/** Reads the configuration of an alerter process; flags may leave out the section's name (`--port`). */
export function loadAlerterConfig(sources: ConfigSources): LoadedConfig<AlerterProcessConfig> {
  return loadConfig(alerterProcessSettings, { elsewhere, section: 'alerter', ...sources });
}
