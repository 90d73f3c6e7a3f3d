import { ClickHouseError } from '@michinori/clickhouse';
import { EventLogError } from '@michinori/event-log';
import { QuestionError } from '@michinori/query-api';
import { ConfigError, exitCodes, MichinoriError } from '@michinori/runtime';
import { CommanderError } from 'commander';
import type { Io } from './io.ts';
import { createProgram } from './program.ts';
import { UsageError } from './usage-error.ts';

/** Runs one command. Exit code 0 done, 1 failed, 2 usage, 78 configuration (BSD sysexits EX_CONFIG). Never rejects. */
export async function runCommandLine(io: Io, argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  if (argv.length === 0) {
    program.outputHelp();
    return exitCodes.ok;
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(io, error);
  }
}

function report(io: Io, error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof QuestionError) {
    const lines = error.errors.map(({ pointer, message }) => `${pointer || '/'} ${message}`);
    io.err(`${lines.length === 0 ? error.message : lines.join('\n')}\n`);
    return exitCodes.usage;
  }
  const message = error instanceof Error ? error.message : String(error);
  const isKnown = [MichinoriError, EventLogError, ClickHouseError, ConfigError, UsageError].some(
    (kind) => error instanceof kind,
  );
  io.err(`${isKnown ? message : (error instanceof Error && error.stack) || message}\n`);
  if (error instanceof UsageError) return exitCodes.usage;
  if (error instanceof ConfigError) return exitCodes.configuration;
  return exitCodes.failure;
}
