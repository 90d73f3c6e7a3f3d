import { PanelBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BarGaugeSizing,
  BarGaugeValueMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import { plain, type Step } from '../colours.ts';
import { type ColumnUse, infinityColumns, nameOf, specOf } from '../columns.ts';
import { type Question, target } from '../infinity.ts';
import { mappingsOf } from '../mappings.ts';
import { describe, type Heading, type Part, type Size, thresholds } from './panel.ts';

export interface BarsSpec extends Heading, Size {
  question: Omit<Question, 'columns'>;
  /** Texts that name a bar; Grafana joins them in the order of the columns' names. */
  names: readonly ColumnUse[];
  /** Its length. */
  value: ColumnUse;
  /** Columns that are asked for, for `keep`. */
  hidden?: readonly ColumnUse[];
  /** Default: one colour. */
  steps?: readonly Step[];
  max?: number;
}

/** A bar per row of the answer, in the answer's order: funnels. */
export function bars(spec: BarsSpec): Part {
  const { question, names, value, hidden = [], steps = plain, max, width, height } = spec;
  const asked = { ...question, columns: infinityColumns([...names, value, ...hidden]) };
  const { unit, decimals } = specOf(value);
  return {
    width,
    height,
    build(language) {
      const panel = describe(new PanelBuilder(), spec, [target('A', asked, language)], language)
        .reduceOptions(
          new ReduceDataOptionsBuilder()
            .values(true)
            .calcs([])
            .fields(`/^${nameOf(value)}$/`)
            .limit(200),
        )
        .orientation(VizOrientation.Horizontal)
        .displayMode(BarGaugeDisplayMode.Basic)
        .valueMode(BarGaugeValueMode.Text)
        .namePlacement(BarGaugeNamePlacement.Left)
        .showUnfilled(true)
        .sizing(BarGaugeSizing.Auto)
        .min(0)
        .thresholds(thresholds(steps));
      if (hidden.length > 0) panel.withTransformation(without(hidden));
      if (unit !== undefined) panel.unit(unit);
      if (decimals !== undefined) panel.decimals(decimals);
      if (max !== undefined) panel.max(max);
      for (const name of names) {
        const { mappings } = specOf(name);
        if (mappings !== undefined) {
          panel.overrideByName(nameOf(name), [{ id: 'mappings', value: mappingsOf(mappings, language) }]);
        }
      }
      return panel;
    },
  };
}

/** What was only needed to choose rows must not become part of their names. */
const without = (uses: readonly ColumnUse[]) => ({
  id: 'organize',
  options: {
    excludeByName: Object.fromEntries(uses.map((use) => [nameOf(use), true])),
    indexByName: {},
    renameByName: {},
  },
});
