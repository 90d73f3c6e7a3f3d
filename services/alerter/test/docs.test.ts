import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMetrics } from '@michinori/runtime';
import { describe, expect, it } from 'vitest';
import { createAlerterMetrics } from '../src/alerter-metrics.ts';
import { alerterSettings } from '../src/index.ts';

const read = (...path: string[]) => readFileSync(join(import.meta.dirname, '..', ...path), 'utf8');

describe('README.md', () => {
  it('lists exactly the settings that exist, with their defaults', () => {
    const rows = [...read('README.md').matchAll(/^\| `([a-zA-Z]+)` +\| `([^`]+)` /gm)];
    const defaults = Object.entries(alerterSettings.parse({})).map(([name, value]) => [name, String(value)]);
    expect(Object.fromEntries(rows.map(([, name, text]) => [name, text]))).toEqual(Object.fromEntries(defaults));
  });
});

describe('docs/metrics.md', () => {
  it('lists exactly the metrics that exist, with their labels', async () => {
    const metrics = createMetrics({ service: 'alerter', version: '0', withProcessMetrics: false });
    createAlerterMetrics(metrics).showStages([
      {
        ...{ journey: 'j', stage: 's', segment: '', state: 'ok', entered: 1 },
        ...{ dropOffRate: 0, dropOffLo: 0, dropOffHi: 1, dropOffEstimate: 0 },
      },
    ]);
    const { text } = await metrics.exposition();
    const existing = [...text.matchAll(/^# TYPE (\w+) /gm)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'michinori_build_info')
      .map((name) => {
        const labels = new RegExp(`^${name}\\{(.*)\\}`, 'm').exec(text)?.[1] ?? '';
        return [name, [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label).join(', ') || '–'];
      });
    const listed = [...read('docs', 'metrics.md').matchAll(/^\| `(\w+)` +\| ([^|]+?) +\|/gm)];
    expect(Object.fromEntries(listed.map(([, name, labels]) => [name, labels]))).toEqual(Object.fromEntries(existing));
  });
});
