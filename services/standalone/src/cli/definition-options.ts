import type { Command } from 'commander';
import type { StandaloneConfig } from '../config.ts';
import { type ApplyAlertsFlags, applyAlerts, listAlerts, removeAlert, showAlert } from './alerts-command.ts';
import { addImprovement, type ImprovementFlags, listImprovements } from './improvement-command.ts';
import type { Io } from './io.ts';
import { type ApiFlags, type ApplyFlags, applyJourneys, listJourneys, validateJourneys } from './journey-command.ts';
import { rebuildCommand } from './rebuild-command.ts';

/** Runs the work of a command with the configuration. */
export type Act = (work: (loaded: { config: StandaloneConfig }) => number | Promise<number>) => void | Promise<void>;

/** `journey`, `improvement`, `alerts` and `rebuild`. */
export function addDefinitionCommands(program: Command, io: Io, act: Act): void {
  const journey = program.command('journey').description('journeys: stages, how they are entered, what ends a visit');
  journey
    .command('validate <file...>')
    .description('check YAML files and draw what they say; needs nothing else')
    .option('--json', 'machine-readable result', false)
    .action((files: string[], flags: { json: boolean }) => act(() => validateJourneys(io, files, flags)));
  waitOption(apiOptions(journey.command('apply <file...>')))
    .description('apply new journeys or new versions, and wait until answers come from them')
    .action((files: string[], flags: ApplyFlags) => act(({ config }) => applyJourneys(io, config, files, flags)));
  apiOptions(journey.command('list'))
    .description('show the journeys, and how far their derivation is')
    .action((flags: ApiFlags) => act(({ config }) => listJourneys(io, config, flags)));

  const improvement = program
    .command('improvement')
    .description('what was changed, so that its effect can be measured');
  apiOptions(improvement.command('add'))
    .description('record an improvement')
    .requiredOption('--journey <id>', 'journey that it is about')
    .requiredOption('--title <text>', 'what was changed')
    .requiredOption('--at <time>', 'since when, e.g. 2026-04-06T00:00:00+09:00')
    .option('--stage <id>', 'stage that it is about (default: all)')
    .option('--segment <segment>', 'whom it was tried on, e.g. plan:pro (default: everybody)')
    .option('--owner <text>', 'who is in charge')
    .option('--hypothesis <text>', 'what it should do')
    .option('--due <time>', 'until when an effect is expected')
    .option('--id <id>', 'of an improvement that it replaces, or of your choice (default: random)')
    .action((flags: ImprovementFlags) => act(({ config }) => addImprovement(io, config, flags)));
  apiOptions(improvement.command('list'))
    .description('show the improvements')
    .option('--journey <id>', 'only those of this journey')
    .action((flags: ApiFlags & { journey?: string }) => act(({ config }) => listImprovements(io, config, flags)));

  const alerts = program.command('alerts').description('rules of alerts: what is watched, and who is told');
  apiOptions(alerts.command('list'))
    .description('show the rules, where they come from, and what is wrong with them')
    .action((flags: ApiFlags) => act(({ config }) => listAlerts(io, config, flags)));
  apiOptions(alerts.command('apply <file...>'))
    .description('apply the rules of YAML files; another one of the same id takes its place')
    .option('--dry-run', 'check them against the journeys, and change nothing', false)
    .action((files: string[], flags: ApplyAlertsFlags) => act(({ config }) => applyAlerts(io, config, files, flags)));
  apiOptions(alerts.command('remove <id>'))
    .description('take a rule away that was applied; its alarms end')
    .action((id: string, flags: ApiFlags) => act(({ config }) => removeAlert(io, config, id, flags)));
  apiOptions(alerts.command('show <id>'))
    .description('show a rule and its series as of the last evaluation')
    .action((id: string, flags: ApiFlags) => act(({ config }) => showAlert(io, config, id, flags)));

  waitOption(apiOptions(program.command('rebuild [journey]')))
    .description('derive a journey, or all of them, anew from the events')
    .action((id: string | undefined, flags: ApplyFlags) => act(({ config }) => rebuildCommand(io, config, id, flags)));
}

/** Options of a command that asks the query API. */
export function apiOptions(command: Command): Command {
  return command
    .option('--url <url>', 'use a running query API instead of the data folder')
    .option('--key <key>', 'API key, with the scope admin to change something')
    .option('--json', 'machine-readable result', false);
}

function waitOption(command: Command): Command {
  return command.option('--no-wait', "don't wait for the derivation");
}
