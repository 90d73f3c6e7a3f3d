import { type ExportedMetric, seriesOf } from '../../../test/infra/exported-metrics.ts';
import { parsePromQl } from '../../../test/infra/promql.ts';
import { type DashboardFile, prometheusType, targetsOf } from '../dashboard-files.ts';
import { interpolate } from '../grafana/interpolate.ts';
import type { Problem } from './problem.ts';

/** What Prometheus knows: metrics of the services by the names of their series, names of recorded series, and those of others. */
export interface KnownSeries {
  metrics: ReadonlyMap<string, ExportedMetric>;
  recorded: ReadonlySet<string>;
  foreign: RegExp;
}

/** Labels that the scraping adds. */
const targetLabels = ['job', 'instance', 'service', 'le'];
const hourMs = 3_600_000;

/** Every expression for Prometheus is PromQL, reads series that somebody exports, and labels that these have. */
export function checkExpressions(files: readonly DashboardFile[], known: KnownSeries): Problem[] {
  const series = new Map(
    [...known.metrics].flatMap(([name, metric]) => seriesOf(name, metric).map((each) => [each, metric] as const)),
  );
  return files.flatMap((file) =>
    targetsOf(file)
      .filter(({ source }) => source?.type === prometheusType)
      .flatMap(({ where, target }) => {
        const problem = (message: string): Problem => ({ check: 'expressions', where, message });
        const text = interpolate(target.expr ?? '', scopeFor(file));
        const { errors, selectors, grouping } = parsePromQl(text);
        if (text.trim() === '' || errors.length > 0)
          return [problem(`isn't PromQL around ${errors.join(', ')}: ${text}`)];
        const labels = new Set(targetLabels);
        return [
          ...selectors.flatMap(({ metric, matchers }) => {
            const found = series.get(metric);
            if (found === undefined)
              return known.recorded.has(metric) || known.foreign.test(metric)
                ? []
                : [problem(`nobody exports ${metric}`)];
            if (found.labels === null) return [];
            for (const label of found.labels) labels.add(label);
            return matchers
              .filter(({ label }) => !targetLabels.includes(label) && !found.labels?.includes(label))
              .map(({ label }) => problem(`${metric} has no label ${label}`));
          }),
          ...(selectors.every(({ metric }) => series.get(metric)?.labels != null)
            ? grouping
                .filter((label) => !labels.has(label))
                .map((label) => problem(`groups by ${label}, which none of its series has`))
            : []),
        ];
      }),
  );
}

/** Any value does: only the grammar is looked at. */
const scopeFor = ({ dashboard }: DashboardFile) => ({
  variables: new Map(dashboard.templating.list.map(({ name }) => [name, 'x'])),
  fromMs: 0,
  toMs: hourMs,
  timezone: 'UTC',
  intervalMs: 60_000,
});
