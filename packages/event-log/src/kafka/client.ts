import { Kafka, type KafkaConfig, logLevel, type RetryOptions, type SASLOptions } from 'kafkajs';
import type { KafkaLogEntry, KafkaLogOptions } from './options.ts';

const repetitionMs = 10_000;
const messagesMax = 1000;

const levels: Record<number, KafkaLogEntry['level']> = {
  [logLevel.ERROR]: 'error',
  [logLevel.WARN]: 'warn',
  [logLevel.INFO]: 'info',
};

/** How kafkajs is set up: addresses, identity, and where its log goes. It writes nothing by itself. */
export function clientConfig(options: KafkaLogOptions): KafkaConfig {
  const { brokers, clientId = 'michinori', sasl, tls, onLog, connectTimeoutMs = 5000 } = options;
  const { ca, cert, key, servername } = tls ?? {};
  return {
    brokers: [...brokers],
    clientId,
    connectionTimeout: connectTimeoutMs,
    authenticationTimeout: connectTimeoutMs,
    requestTimeout: 30_000,
    ...(sasl ? { sasl: { ...sasl } as SASLOptions } : {}),
    ...(tls
      ? {
          ssl: {
            rejectUnauthorized: true,
            ...(ca === undefined ? {} : { ca: [ca] }),
            ...(cert === undefined ? {} : { cert }),
            ...(key === undefined ? {} : { key }),
            ...(servername === undefined ? {} : { servername }),
          },
        }
      : {}),
    logLevel: onLog ? logLevel.WARN : logLevel.NOTHING,
    logCreator: () => {
      const log = onLog && sparingly(onLog);
      return (entry) => {
        const { message, error } = entry.log;
        const reason = error === undefined || message.includes(String(error)) ? '' : ` (${String(error)})`;
        log?.({ level: levels[entry.level] ?? 'info', message: `kafka ${entry.namespace}: ${message}${reason}` });
      };
    },
  };
}

/** kafkajs with retries of its own, all of them given: its defaults differ when NODE_ENV is "test". */
export function createClient(
  config: KafkaConfig,
  retry: Required<Pick<RetryOptions, 'retries' | 'initialRetryTime'>>,
): Kafka {
  return new Kafka({ ...config, retry: { factor: 0.2, multiplier: 2, maxRetryTime: 2000, ...retry } });
}

/** kafkajs repeats itself for as long as a broker is away: of equal entries one passes every ten seconds, with the number of the others. */
export function sparingly(onLog: (entry: KafkaLogEntry) => void, nowMs: () => number = Date.now) {
  const last = new Map<string, { atMs: number; left: number }>();
  return (entry: KafkaLogEntry): void => {
    const former = last.get(entry.message);
    if (former && nowMs() - former.atMs < repetitionMs) {
      former.left += 1;
      return;
    }
    if (last.size >= messagesMax) last.clear();
    last.set(entry.message, { atMs: nowMs(), left: 0 });
    onLog(
      former && former.left > 0 ? { ...entry, message: `${entry.message} (and ${former.left} times more)` } : entry,
    );
  };
}
