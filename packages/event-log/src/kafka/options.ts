import { readFile } from 'node:fs/promises';
import type { TopicSettings } from '../event-log.ts';
import type { KafkaSettings } from '../settings.ts';

/** What the Kafka client has to say, for the log of the process. */
export interface KafkaLogEntry {
  level: 'error' | 'warn' | 'info';
  message: string;
}

/** Something that was measured, for metrics and tests. */
export type KafkaObservation =
  | { what: 'fetched'; topic: string; partition: number; bytes: number }
  | { what: 'produced'; topic: string; partitions: number; records: number; bytes: number }
  | { what: 'joined'; group: string; topic: string; partitions: readonly number[] };

export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** PEM texts. Certificates are always verified. */
export interface KafkaTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
}

export interface KafkaLogOptions {
  /** Addresses `host:port` of some of the brokers. */
  brokers: readonly string[];
  clientId?: string;
  /** Before the logical names, in Kafka only. Default `michinori.`. */
  topicPrefix?: string;
  /** Partitions of every topic but those in `topics`. Default 16. */
  partitions?: number;
  /** Topics that are made differently, by logical name. They are created, or checked, when the log is opened. */
  topics?: Readonly<Record<string, TopicSettings>>;
  /** Copies of every record; `auto` (default): one per broker, at most 3. */
  replication?: 'auto' | number;
  /** Records older than this are dropped by Kafka, consumed or not. Default: none. */
  retentionAgeMsMax?: number;
  /** Bytes per partition beyond which Kafka drops the oldest records, consumed or not. Default: none. */
  retentionBytesMax?: number;
  compression?: 'none' | 'gzip';
  sasl?: KafkaSasl;
  tls?: KafkaTls;
  /** How long an append is tried before it is refused. Default 30 000. */
  appendTimeoutMs?: number;
  /** Bytes of records that may wait before `append` rejects with `log_overloaded`. Default 64 MiB. */
  pendingBytesMax?: number;
  /** Bytes of one record, key included. Default 4 MiB. */
  recordBytesMax?: number;
  /** A member that hasn't been heard of for so long loses its partitions. Default 10 000. */
  sessionTimeoutMs?: number;
  /** How long to wait for a connection, and for answers while the log is opened. Default 5000. */
  connectTimeoutMs?: number;
  onLog?: (entry: KafkaLogEntry) => void;
  observe?: (observation: KafkaObservation) => void;
}

async function pem(text: string): Promise<string> {
  return text.includes('-----BEGIN') ? text : readFile(text, 'utf8');
}

/** Options from settings: files of certificates are read, 0 of a retention means none. */
export async function kafkaOptions(settings: KafkaSettings): Promise<KafkaLogOptions> {
  const { retentionAgeMsMax, retentionBytesMax, sasl, tls, ...same } = settings;
  const { isEnabled, ca, cert, key, servername } = tls;
  return {
    ...same,
    ...(retentionAgeMsMax > 0 ? { retentionAgeMsMax } : {}),
    ...(retentionBytesMax > 0 ? { retentionBytesMax } : {}),
    ...(sasl ? { sasl } : {}),
    ...(isEnabled
      ? {
          tls: {
            ...(ca === undefined ? {} : { ca: await pem(ca) }),
            ...(cert === undefined ? {} : { cert: await pem(cert) }),
            ...(key === undefined ? {} : { key: await pem(key) }),
            ...(servername === undefined ? {} : { servername }),
          },
        }
      : {}),
  };
}
