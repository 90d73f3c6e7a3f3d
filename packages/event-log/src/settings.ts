import { z } from 'zod';

const mebibyte = 1024 * 1024;
const dayMs = 86_400_000;

const saslSettings = z.object({
  mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']),
  username: z.string().min(1),
  password: z.string().min(1).meta({ secret: true }),
});

/** PEM texts, or the names of files that hold them: what doesn't contain `-----BEGIN` is a file. */
const tlsSettings = z.object({
  isEnabled: z.boolean().default(false),
  /** Whom to trust instead of the authorities that Node knows. */
  ca: z.string().min(1).optional(),
  /** Certificate and key of this client, where the brokers ask for them. */
  cert: z.string().min(1).optional(),
  key: z.string().min(1).meta({ secret: true }).optional(),
  /** The name that the brokers' certificate has to carry; default: the name of the broker that is connected to. */
  servername: z.string().min(1).optional(),
});

const kafkaSettings = z.object({
  /** Addresses `host:port`. If there are any the log is on Kafka, else in the data folder. */
  brokers: z.array(z.string().regex(/^[^\s:]+:\d{1,5}$/, 'must be host:port')).default([]),
  clientId: z.string().min(1).default('michinori'),
  topicPrefix: z
    .string()
    .regex(/^[A-Za-z0-9._-]{0,50}$/)
    .default('michinori.'),
  /** Partitions of topics that have no number of their own. They can't be changed later without mixing up the order of keys. */
  partitions: z.int().min(1).max(4096).default(16),
  /** Copies of every record; `auto`: one per broker, at most 3. */
  replication: z.union([z.literal('auto'), z.coerce.number().int().min(1).max(9)]).default('auto'),
  /** Records older than this are dropped by Kafka, consumed or not; 0 keeps everything. */
  retentionAgeMsMax: z
    .int()
    .min(0)
    .default(30 * dayMs),
  /** Bytes per partition beyond which Kafka drops the oldest records, consumed or not; 0 is no limit. */
  retentionBytesMax: z.int().min(0).default(0),
  compression: z.enum(['none', 'gzip']).default('none'),
  /** How long an append is tried before it is refused. */
  appendTimeoutMs: z.int().min(100).max(600_000).default(30_000),
  /** A member that hasn't been heard of for so long loses its partitions. The brokers bound it: 6 s to 30 min by default. */
  sessionTimeoutMs: z.int().min(1000).max(1_800_000).default(10_000),
  sasl: saslSettings.optional(),
  tls: tlsSettings.prefault({}),
});

/** Settings of the event log, below `log` in the configuration of every service that has one. */
export const eventLogSettings = z.object({
  /** Partitions of topics of the embedded log that have no number of their own. Fixed when the folder is first used. */
  partitions: z.int().min(1).max(4096).default(1),
  /** Embedded: verified records are dropped, oldest first, beyond this size; 0 keeps everything. */
  retentionBytesMax: z
    .int()
    .min(0)
    .default(20 * 1024 * mebibyte),
  /** Embedded: verified records older than this are dropped; 0 keeps everything. */
  retentionAgeMsMax: z.int().min(0).default(0),
  kafka: kafkaSettings.prefault({}),
});

export type EventLogSettings = z.output<typeof eventLogSettings>;
export type KafkaSettings = EventLogSettings['kafka'];
