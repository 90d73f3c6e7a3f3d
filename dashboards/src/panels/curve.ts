import {
  LegendDisplayMode,
  LegendPlacement,
  LineInterpolation,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/trend';
import { type ColumnUse, nameOf, specOf } from '../columns.ts';
import { type InfinityColumn, type Question, target } from '../infinity.ts';
import type { Text } from '../text.ts';
import { describe, type Heading, type Part, type Size } from './panel.ts';

/** A line with its 95 % band, from one question. */
export interface CurveLine {
  /** Names its fields; a word of Latin letters. */
  name: string;
  label: Text;
  color: string;
  question: Omit<Question, 'columns'>;
  y: ColumnUse;
  lo: ColumnUse;
  hi: ColumnUse;
  /** Columns that are asked for and not drawn. */
  hidden?: readonly ColumnUse[];
}

export interface CurveSpec extends Heading, Size {
  /** Number along the bottom. */
  x: ColumnUse;
  lines: readonly CurveLine[];
  /** A question whose `value` column gives the text that stands for each x. */
  ticks?: { question: Omit<Question, 'columns'>; value: string; text: string };
  /** Points that are joined by lines, or a staircase. */
  shape: 'points' | 'steps';
  min?: number;
  max?: number;
}

const refIds = ['A', 'B', 'C', 'D'];
const ticksRefId = 'T';

/** Lines with bands over a number that isn't the time. */
export function curve(spec: CurveSpec): Part {
  const { x, lines, ticks, shape, min, max, width, height } = spec;
  return {
    width,
    height,
    build(language) {
      const asked = lines.map((line, index) =>
        target(refIds[index] ?? '', { ...line.question, columns: columnsOf(line, x) }, language),
      );
      const named =
        ticks === undefined ? [] : [target(ticksRefId, { ...ticks.question, columns: tickColumns(ticks) }, language)];
      const { unit, decimals } = specOf(lines[0]?.y ?? x);
      const panel = describe(new PanelBuilder(), spec, [...asked, ...named], language)
        .xField(nameOf(x))
        .lineInterpolation(shape === 'steps' ? LineInterpolation.StepAfter : LineInterpolation.Linear)
        .lineWidth(2)
        .pointSize(7)
        .showPoints(shape === 'steps' ? VisibilityMode.Never : VisibilityMode.Always)
        .spanNulls(true)
        .legend(
          new VizLegendOptionsBuilder()
            .displayMode(LegendDisplayMode.List)
            .placement(LegendPlacement.Bottom)
            .showLegend(true)
            .calcs([]),
        )
        .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi));
      if (unit !== undefined) panel.unit(unit);
      if (decimals !== undefined) panel.decimals(decimals);
      if (min !== undefined) panel.min(min);
      if (max !== undefined) panel.max(max);
      if (ticks !== undefined) panel.withTransformation(tickTexts(ticks, nameOf(x)));
      if (lines.length > 1) {
        panel.withTransformation({ id: 'joinByField', options: { byField: nameOf(x), mode: 'outer' } });
      }
      const bottom = specOf(x);
      panel.overrideByName(nameOf(x), [
        { id: 'displayName', value: bottom.label[language] },
        ...(bottom.unit === undefined ? [] : [{ id: 'unit', value: bottom.unit }]),
      ]);
      for (const line of lines) paint(panel, line, line.label[language], language === 'ja' ? bandWord.ja : bandWord.en);
      return panel;
    },
  };
}

const bandWord: Text = { en: '95 %', ja: '95%区間' };

const columnsOf = ({ name, y, lo, hi, hidden = [] }: CurveLine, x: ColumnUse): InfinityColumn[] => [
  { selector: nameOf(x), text: nameOf(x), type: 'number' },
  { selector: nameOf(y), text: name, type: 'number' },
  { selector: nameOf(lo), text: `${name}Lo`, type: 'number' },
  { selector: nameOf(hi), text: `${name}Hi`, type: 'number' },
  ...hidden.map((use): InfinityColumn => ({ selector: nameOf(use), text: nameOf(use), type: 'string' })),
];

const tickColumns = ({ value, text }: { value: string; text: string }): InfinityColumn[] => [
  { selector: value, text: value, type: 'number' },
  { selector: text, text, type: 'string' },
];

/** Grafana's "config from query results": the answers' texts become value mappings of the bottom axis. */
const tickTexts = ({ value, text }: { value: string; text: string }, x: string) => ({
  id: 'configFromData',
  options: {
    configRefId: ticksRefId,
    applyTo: { id: 'byName', options: x },
    mappings: [
      { fieldName: value, handlerKey: 'mappings.value' },
      { fieldName: text, handlerKey: 'mappings.text' },
    ],
  },
});

function paint(panel: PanelBuilder, { name, color }: CurveLine, label: string, band: string): void {
  const bound = (suffix: 'Lo' | 'Hi', sign: string) => [
    { id: 'displayName', value: `${label}, ${band} ${sign}` },
    { id: 'color', value: { mode: 'fixed', fixedColor: color } },
    { id: 'custom.lineWidth', value: 0 },
    { id: 'custom.showPoints', value: VisibilityMode.Never },
    { id: 'custom.hideFrom', value: { legend: true, tooltip: false, viz: false } },
    ...(suffix === 'Hi'
      ? [
          { id: 'custom.fillBelowTo', value: `${label}, ${band} −` },
          { id: 'custom.fillOpacity', value: 20 },
        ]
      : []),
  ];
  panel
    .overrideByName(name, [
      { id: 'displayName', value: label },
      { id: 'color', value: { mode: 'fixed', fixedColor: color } },
    ])
    .overrideByName(`${name}Lo`, bound('Lo', '−'))
    .overrideByName(`${name}Hi`, bound('Hi', '+'));
}
