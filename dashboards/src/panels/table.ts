import {
  TableCellDisplayMode,
  TableCellHeight,
  TableSortByFieldStateBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { DashboardLink, DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { type ColumnUse, infinityColumns, nameOf, specOf } from '../columns.ts';
import { type Question, target } from '../infinity.ts';
import type { Language, Text } from '../text.ts';
import { describe, fieldProperties, type Heading, type Part, type Size } from './panel.ts';

export interface TableSpec extends Heading, Size {
  question: Omit<Question, 'columns'>;
  /** In this order. */
  columns: readonly ColumnUse[];
  /** Columns that are asked for and not shown: for `keep` and links. */
  hidden?: readonly ColumnUse[];
  sortBy?: { column: ColumnUse; descending: boolean };
  /** Where a cell leads; `${__data.fields.NAME}` is a value of its row. */
  links?: readonly { column: ColumnUse; title: Text; url: string }[];
  noValue?: Text;
}

const cellTypes = {
  text: { type: TableCellDisplayMode.Auto },
  background: { type: TableCellDisplayMode.ColorBackground, mode: 'basic' },
  gauge: { type: TableCellDisplayMode.Gauge, mode: 'basic' },
};

/** A table of one question. */
export function table(spec: TableSpec): Part {
  const { question, columns, hidden = [], sortBy, links = [], noValue, width, height } = spec;
  const asked = { ...question, columns: infinityColumns([...columns, ...hidden]) };
  return {
    width,
    height,
    build(language) {
      const panel = describe(new PanelBuilder(), spec, [target('A', asked, language)], language)
        .cellHeight(TableCellHeight.Sm)
        .noValue((noValue ?? nothing)[language])
        .withTransformation(order(columns, hidden));
      for (const use of columns) panel.overrideByName(nameOf(use), properties(use, links, language));
      if (sortBy === undefined) return panel;
      const heading = specOf(sortBy.column).label[language];
      return panel.sortBy([new TableSortByFieldStateBuilder().displayName(heading).desc(sortBy.descending)]);
    },
  };
}

const nothing: Text = { en: 'Nothing in this range', ja: '該当データなし' };

/** The backend sorts fields by name; this gives them the order that is meant. */
const order = (columns: readonly ColumnUse[], hidden: readonly ColumnUse[]) => ({
  id: 'organize',
  options: {
    indexByName: Object.fromEntries(columns.map((use, index) => [nameOf(use), index])),
    excludeByName: Object.fromEntries(hidden.map((use) => [nameOf(use), true])),
    renameByName: {},
  },
});

function properties(use: ColumnUse, links: NonNullable<TableSpec['links']>, language: Language): DynamicConfigValue[] {
  const spec = specOf(use);
  const here: Partial<DashboardLink>[] = links
    .filter(({ column }) => nameOf(column) === nameOf(use))
    .map(({ title, url }) => ({ title: title[language], url }));
  return [
    ...fieldProperties(spec, language),
    { id: 'custom.cellOptions', value: cellTypes[spec.cell ?? 'text'] },
    ...(spec.width === undefined ? [] : [{ id: 'custom.width', value: spec.width }]),
    ...(here.length === 0 ? [] : [{ id: 'links', value: here }]),
  ];
}
