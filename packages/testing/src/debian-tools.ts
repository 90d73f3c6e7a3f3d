import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withLockFile } from './lock-file.ts';

const execute = promisify(execFile);
const cache = fileURLToPath(new URL('../../../node_modules/.cache/michinori/debian', import.meta.url));
const downloadMsMax = 300_000;

/** The root of an unpacked package, or why there is none. */
export type DebianTools =
  | { readonly outcome: 'ready'; readonly folder: string }
  | { readonly outcome: 'unavailable'; readonly reason: string };

async function download(name: string, folder: string): Promise<string | null> {
  const building = await mkdtemp(`${folder}.`);
  try {
    await execute('apt-get', ['download', name], { cwd: building, timeout: downloadMsMax });
    const archive = (await readdir(building)).find((file) => file.endsWith('.deb'));
    if (archive === undefined) return `apt-get downloaded no package ${name}`;
    const root = join(building, 'root');
    await execute('dpkg-deb', ['--extract', join(building, archive), root], { timeout: downloadMsMax });
    await rename(root, folder);
    return null;
  } catch (error) {
    if (existsSync(folder)) return null;
    const { code, stderr = '', message } = error as { code?: unknown; stderr?: string; message: string };
    if (code === 'ENOENT') return 'this is no Debian';
    const line = stderr.split('\n').find((each) => each.startsWith('E:')) ?? message.split('\n')[0];
    return `apt-get couldn't fetch ${name}: ${line}`;
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

/**
 * A package of Debian, downloaded with apt at the first use and unpacked below `node_modules`; nothing is installed, and no right is needed. Safe
 * to call from many processes at once.
 */
export async function debianTools(name: string): Promise<DebianTools> {
  const folder = join(cache, name);
  if (existsSync(folder)) return { outcome: 'ready', folder };
  await mkdir(dirname(folder), { recursive: true });
  const reason = await withLockFile(`${folder}.lock`, downloadMsMax, async () =>
    existsSync(folder) ? null : download(name, folder),
  );
  return reason === null ? { outcome: 'ready', folder } : { outcome: 'unavailable', reason };
}
