import { createMetrics } from '@michinori/runtime';
import { filesBelow } from '../architecture/source-tree.ts';

/** A metric as a service makes it; `labels` null where they stand in a constant. */
export interface ExportedMetric {
  kind: 'counter' | 'gauge' | 'histogram';
  labels: readonly string[] | null;
}

const making = /\b(counter|gauge|histogram)\((?:\{\s*name:\s*|\s*)'(michinori_[a-z0-9_]+)'((?:(?!\);\n)[\s\S])*)/g;

function labelsIn(text: string): string[] | null {
  const list = /\blabels: \[([^\]]*)\]/.exec(text);
  if (list === null) return /\blabels\b/.test(text) ? null : [];
  return [...(list[1] ?? '').matchAll(/'([a-z_]+)'/g)].map(([, name = '']) => name);
}

/** Every metric that the sources of services and packages make, and those of Node's client, by name. */
export async function exportedMetrics(): Promise<Map<string, ExportedMetric>> {
  const sources = [...filesBelow('services', ['.ts']), ...filesBelow('packages', ['.ts'])].filter(
    ({ path }) => path.includes('/src/') && !path.startsWith('packages/testing/'),
  );
  const own = sources.flatMap(({ text }) =>
    [...text.matchAll(making)].map(([, kind, name, rest]): [string, ExportedMetric] => [
      name ?? '',
      { kind: kind as ExportedMetric['kind'], labels: labelsIn(rest ?? '') },
    ]),
  );
  const { registry } = createMetrics({ service: 'test', version: '0' });
  const ofNode = (await registry.getMetricsAsJSON()).map(({ name }): [string, ExportedMetric] => [
    name,
    { kind: 'gauge', labels: null },
  ]);
  return new Map([...ofNode, ...own]);
}

/** The series that a metric has: a histogram's have a suffix. */
export function seriesOf(name: string, { kind }: ExportedMetric): string[] {
  return kind === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name];
}
