import {
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  LineInterpolation,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { colours } from '../colours.ts';
import { type ColumnUse, infinityColumns, nameOf, specOf } from '../columns.ts';
import { type Question, target } from '../infinity.ts';
import type { Language } from '../text.ts';
import { describe, fieldProperties, type Heading, type Part, type Size } from './panel.ts';

export interface LinesSpec extends Heading, Size {
  question: Omit<Question, 'columns'>;
  /** Column of the times; default `bucket`. */
  time?: ColumnUse;
  value: ColumnUse;
  /** Text columns: a line for each of their values. */
  by?: ColumnUse;
  /** Bounds of the 95 % interval, drawn as a band. With `by` there would be one on top of the other: not drawn. */
  band?: { lo: ColumnUse; hi: ColumnUse };
  /** Columns that are asked for and not drawn. */
  hidden?: readonly ColumnUse[];
  max?: number;
}

/** A course over time. */
export function lines(spec: LinesSpec): Part {
  const { question, time = 'bucket', value, by, band, hidden = [], max, width, height } = spec;
  const drawn = band === undefined ? [value] : [band.hi, value, band.lo];
  const columns = [time, ...(by === undefined ? [] : [by]), ...drawn, ...hidden];
  const isSegment = by !== undefined && nameOf(by) === 'segment';
  const line = isSegment ? segmentLine.field : by === undefined ? null : nameOf(by);
  const asked = {
    ...question,
    columns: infinityColumns(columns),
    ...(isSegment ? { computed: { [segmentLine.field]: segmentLine.name } } : {}),
  };
  const { unit, decimals } = specOf(value);
  return {
    width,
    height,
    build(language) {
      const panel = describe(courses(), spec, [target('A', asked, language)], language);
      if (unit !== undefined) panel.unit(unit);
      if (decimals !== undefined) panel.decimals(decimals);
      if (max !== undefined) panel.min(0).max(max);
      panel.withTransformation(only([nameOf(time), ...(line === null ? [] : [line]), ...drawn.map(nameOf)]));
      panel.withTransformation({ id: 'sortBy', options: { fields: {}, sort: [{ field: nameOf(time), desc: false }] } });
      if (line !== null) {
        panel.withTransformation({ id: 'prepareTimeSeries', options: { format: 'multi' } });
        return panel.displayName(`\${__field.labels.${line}}`);
      }
      panel.overrideByName(nameOf(value), [
        ...fieldProperties(specOf(value), language).filter(({ id }) => id !== 'thresholds' && id !== 'color'),
        { id: 'color', value: { mode: 'fixed', fixedColor: colours.blue } },
      ]);
      return band === undefined ? panel : shaded(panel, band, language);
    },
  };
}

/** Look of every time series. */
export const courses = (): PanelBuilder =>
  new PanelBuilder()
    .drawStyle(GraphDrawStyle.Line)
    .lineInterpolation(LineInterpolation.Linear)
    .lineWidth(2)
    .fillOpacity(0)
    .showPoints(VisibilityMode.Auto)
    .pointSize(5)
    .spanNulls(false)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi));

const only = (names: readonly string[]) => ({ id: 'filterFieldsByName', options: { include: { names } } });

/**
 * Name of a segment's line: `*` for everybody without a split, `—` for a value that is missing. In expressions of computed fields a
 * text that is null is the empty one, so the variable tells them apart.
 */
const segmentLine = {
  field: 'line',
  name: "segment == '' ? ('${segment}' == '*' ? '*' : '—') : segment",
};
/** The area between two bounds; the bounds themselves have no line. Grafana finds the lower one by the name that it shows. */
function shaded(panel: PanelBuilder, { lo, hi }: NonNullable<LinesSpec['band']>, language: Language): PanelBuilder {
  const bound = (use: ColumnUse) => [
    { id: 'displayName', value: specOf(use).label[language] },
    { id: 'custom.lineWidth', value: 0 },
    { id: 'custom.showPoints', value: VisibilityMode.Never },
    { id: 'custom.hideFrom', value: { legend: true, tooltip: false, viz: false } },
    { id: 'color', value: { mode: 'fixed', fixedColor: colours.sky } },
  ];
  return panel
    .overrideByName(nameOf(hi), [
      ...bound(hi),
      { id: 'custom.fillBelowTo', value: specOf(lo).label[language] },
      { id: 'custom.fillOpacity', value: 25 },
    ])
    .overrideByName(nameOf(lo), bound(lo));
}
