import { BigValueColorMode, BigValueGraphMode, ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { plain, type Step } from '../colours.ts';
import { prometheus } from '../datasources.ts';
import type { Text } from '../text.ts';
import { courses } from './lines.ts';
import { describe, type Heading, type Part, type Size, thresholds } from './panel.ts';

/** A PromQL expression; `{{label}}` in the legend. */
export interface Metric {
  expression: string;
  legend?: string | Text;
}

/** A query of the Prometheus datasource. */
interface PrometheusTarget {
  refId: string;
  datasource: typeof prometheus;
  expr: string;
  legendFormat: string;
  range: boolean;
  instant: boolean;
  editorMode: 'code';
}

export interface MetricsSpec extends Heading, Size {
  metrics: readonly Metric[];
  unit: string;
  decimals?: number;
  steps?: readonly Step[];
  max?: number;
}

const refIds = ['A', 'B', 'C', 'D', 'E', 'F'];

function targets(metrics: readonly Metric[], isRange: boolean, language: 'en' | 'ja'): PrometheusTarget[] {
  return metrics.map(({ expression, legend = '__auto' }, index) => ({
    refId: refIds[index] ?? '',
    datasource: prometheus,
    expr: expression,
    legendFormat: typeof legend === 'string' ? legend : legend[language],
    range: isRange,
    instant: !isRange,
    editorMode: 'code',
  }));
}

/** Courses of metrics. */
export function metricLines(spec: MetricsSpec): Part {
  const { metrics, unit, decimals, max, width, height } = spec;
  return {
    width,
    height,
    build(language) {
      const panel = describe(courses(), spec, targets(metrics, true, language), language)
        .unit(unit)
        .min(0);
      if (decimals !== undefined) panel.decimals(decimals);
      if (max !== undefined) panel.max(max);
      return panel;
    },
  };
}

/** A metric as it is now. */
export function metricStat(spec: MetricsSpec): Part {
  const { metrics, unit, decimals, steps = plain, width, height } = spec;
  return {
    width,
    height,
    build(language) {
      const panel = describe(new StatBuilder(), spec, targets(metrics, false, language), language)
        .unit(unit)
        .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))
        .graphMode(BigValueGraphMode.None)
        .colorMode(BigValueColorMode.Value)
        .thresholds(thresholds(steps))
        .noValue('–');
      return decimals === undefined ? panel : panel.decimals(decimals);
    },
  };
}
