import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));

/** Compiles the sources of this package, as they are now, to where a plain Node process can import them. */
export async function compileForChildren(): Promise<{ embedded: string; remove: () => void }> {
  const cache = join(packageFolder, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'children-'));
  const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
  const settings = ['--outDir', folder, '--declaration', 'false', '--declarationMap', 'false', '--composite', 'false'];
  const project = ['-p', packageFolder, '--incremental', 'false', '--tsBuildInfoFile', 'null', ...settings];
  execFileSync(process.execPath, [join(typescript, 'bin', 'tsc'), ...project], { stdio: 'pipe' });
  return {
    embedded: pathToFileURL(join(folder, 'embedded', 'index.js')).href,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface Child {
  process: ChildProcess;
  lines: AsyncIterator<string>;
  /** Sends SIGKILL and waits for the end. */
  kill(): Promise<void>;
}

export function startChild(script: string, args: readonly string[], wrapper: readonly string[] = []): Child {
  const file = fileURLToPath(new URL(`./children/${script}`, import.meta.url));
  const [command = process.execPath, ...rest] = [...wrapper, process.execPath, file, ...args];
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr?.resume();
  const ended = once(child, 'exit');
  return {
    process: child,
    lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
