import { existsSync } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Finding, messageOf } from './finding.ts';

/** The folder itself, or the nearest one above it that exists. */
export function nearestFolder(path: string): string {
  const absolute = resolve(path);
  return existsSync(absolute) || dirname(absolute) === absolute ? absolute : nearestFolder(dirname(absolute));
}

/** Whether the data folder can be used, or made. Makes nothing. */
export async function checkFolder(data: string): Promise<Finding> {
  const mend = 'name a folder that this user may write to: --data DIR';
  const nearest = nearestFolder(data);
  try {
    if (!(await stat(nearest)).isDirectory())
      return { check: 'data folder', state: 'error', detail: `${nearest} is not a folder`, mend };
    await access(nearest, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    return { check: 'data folder', state: 'error', detail: `${data}: ${messageOf(error)}`, mend };
  }
  const isNew = nearest !== resolve(data);
  return { check: 'data folder', state: 'ok', detail: isNew ? `${data} does not exist yet and can be made` : data };
}
