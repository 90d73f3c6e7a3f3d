import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMetrics } from '@michinori/runtime';
import { describe, expect, it } from 'vitest';
import { createAlerterMetrics } from '../src/alerter-metrics.ts';
import { channelTypes, knownKeys } from '../src/channels/config/channel-schema.ts';
import { alerterSettings, createDeliveryMetrics, deliveryReasons } from '../src/index.ts';
import { createAlertingMetrics } from '../src/rules/alerting-metrics.ts';

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
    createAlertingMetrics(metrics);
    const deliveries = createDeliveryMetrics(metrics, ['c']);
    deliveries.showAlerts(new Map([['a', true]]));
    deliveries.delayed('c', 1);
    const { text } = await metrics.exposition();
    const existing = [...text.matchAll(/^# TYPE (\w+) /gm)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'michinori_build_info')
      .map((name) => {
        const labels = new RegExp(`^${name}(?:_count)?\\{(.*)\\}`, 'm').exec(text)?.[1] ?? '';
        return [name, [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label).join(', ') || '–'];
      });
    const listed = [...read('docs', 'metrics.md').matchAll(/^\| `(\w+)` +\| ([^|]+?) +\|/gm)];
    expect(Object.fromEntries(listed.map(([, name, labels]) => [name, labels]))).toEqual(Object.fromEntries(existing));
  });
});

describe('docs/channels.md', () => {
  const page = read('docs', 'channels.md');
  const rows = [...page.matchAll(/^\| `(\w+)` +\| ([^|]+?) +\| ([^|]+?) +\|/gm)].map(([, ...cells]) => cells);

  it('lists exactly the reasons that exist, with what follows', () => {
    const listed = rows.flatMap(([name = '', follows = '']) =>
      /^(retry|refused)$/.test(follows) ? [[name, follows]] : [],
    );
    const existing = Object.entries(deliveryReasons).map(([name, { follows }]) => [name, follows]);
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(existing));
  });

  it('and the source gives exactly these', () => {
    const folder = join(import.meta.dirname, '..', 'src');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('delivery-reasons.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    const unused = Object.keys(deliveryReasons).filter((reason) => !sources.includes(`'${reason}'`));
    expect(unused).toEqual([]);
  });

  it('lists exactly the settings that exist, with the types that have them', () => {
    const listed = rows.flatMap(([name = '', of = '']) => (/^(retry|refused)$/.test(of) ? [] : [[name, of]]));
    const names = [...new Set(channelTypes.flatMap(knownKeys))];
    const existing = names.map((name) => {
      const types = channelTypes.filter((type) => knownKeys(type).includes(name));
      return [name, types.length === channelTypes.length ? 'all' : types.join(', ')];
    });
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(existing));
  });
});
