import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const keeper = fileURLToPath(new URL('../bin/keeper.mjs', import.meta.url));

/** A process that ends with this one, however this one ends. */
export interface KeptProcess {
  /** Whether it has ended. */
  hasExited(): boolean;
  /** Sends a signal; does nothing once it has ended. */
  signal(name: NodeJS.Signals): void;
  /** Resolves when it has ended, with its exit code; 128 and more after a signal. */
  readonly exited: Promise<number>;
}

/** What to run. */
export interface KeptCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** The file that its output is appended to. */
  readonly logFile: string;
  /** All of its environment; by default that of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** A folder to remove if this process dies without having ended it. */
  readonly temporaryFolder?: string;
}

/** Starts a command under a keeper, which kills it as soon as this process is gone, also after `kill -9`. */
export function startKept({ command, args, logFile, env, temporaryFolder }: KeptCommand): KeptProcess {
  const output = openSync(logFile, 'a');
  const child = spawn(process.execPath, [keeper, temporaryFolder ?? '', command, ...args], {
    stdio: ['pipe', output, output],
    // A group of its own: ^C in the terminal reaches this process, which then ends the other in order.
    detached: true,
    ...(env && { env }),
  });
  closeSync(output);
  let ended = false;
  const exited = once(child, 'exit').then(([code]) => {
    ended = true;
    return typeof code === 'number' ? code : 137;
  });
  const { stdin } = child;
  stdin?.on('error', () => {});
  return {
    hasExited: () => ended,
    signal(name) {
      if (!ended) stdin?.write(`${name}\n`);
    },
    exited,
  };
}
