import { eventLogSettings } from '@michinori/event-log';
import { type ConfigSources, type LoadedConfig, loadConfig, logLevels } from '@michinori/runtime';
import { z } from 'zod';

const KIB = 1024;
const MIB = 1024 * KIB;
const count = z.number().int().min(1);
const durationMs = z.number().int().min(1).max(3_600_000);

/** The settings of ingest itself; every limit and duration has its unit in the name. */
export const ingestSettings = z.object({
  host: z.string().min(1).default('127.0.0.1'),
  port: z.number().int().min(0).max(65_535).default(8081),
  /** Web origins whose pages may post events, or `*`. */
  corsOrigins: z.array(z.string().min(1)).default([]),
  /** Requests that are being read, checked or stored at one time; more are answered 503. */
  inflightRequestsMax: count.default(2000),
  /** The same per API key; more are answered 429. */
  inflightRequestsPerKeyMax: count.default(1500),
  /** Bytes of bodies, as received and inflated, that are held at one time; more are answered 503. */
  inflightBytesMax: count.default(256 * MIB),
  connectionsMax: count.default(10_000),
  headerBytesMax: count.default(16 * KIB),
  headersTimeoutMs: durationMs.default(10_000),
  requestTimeoutMs: durationMs.default(30_000),
  /** Longer than the 60 s of most load balancers, so that they close idle connections first. */
  keepAliveTimeoutMs: durationMs.default(72_000),
  /** How long a request waits for the log before it is answered 503. */
  appendTimeoutMs: durationMs.default(15_000),
  /** How long a stopping process goes on receiving bodies that have begun to arrive. */
  drainBodyTimeoutMs: durationMs.default(5000),
  retryAfterSeconds: count.default(1),
});

export type IngestConfig = z.output<typeof ingestSettings>;

/** What a standing-alone ingest process reads: its own section and the names that it shares with the other services. */
export const ingestProcessSettings = z.object({
  data: z.string().min(1).default('./data'),
  keysFile: z.string().min(1).optional(),
  logLevel: z.enum(logLevels).default('info'),
  log: eventLogSettings.prefault({}),
  ingest: ingestSettings.prefault({}),
});

export type IngestProcessConfig = z.output<typeof ingestProcessSettings>;

const elsewhere = ['alerter', 'clickhouse', 'journeys', 'processor', 'queryApi', 'standalone'];

/** Reads the configuration of an ingest process; flags may leave out the section's name (`--port`). */
export function loadIngestConfig(sources: ConfigSources): LoadedConfig<IngestProcessConfig> {
  return loadConfig(ingestProcessSettings, { elsewhere, section: 'ingest', ...sources });
}
