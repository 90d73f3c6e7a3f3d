import { alerterService } from '@michinori/alerter';
import { ingestService } from '@michinori/ingest';
import { processorService } from '@michinori/processor';
import { queryApiService } from '@michinori/query-api';
import { runService, type ServiceInput, type ServiceProcess } from '@michinori/runtime';
import type { Command } from 'commander';
import type { Io } from './io.ts';

/** The services as commands; each is also a program of its own, its `dist/main.js`. */
const services: { name: string; what: string; run: (input: ServiceInput) => Promise<number> }[] = [
  { name: 'ingest', what: 'HTTP → event log', run: (input) => runService(ingestService, input) },
  { name: 'processor', what: 'event log → tables', run: (input) => runService(processorService, input) },
  { name: 'query-api', what: 'HTTP → answers', run: (input) => runService(queryApiService, input) },
  { name: 'alerter', what: 'clock → drop-off as metrics', run: (input) => runService(alerterService, input) },
];

/** Options that are given to every command, and that a service reads itself. */
const common = ['data', 'config', 'log-level'] as const;

/** `ingest`, `processor`, `query-api` and `alerter`: one service as this process. Any other option is a setting of the service. */
export function addServiceCommands(program: Command, io: Io, end: (exitCode: number) => void): void {
  for (const { name, what, run } of services) {
    program
      .command(name)
      .description(`run one service: ${what}`)
      .allowUnknownOption()
      .allowExcessArguments()
      .addHelpText('after', `\nEvery setting is an option, e.g. --port; all of them: michinori ${name} --print-config`)
      .action(async (_flags: unknown, { args }: Command) => {
        const argv = [...commonFlags(program.opts()), ...args];
        end(await run({ argv, env: io.env, process: processOf(io) }));
      });
  }
}

function commonFlags(given: Readonly<Record<string, unknown>>): string[] {
  const texts = common.flatMap((name) => {
    const value = given[name.replace('-l', 'L')];
    return typeof value === 'string' ? [`--${name}=${value}`] : [];
  });
  return given.printConfig === true ? [...texts, '--print-config'] : texts;
}

/** The outside of a command as a service sees it: told to stop in one way, and its exit code is the command's. */
function processOf(io: Io): ServiceProcess {
  return {
    stdout: { write: io.out, isTTY: io.isInteractive },
    stderr: { write: io.err },
    on: (event, listener) => event === 'SIGTERM' && io.onStop(listener),
    off: () => {},
    exit: () => {},
  };
}
