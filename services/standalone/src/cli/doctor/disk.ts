import { statfs } from 'node:fs/promises';
import type { StandaloneConfig } from '../../config.ts';
import { type Finding, messageOf } from './finding.ts';
import { nearestFolder } from './folder.ts';

const gibibyte = 1024 ** 3;
const freeMin = gibibyte;

/** Whether there is room for what the log may grow to, twice (the tables hold the same events). */
export async function checkDisk({ data, log }: Pick<StandaloneConfig, 'data' | 'log'>): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(nearestFolder(data));
    return judgeDisk(bavail * bsize, log.retentionBytesMax);
  } catch (error) {
    return { check: 'disk', state: 'warning', detail: messageOf(error), mend: 'look at the data folder first' };
  }
}

/** Bytes free, and what the log may grow to (0: without end) → what to think of it. Pure. */
export function judgeDisk(freeBytes: number, logBytesMax: number): Finding {
  const detail = `${(freeBytes / gibibyte).toFixed(1)} GiB free`;
  if (freeBytes < freeMin) {
    const mend = 'free some space: without it ingest refuses events with 503';
    return { check: 'disk', state: 'error', detail, mend };
  }
  if (freeBytes >= Math.max(2 * freeMin, 2 * logBytesMax)) return { check: 'disk', state: 'ok', detail };
  const size = (logBytesMax / gibibyte).toFixed(0);
  const mend = `the log alone may grow to ${size} GiB; lower log.retentionBytesMax or free space`;
  return { check: 'disk', state: 'warning', detail, mend };
}
