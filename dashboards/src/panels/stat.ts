import { BigValueColorMode, BigValueGraphMode, ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { plain, type Step } from '../colours.ts';
import { type ColumnUse, infinityColumns, nameOf, specOf } from '../columns.ts';
import { type Question, target } from '../infinity.ts';
import { mappingsOf } from '../mappings.ts';
import type { Text } from '../text.ts';
import { describe, type Heading, type Part, type Size, thresholds } from './panel.ts';

export interface StatSpec extends Heading, Size {
  question: Omit<Question, 'columns'>;
  value: ColumnUse;
  /** Further columns that are asked for, for `keep`. */
  hidden?: readonly ColumnUse[];
  /** What is made of the rows; default: the only one's value. */
  calculation?: 'lastNotNull' | 'sum' | 'count' | 'max' | 'min';
  steps?: readonly Step[];
  noValue?: Text;
}

/** One number. */
export function stat(spec: StatSpec): Part {
  const { question, value, hidden = [], calculation = 'lastNotNull', steps = plain, noValue, width, height } = spec;
  const asked = { ...question, columns: infinityColumns([value, ...hidden]) };
  const { unit, decimals, mappings } = specOf(value);
  return {
    width,
    height,
    build(language) {
      const panel = describe(new PanelBuilder(), spec, [target('A', asked, language)], language)
        .reduceOptions(
          new ReduceDataOptionsBuilder()
            .calcs([calculation])
            .fields(`/^${nameOf(value)}$/`)
            .values(false),
        )
        .graphMode(BigValueGraphMode.None)
        .colorMode(BigValueColorMode.Value)
        .thresholds(thresholds(steps));
      if (calculation === 'count') return counted(panel, noValue?.[language] ?? '0');
      if (unit !== undefined) panel.unit(unit);
      if (decimals !== undefined) panel.decimals(decimals);
      if (mappings !== undefined) panel.mappings(mappingsOf(mappings, language));
      return panel.noValue(noValue?.[language] ?? '–');
    },
  };
}

/** How many rows there are; an answer without rows has no fields, so its zero is the text for "no value". */
const counted = (panel: PanelBuilder, none: string): PanelBuilder => panel.unit('locale').decimals(0).noValue(none);
