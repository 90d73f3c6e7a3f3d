import { type DashboardFile, type Panel, panelsOf, placeOf } from '../dashboard-files.ts';
import { type Problem, repeated } from './problem.ts';

/** Uids over all dashboards, ids of panels, names of variables and refIds: each only once. */
export function checkIds(files: readonly DashboardFile[]): Problem[] {
  const problem = (where: string, message: string): Problem => ({ check: 'ids', where, message });
  const uids = repeated(files.map(({ dashboard }) => dashboard.uid)).map((uid) =>
    problem('all dashboards', `the uid ${uid} is there more than once`),
  );
  const inside = files.flatMap((file) => {
    const panels = panelsOf(file.dashboard);
    const wrong = panels.filter(({ id }) => !Number.isSafeInteger(id) || id < 1);
    const refIds = panels.flatMap((panel) =>
      repeated((panel.targets ?? []).map(({ refId }) => refId)).map((refId) =>
        problem(placeOf(file, panel), `two queries are called ${refId}`),
      ),
    );
    return [
      ...repeated(panels.map(({ id }) => id)).map((id) => problem(placeOf(file), `two panels have the id ${id}`)),
      ...repeated(file.dashboard.templating.list.map(({ name }) => name)).map((name) =>
        problem(placeOf(file), `two variables are called ${name}`),
      ),
      ...wrong.map((panel) => problem(placeOf(file, panel), 'the id is no number from 1 on')),
      ...(/^[a-z0-9-]{1,40}$/.test(file.dashboard.uid)
        ? []
        : [problem(placeOf(file), `the uid ${file.dashboard.uid} isn't one`)]),
      ...refIds,
    ];
  });
  return [...uids, ...inside];
}

/** Panels are inside the 24 columns, and none lies over another. */
export function checkGrid(files: readonly DashboardFile[]): Problem[] {
  return files.flatMap((file) => {
    const problem = (panel: Panel, message: string): Problem => ({
      check: 'grid',
      where: placeOf(file, panel),
      message,
    });
    return file.dashboard.panels.flatMap((panel, index) => {
      const { x, y, w, h } = panel.gridPos;
      const isOutside =
        [x, y, w, h].some((length) => !Number.isSafeInteger(length)) || x < 0 || y < 0 || w < 1 || h < 1 || x + w > 24;
      const covered = file.dashboard.panels.slice(index + 1).filter((other) => overlap(panel, other));
      return [
        ...(isOutside ? [problem(panel, `isn't inside the 24 columns: x ${x}, y ${y}, w ${w}, h ${h}`)] : []),
        ...covered.map((other) => problem(panel, `lies over panel ${other.id}`)),
      ];
    });
  });
}

function overlap({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/** Panels that come with Grafana itself (public/app/plugins/panel), so that nothing has to be installed. */
const corePanels = new Set(
  'alertlist annolist barchart bargauge candlestick canvas dashlist flamegraph gauge geomap heatmap histogram logs news nodeGraph piechart row stat state-timeline status-history table text timeseries trend xychart'.split(
    ' ',
  ),
);

/** Classic JSON, which file provisioning takes; panels of Grafana's own only. */
export function checkKinds(files: readonly DashboardFile[]): Problem[] {
  return files.flatMap((file) => {
    const { dashboard } = file;
    const isClassic =
      dashboard.schemaVersion >= 36 &&
      Array.isArray(dashboard.panels) &&
      !('spec' in dashboard || 'elements' in dashboard);
    return [
      ...(isClassic ? [] : [{ check: 'kinds', where: placeOf(file), message: 'is no classic dashboard' }]),
      ...(dashboard.panels.length > 0 ? [] : [{ check: 'kinds', where: placeOf(file), message: 'has no panels' }]),
      ...panelsOf(dashboard)
        .filter(({ type }) => !corePanels.has(type))
        .map((panel) => ({
          check: 'kinds',
          where: placeOf(file, panel),
          message: `${panel.type} is no panel of Grafana itself`,
        })),
    ];
  });
}

/** Nobody stands at a wall screen with a mouse: what could be set is hidden, and it asks again by itself. */
export function checkWalls(files: readonly DashboardFile[]): Problem[] {
  const walls = files.filter(({ name }) => name === 'wall');
  return walls.flatMap((file) => {
    const { templating, timepicker, refresh = '', links = [] } = file.dashboard;
    const problem = (message: string): Problem => ({ check: 'walls', where: placeOf(file), message });
    return [
      ...templating.list
        .filter(({ hide }) => hide !== 2)
        .map(({ name }) => problem(`the variable ${name} is to be seen`)),
      ...(timepicker?.hidden === true ? [] : [problem('the time picker is to be seen')]),
      ...(/^\d+[smh]$/.test(refresh) ? [] : [problem('does not ask again by itself')]),
      ...(links.length === 0 ? [] : [problem('has links')]),
    ];
  });
}
