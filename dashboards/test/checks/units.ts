import { type DashboardFile, infinityType, type Panel, panelsOf, placeOf } from '../dashboard-files.ts';
import { readQuery } from '../infinity/query.ts';
import type { Problem } from './problem.ts';

/** Panels in which a number without a unit can't be read. */
const withNumbers = new Set(
  'barchart bargauge gauge heatmap histogram piechart stat state-timeline table timeseries trend xychart'.split(' '),
);

/** Every number that a panel shows has a unit: its own, or the panel's. `none` and `short` are units. */
export function checkUnits(files: readonly DashboardFile[]): Problem[] {
  return files.flatMap((file) =>
    panelsOf(file.dashboard)
      .filter(({ type }) => withNumbers.has(type))
      .flatMap((panel) =>
        withoutUnit(panel).map((name) => ({
          check: 'units',
          where: placeOf(file, panel),
          message: `${name} has no unit`,
        })),
      ),
  );
}

function withoutUnit(panel: Panel): string[] {
  const { defaults = {}, overrides = [] } = panel.fieldConfig ?? {};
  if ((defaults.unit ?? '') !== '') return [];
  const settings = (name: string) =>
    overrides.filter(({ matcher }) => matches(matcher, name)).flatMap(({ properties }) => properties);
  return numbersOf(panel).filter((name) => {
    const own = settings(name);
    const isHidden = own.some(
      ({ id, value }) =>
        (id === 'custom.hidden' && value === true) ||
        (id === 'custom.hideFrom' && (value as { viz?: boolean }).viz === true),
    );
    return !isHidden && !own.some(({ id, value }) => id === 'unit' && value !== '');
  });
}

/** Names of the numeric fields that a panel shows; of Prometheus, where they aren't known, the queries. */
function numbersOf(panel: Panel): string[] {
  const names = (panel.targets ?? []).flatMap((target) => {
    if ((target.datasource ?? panel.datasource)?.type !== infinityType) return [`query ${target.refId}`];
    const { columns, computedColumns } = readQuery(target);
    return [
      ...columns.filter(({ type }) => type === 'number').map(({ text, selector }) => text || selector),
      ...computedColumns.filter(({ type }) => type === 'number').map(({ text, selector }) => text || selector),
    ];
  });
  const organize = (panel.transformations ?? [])
    .filter(({ id }) => id === 'organize')
    .map(({ options }) => options ?? {});
  const dropped = organize.flatMap(({ excludeByName = {} }) =>
    Object.entries(excludeByName as Record<string, boolean>).flatMap(([name, isDropped]) => (isDropped ? [name] : [])),
  );
  const filter = (panel.transformations ?? []).find(({ id }) => id === 'filterFieldsByName')?.options as
    | { include?: { names?: string[] } }
    | undefined;
  const kept = filter?.include?.names;
  return [...new Set(names)].filter((name) => !dropped.includes(name) && (kept === undefined || kept.includes(name)));
}

function matches({ id, options }: { id: string; options?: unknown }, name: string): boolean {
  if (id === 'byName') return options === name;
  if (id === 'byNames') return ((options as { names?: string[] })?.names ?? []).includes(name);
  if (id === 'byRegexp') return new RegExp(String(options).replace(/^\/(.*)\/$/, '$1')).test(name);
  if (id === 'byType') return options === 'number';
  if (id === 'byFrameRefID') return name === `query ${String(options)}`;
  return false;
}
