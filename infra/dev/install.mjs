// Installs what the lock file says, with pnpm through npx, unless that has been done already. Needs Node and npm only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

const pnpm = 'pnpm@12.21.0';
const stamp = join(root, 'node_modules', '.installed');

/** Stops with a sentence if this Node is older than the oldest one that is supported (20.19). */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Michinori needs Node 20.19 or newer; this is ${process.versions.node} (${process.execPath}).`);
  process.exit(78);
}

/** Runs a command in the root folder with its output shown; ends this process with its exit code if it fails. */
export function run(command, args, options = {}) {
  const windows = process.platform === 'win32';
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: windows, ...options });
  if (result.error) console.error(`${command} could not be started: ${result.error.message}`);
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** Brings `node_modules` to what `pnpm-lock.yaml` says. No dependency runs a script of its own. */
export function install() {
  requireNode();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()) return;
  console.log(`Installing dependencies with ${pnpm} …`);
  run('npx', ['-y', pnpm, 'install', '--frozen-lockfile', '--ignore-scripts', '--reporter=append-only']);
  writeFileSync(stamp, fingerprint());
}

/** Compiles the workspace and builds the board; both skip what is up to date. */
export function build() {
  run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b']);
  run(process.execPath, [join(root, 'packages', 'board', 'build.mjs')]);
}

function fingerprint() {
  const hash = createHash('sha256');
  const workspaces = ['packages', 'services'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name, 'package.json')),
  );
  const single = [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    'dashboards/package.json',
    'test/package.json',
  ];
  for (const file of [...single, ...workspaces]) {
    const path = join(root, file);
    if (existsSync(path)) hash.update(file).update(readFileSync(path));
  }
  return `${process.versions.modules} ${hash.digest('hex')}\n`;
}
