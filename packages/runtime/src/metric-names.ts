import { MichinoriError } from './michinori-error.ts';

export type MetricKind = 'counter' | 'gauge' | 'histogram';

/** The last word of a gauge's or histogram's name: base units of Prometheus, or the thing that is counted. */
export const metricUnits = [
  'seconds',
  'bytes',
  'ratio',
  'info',
  'state',
  'score',
  'events',
  'rows',
  'requests',
  'records',
  'batches',
  'customers',
  'partitions',
  'connections',
  'queries',
] as const;

const grammar = /^michinori(_[a-z][a-z0-9]*){2,}$/;
const personalLabels = new Set([
  'customer',
  'customer_id',
  'anonymous',
  'account',
  'email',
  'user',
  'user_id',
  'ip',
  'id',
  'key',
]);

/**
 * What is wrong with a metric's name, or null. Grammar: `michinori_<noun…>_<unit>`, lower case; counters end in
 * `_total`, everything else in one of `metricUnits`.
 */
export function metricNameFault(name: string, kind: MetricKind): string | null {
  if (!grammar.test(name)) return `"${name}" doesn't follow michinori_<noun>_<unit>`;
  const unit = name.slice(name.lastIndexOf('_') + 1);
  if (kind === 'counter') return unit === 'total' ? null : `the counter "${name}" must end in _total`;
  if (unit === 'total') return `only counters end in _total: "${name}"`;
  return (metricUnits as readonly string[]).includes(unit)
    ? null
    : `"${name}" must end in one of: ${metricUnits.join(', ')}`;
}

/** What is wrong with a label's name, or null: lower case, not reserved by Prometheus, never a person's identity. */
export function labelNameFault(label: string): string | null {
  if (!/^[a-z][a-z0-9_]*$/.test(label) || label === 'le' || label === 'quantile')
    return `"${label}" is not a label name`;
  return personalLabels.has(label) ? `the label "${label}" would have unbounded or personal values` : null;
}

export function assertMetricNames(name: string, kind: MetricKind, labels: readonly string[]): void {
  const nameFault = metricNameFault(name, kind);
  if (nameFault !== null) throw new MichinoriError('metric_name', `Metric: ${nameFault}.`);
  for (const label of labels) {
    const fault = labelNameFault(label);
    if (fault !== null) throw new MichinoriError('metric_label', `Metric ${name}: ${fault}.`);
  }
}
