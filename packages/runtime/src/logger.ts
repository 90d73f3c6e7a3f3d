import pino from 'pino';
import { formatLine } from './log-line.ts';
import { redactFields, redactText } from './redact.ts';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export type Logger = pino.Logger;

export interface LoggerOptions {
  service: string;
  level?: LogLevel;
  /** `json` (default): one object a line. `human`: one readable line; meant for a terminal. */
  format?: 'json' | 'human';
  /** Where lines go; standard output by default. */
  destination?: { write(line: string): unknown };
}

/**
 * The process's logger. Secrets, traits and properties never reach a line, whatever is logged and however deep it is.
 * Writes are synchronous, so that the last line before a crash is not lost.
 */
export function createLogger({ service, level = 'info', format = 'json', destination }: LoggerOptions): Logger {
  const target = destination ?? pino.destination({ fd: 1, sync: true });
  const stream = format === 'human' ? { write: (line: string) => target.write(formatLine(line)) } : target;
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: (value: unknown) => value },
      formatters: {
        level: (label) => ({ level: label }),
        log: redactFields,
        bindings: redactFields,
      },
      hooks: {
        logMethod(args, method) {
          const safe =
            args[0] instanceof Error ? [{ err: args[0] }, args[1] ?? args[0].message, ...args.slice(2)] : args;
          method.apply(this, safe as Parameters<typeof method>);
        },
        streamWrite: redactText,
      },
    },
    stream as pino.DestinationStream,
  );
}

/** A logger that writes nothing; for tests and tools. */
export function createSilentLogger(): Logger {
  return pino({ level: 'silent' });
}
