import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Standalone } from '@michinori/standalone';
import { ask } from '../standalone.ts';

/** Applies the journeys of YAML files over HTTP. */
export async function applyJourneys(standalone: Standalone, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const response = await fetch(`${standalone.url()}/v1/journeys`, {
      method: 'POST',
      body: readFileSync(file),
      headers: { 'content-type': 'text/yaml' },
    });
    if (response.status !== 200 && response.status !== 202)
      throw new Error(`${file}: ${response.status} ${await response.text()}`);
  }
}

/** Records an improvement of a journey, tried on one plan, that came before most of the events of the test. */
export async function recordImprovement(standalone: Standalone, journey: string): Promise<void> {
  const improvement = {
    id: `guide-${journey}`,
    journey,
    title: 'New guide',
    at: '2025-11-01T00:00:00+09:00',
    segment: 'plan:pro',
  };
  const response = await fetch(`${standalone.url()}/v1/improvements`, {
    method: 'POST',
    body: JSON.stringify(improvement),
    headers: { 'content-type': 'application/json' },
  });
  if (!response.ok) throw new Error(`${improvement.id}: ${response.status} ${await response.text()}`);
}

interface Listed {
  readonly version: number;
  readonly activeVersion: number | null;
  readonly progress: number;
}
const isReady = ({ version, activeVersion, progress }: Listed) => version === activeVersion && progress === 1;

/** Resolves when answers about so many journeys come from their newest definitions, and so many improvements can be asked for. */
export async function allReady(standalone: Standalone, journeys: number, improvements: number): Promise<void> {
  for (;;) {
    const { rows } = await ask<Listed>(standalone.url(), '/v1/journeys');
    const recorded = await ask(standalone.url(), '/v1/improvements');
    if (rows.length === journeys && rows.every(isReady) && recorded.rows.length === improvements) return;
    await wait(50);
  }
}
