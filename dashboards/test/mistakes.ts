import { isDescribed } from './checks/columns.ts';
import { type Dashboard, infinityType, type Panel, prometheusType, type Target } from './dashboard-files.ts';
import { readQuery } from './infinity/query.ts';

/** A mistake that somebody could make in a dashboard. */
export interface Mistake {
  what: string;
  /** The check that has to find it; no other may. */
  found: string;
  /** What the message names. */
  says: RegExp;
  /** @returns false where a dashboard has nothing to make it in */
  make(dashboard: Dashboard): boolean | undefined;
}

const panel = (dashboard: Dashboard, fits: (panel: Panel) => boolean): Panel | undefined => dashboard.panels.find(fits);
const asked = (dashboard: Dashboard, type: string): { panel: Panel; target: Target }[] =>
  dashboard.panels.flatMap((one) =>
    (one.targets ?? [])
      .filter((target) => (target.datasource ?? one.datasource)?.type === type)
      .map((target) => ({ panel: one, target })),
  );
/** The first query whose rows openapi.json describes. */
const described = (dashboard: Dashboard) =>
  asked(dashboard, infinityType).find(({ target }) => isDescribed(readQuery(target)));

/** One of every kind that the checks are there for. */
export const mistakes: readonly Mistake[] = [
  {
    what: 'a column that is renamed in the API',
    found: 'columns',
    says: /the column \w+X isn't in the answer\. Did you mean/,
    make(dashboard) {
      const columns = described(dashboard)?.target.columns as { selector: string; text: string }[] | undefined;
      const long = columns?.find(({ selector }) => selector.length > 4);
      if (long === undefined) return false;
      long.selector += 'X';
    },
  },
  {
    what: 'a column of another type',
    found: 'columns',
    says: /is called boolean and is/,
    make(dashboard) {
      const columns = described(dashboard)?.target.columns as { type: string }[] | undefined;
      const other = columns?.find(({ type }) => type === 'string' || type === 'timestamp');
      if (other === undefined) return false;
      other.type = 'boolean';
    },
  },
  {
    what: 'a route that is removed',
    found: 'columns',
    says: /the query API has no GET .*\/gone/,
    make(dashboard) {
      const target = described(dashboard)?.target;
      if (target === undefined) return false;
      target.url = `${target.url}/gone`;
    },
  },
  {
    what: 'a parameter that nobody knows',
    found: 'columns',
    says: /takes no parameter fron/,
    make(dashboard) {
      const options = described(dashboard)?.target.url_options as
        | { params: { key: string; value: string }[] }
        | undefined;
      if (options === undefined) return false;
      options.params = [...options.params, { key: 'fron', value: 'x' }];
    },
  },
  {
    what: 'a root selector that finds nothing',
    found: 'columns',
    says: /nothing is at the root selector row\. Did you mean "rows"/,
    make(dashboard) {
      const target = described(dashboard)?.target;
      if (target === undefined) return false;
      target.root_selector = 'row';
    },
  },
  {
    what: 'a setting of Infinity that nobody has emulated',
    found: 'columns',
    says: /Not emulated: a query with the parser "simple"/,
    make(dashboard) {
      const found = described(dashboard);
      if (found === undefined) return false;
      found.target.parser = 'simple';
      found.panel.type = 'nodeGraph';
    },
  },
  {
    what: 'a variable that is not declared any more',
    found: 'variables',
    says: /uses the variable \w+, which nobody declares/,
    make(dashboard) {
      const dropped = dashboard.templating.list.findIndex(
        ({ name, type }) => type !== 'constant' && JSON.stringify(dashboard.panels).includes(`\${${name}`),
      );
      if (dropped < 0) return false;
      dashboard.templating.list.splice(dropped, 1);
    },
  },
  {
    what: 'two panels over one another',
    found: 'grid',
    says: /lies over panel/,
    make({ panels: [first, second] }) {
      if (first === undefined || second === undefined) return false;
      second.gridPos = { ...first.gridPos };
    },
  },
  {
    what: 'a panel beyond the edge',
    found: 'grid',
    says: /isn't inside the 24 columns/,
    make(dashboard) {
      const last = dashboard.panels.at(-1);
      if (last === undefined) return false;
      last.gridPos = { ...last.gridPos, x: 24 - last.gridPos.w + 1 };
    },
  },
  {
    what: 'an id that is used twice',
    found: 'ids',
    says: /two panels have the id/,
    make({ panels: [first, second] }) {
      if (first === undefined || second === undefined) return false;
      second.id = first.id;
    },
  },
  {
    what: 'a source that nobody provisions',
    found: 'sources',
    says: /"uid":"elsewhere".* isn't provisioned/,
    make(dashboard) {
      const target = (asked(dashboard, infinityType)[0] ?? asked(dashboard, prometheusType)[0])?.target;
      if (target === undefined) return false;
      target.datasource = { ...target.datasource, uid: 'elsewhere' };
    },
  },
  {
    what: 'numbers without a unit',
    found: 'units',
    says: /has no unit/,
    make(dashboard) {
      const numbers = panel(
        dashboard,
        ({ fieldConfig, type }) =>
          ['table', 'timeseries', 'trend'].includes(type) && /"unit"/.test(JSON.stringify(fieldConfig ?? {})),
      );
      if (numbers?.fieldConfig === undefined) return false;
      delete numbers.fieldConfig.defaults?.unit;
      for (const override of numbers.fieldConfig.overrides ?? [])
        override.properties = override.properties.filter(({ id }) => id !== 'unit');
    },
  },
  {
    what: 'a panel without a description',
    found: 'words',
    says: /description.* is missing/,
    make(dashboard) {
      const first = panel(dashboard, ({ type }) => type !== 'row');
      if (first === undefined) return false;
      first.description = ' ';
    },
  },
  {
    what: 'a title in the wrong language',
    found: 'words',
    says: /isn't (Japanese|English): /,
    make(dashboard) {
      const [first] = dashboard.panels;
      if (first === undefined) return false;
      first.title = dashboard.uid.endsWith('-ja') ? 'Only English' : '日本語だけ';
    },
  },
  {
    what: 'a panel that has to be installed',
    found: 'kinds',
    says: /acme-panel is no panel of Grafana itself/,
    make(dashboard) {
      const text = panel(dashboard, ({ type }) => type !== 'row');
      if (text === undefined) return false;
      text.type = 'acme-panel';
    },
  },
  {
    what: 'a dashboard of another form than provisioning takes',
    found: 'kinds',
    says: /is no classic dashboard/,
    make(dashboard) {
      dashboard.schemaVersion = 2;
      return undefined;
    },
  },
  {
    what: 'a link that leads nowhere',
    found: 'links',
    says: /leads to michinori-gone/,
    make(dashboard) {
      const [first] = dashboard.panels;
      if (first === undefined) return false;
      first.options = { ...first.options, content: '/d/michinori-gone' };
    },
  },
  {
    what: 'an expression that is no PromQL',
    found: 'expressions',
    says: /isn't PromQL around/,
    make(dashboard) {
      const target = asked(dashboard, prometheusType)[0]?.target;
      if (target === undefined) return false;
      target.expr = `${target.expr} )`;
    },
  },
  {
    what: 'a metric that nobody registers',
    found: 'expressions',
    says: /nobody exports michinori_\w+_gone/,
    make(dashboard) {
      const target = asked(dashboard, prometheusType).find(({ target: one }) =>
        /michinori_\w+/.test(one.expr ?? ''),
      )?.target;
      if (target === undefined) return false;
      target.expr = (target.expr ?? '').replace(/michinori_\w+/, (name) => `${name}_gone`);
    },
  },
  {
    what: 'a label that its metric does not have',
    found: 'expressions',
    says: /michinori_log_lag_events has no label colour/,
    make(dashboard) {
      const target = asked(dashboard, prometheusType)[0]?.target;
      if (target === undefined) return false;
      target.expr = 'sum(michinori_log_lag_events{colour="blue"})';
    },
  },
];
