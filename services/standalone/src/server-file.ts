import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const name = 'server.json';

/** Notes in the data folder at which address the process that owns it answers, for commands that find it taken. */
export function writeServerFile(data: string, url: string): void {
  writeFileSync(join(data, name), `${JSON.stringify({ url })}\n`);
}

export function removeServerFile(data: string): void {
  rmSync(join(data, name), { force: true });
}

/** The address of the process that owns the data folder, if one noted it. */
export function readServerFile(data: string): string | undefined {
  try {
    const { url } = JSON.parse(readFileSync(join(data, name), 'utf8')) as { url?: unknown };
    return typeof url === 'string' ? url : undefined;
  } catch {
    return undefined;
  }
}
