import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { SimulateOptions } from '../demo/world.ts';

const name = 'demo-loading.json';
const marker = z.object({ seed: z.int(), endUs: z.int(), customers: z.int().optional() });

/**
 * Notes in the data folder which demo is being loaded, from before its first event until it is complete and its truth
 * is written: a load that was broken off is recognised at the next start and done again, with the same ids.
 */
export function writeDemoMarker(data: string, simulation: SimulateOptions): void {
  writeFileSync(join(data, name), `${JSON.stringify(simulation)}\n`);
}

export function removeDemoMarker(data: string): void {
  rmSync(join(data, name), { force: true });
}

/** The demo whose load was broken off, if there is one. */
export function readDemoMarker(data: string): SimulateOptions | undefined {
  try {
    const { customers, ...rest } = marker.parse(JSON.parse(readFileSync(join(data, name), 'utf8')));
    return { ...rest, ...(customers === undefined ? {} : { customers }) };
  } catch {
    return undefined;
  }
}
