import { printConfig } from '@michinori/runtime';
import { Command, InvalidArgumentError, Option } from 'commander';
import { demoDefaults } from '../demo/world.ts';
import { version } from '../version.ts';
import { addBacktestOptions, type BacktestFlags, backtestCommand } from './backtest-command.ts';
import { addDefinitionCommands } from './definition-options.ts';
import { type DemoFlags, demoCommand } from './demo-command.ts';
import { type DevFlags, devCommand } from './dev-command.ts';
import { doctorCommand } from './doctor/doctor-command.ts';
import { addExportOptions, type ExportFlags, exportCommand } from './export-command.ts';
import { addFunnelOptions, type FunnelFlags, funnelCommand } from './funnel-command.ts';
import { addGrafanaCommands } from './grafana/grafana-command.ts';
import { addHealthCommands } from './health-command.ts';
import { type ImportFlags, importCommand } from './import-command.ts';
import type { Io } from './io.ts';
import { createKeyCommand, listKeysCommand, revokeKeyCommand } from './keys-command.ts';
import { migrateCommand } from './migrate-command.ts';
import { readConfig } from './read-config.ts';
import { addServiceCommands } from './service-commands.ts';
import { topicsCommand } from './topics-command.ts';

const collect = (value: string, before: string[]): string[] => [...before, value];
const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It is a whole number from ${min} to ${max}.`);
  };

/**
 * The command line. Every command gets its exit code through `end`.
 *
 * @param end called once with the exit code of the command that ran
 */
export function createProgram(io: Io, end: (exitCode: number) => void): Command {
  const program = new Command('michinori')
    .description('Customer journeys, measured: event log, tables and questions.')
    .version(version)
    .option('--data <folder>', 'folder of the log, tables and keys (default ./data)')
    .option('--config <file>', 'configuration (default michinori.yaml, if there is one)')
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent')
    .option('--print-config', 'print the configuration with its sources, secrets masked, and do nothing')
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .exitOverride();

  /** Reads the configuration for a command and runs it, unless only the configuration is asked for. */
  const act = (
    work: (loaded: ReturnType<typeof readConfig>) => number | Promise<number>,
    own: Record<string, unknown> = {},
  ) => {
    const { printConfig: isPrintOnly, data, config, logLevel } = program.opts();
    const loaded = readConfig(io, { data, config, logLevel, ...own });
    if (isPrintOnly === true) {
      io.out(printConfig(loaded));
      return end(0);
    }
    return Promise.resolve(work(loaded)).then(end);
  };

  addDemoOptions(program.command('dev'))
    .description('run everything in one process (npm start)')
    .option('--port <port>', 'port for everything (default 8080)')
    .option('--host <address>', 'address to listen on (default 127.0.0.1)')
    .option('--no-demo', "don't fill an empty data folder with demo data")
    .action(({ port, host, ...flags }: DevFlags & { port?: string; host?: string }) =>
      act(({ config }) => devCommand(io, config, flags), { port, host }),
    );

  addServiceCommands(program, io, end);

  program
    .command('import <file...>')
    .description('import CSV, NDJSON, Parquet or XES (also gzipped): resumable, repeatable')
    .option(
      '--map <field=column>',
      'column that fills a field, e.g. customer=case_id or property.amount=AMOUNT',
      collect,
      [],
    )
    .option('--set <field=value>', 'fixed value of a field, e.g. channel=branch', collect, [])
    .option('--unmapped <what>', 'other columns become "properties" (default), or "ignore" them')
    .option('--timezone <zone>', 'zone of times without an offset, e.g. Europe/Amsterdam')
    .option('--format <format>', 'csv, ndjson, parquet or xes (default: by the name of the file)')
    .option('--delimiter <character>', 'of CSV (default: comma, semicolon or tab)')
    .option('--dry-run', 'read and judge everything, show the first rows and problems, write nothing', false)
    .option('--again', 'begin at the first row although the file was imported before', false)
    .option('--to <url>', 'send to a running ingest instead of the data folder')
    .option('--key <key>', 'API key for --to')
    .option('--json', 'machine-readable result', false)
    .action((files: string[], flags: ImportFlags) => act(({ config }) => importCommand(io, config, files, flags)));

  addBacktestOptions(program.command('backtest <alert>')).action((alert: string, flags: BacktestFlags) =>
    act(({ config }) => backtestCommand(io, config, alert, flags)),
  );

  addFunnelOptions(program.command('funnel [touchpoint...]')).action((touchpoints: string[], flags: FunnelFlags) =>
    act(({ config }) => funnelCommand(io, config, touchpoints, flags)),
  );

  addExportOptions(program.command('export <what>')).action((what: string, flags: ExportFlags) =>
    act(({ config }) => exportCommand(io, config, what, flags)),
  );

  addDefinitionCommands(program, io, act);
  addHealthCommands(program, io, act);
  addGrafanaCommands(program, io, act);

  addDemoOptions(program.command('demo'))
    .description('add the demo data to the data folder')
    .option('--json', 'machine-readable result', false)
    .action((flags: DemoFlags) => act(({ config }) => demoCommand(io, config, flags)));

  program
    .command('doctor')
    .description('look at everything that this deployment needs, and say how to mend what is broken')
    .option('--json', 'machine-readable result', false)
    .option('--port <port>', 'port that the process is to use')
    .option('--host <address>', 'address that the process is to use')
    .action(({ port, host, json }: { port?: string; host?: string; json: boolean }) =>
      act((loaded) => doctorCommand(io, loaded, { json }), { port, host }),
    );

  program
    .command('migrate')
    .description('bring the tables to this version (dev does it by itself)')
    .option('--json', 'machine-readable result', false)
    .action((flags: { json: boolean }) => act(({ config }) => migrateCommand(io, config, flags)));

  program
    .command('topics')
    .description('make the topics on Kafka, and compare those that exist with the settings')
    .option('--json', 'machine-readable result', false)
    .action((flags: { json: boolean }) => act(({ config }) => topicsCommand(io, config, flags)));

  const keys = program.command('keys').description('API keys');
  keys
    .command('create')
    .description('make a key; it is shown once')
    .requiredOption('--scope <scope>', 'ingest, query or admin (repeatable, or with commas)', collect, [])
    .option('--name <name>', 'what it is for', 'unnamed')
    .option('--json', 'machine-readable result', false)
    .action((flags: { name: string; scope: string[]; json: boolean }) =>
      act(({ config }) => createKeyCommand(io, config, flags)),
    );
  keys
    .command('list')
    .description('show the keys, without their secrets')
    .option('--json', 'machine-readable result', false)
    .action((flags: { json: boolean }) => act(({ config }) => listKeysCommand(io, config, flags)));
  keys
    .command('revoke <prefix>')
    .description('make a key invalid')
    .option('--json', 'machine-readable result', false)
    .action((prefix: string, flags: { json: boolean }) =>
      act(({ config }) => revokeKeyCommand(io, config, prefix, flags)),
    );
  return program;
}

function addDemoOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--seed <number>', 'another seed is another company')
        .argParser(wholeNumber(0, Number.MAX_SAFE_INTEGER))
        .default(demoDefaults.seed),
    )
    .addOption(
      new Option('--customers <number>', 'how many identified customers')
        .argParser(wholeNumber(1, 100_000))
        .default(5_000),
    );
}
