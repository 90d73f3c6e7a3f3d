import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import {
  type DynamicConfigValue,
  type GridPos,
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Step } from '../colours.ts';
import type { ColumnSpec } from '../columns.ts';
import { mappingsOf } from '../mappings.ts';
import type { Language, Text } from '../text.ts';

/** What every panel says about itself. */
export interface Heading {
  title: Text;
  /** What it shows, and how n and the interval are to be read. */
  description: Text;
}

/** Width in 24ths of the dashboard, height in rows of 30 pixels. */
export interface Size {
  width: number;
  height: number;
}

/** A builder of the foundation SDK as far as the layout knows it. */
export interface Placeable extends Builder<Panel> {
  id(id: number): Placeable;
  gridPos(position: GridPos): Placeable;
}

/** A panel that has a size, but no place and no language yet. */
export interface Part extends Size {
  build(language: Language): Placeable;
}

/** What builders of all kinds of panels have. */
interface Common<B> {
  title(title: string): B;
  description(description: string): B;
  datasource(datasource: DataSourceRef): B;
  withTarget(target: Builder<Dataquery>): B;
}

/** Title, description, source and targets; every target names its source itself. */
export function describe<B extends Common<B>>(
  builder: B,
  { title, description }: Heading,
  targets: readonly { datasource: DataSourceRef }[],
  language: Language,
): B {
  const described = builder.title(title[language]).description(description[language]);
  const [first] = targets;
  const sourced = first === undefined ? described : described.datasource(first.datasource);
  return targets.reduce((panel, query) => panel.withTarget(asQuery(query)), sourced);
}

/** A plain object as the SDK wants its queries; the marker isn't part of the JSON. */
export const asQuery = (query: object): Builder<Dataquery> => ({
  build: () => ({ ...query, _implementsDataqueryVariant: () => {} }),
});

/** Absolute thresholds. */
export const thresholds = (steps: readonly Step[]): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(({ value, color }) => ({ value, color })));

/** How a column is shown, as properties of a field override. */
export function fieldProperties(spec: ColumnSpec, language: Language): DynamicConfigValue[] {
  const { label, unit, decimals, mappings, steps } = spec;
  return [
    { id: 'displayName', value: label[language] },
    ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
    ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
    ...(mappings === undefined ? [] : [{ id: 'mappings', value: mappingsOf(mappings, language) }]),
    ...(steps === undefined
      ? []
      : [
          { id: 'thresholds', value: thresholds(steps).build() },
          { id: 'color', value: { mode: 'thresholds' } },
        ]),
  ];
}
