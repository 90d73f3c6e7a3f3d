import { describe, expect, it } from 'vitest';
import { alertSurroundings, fileChecks } from './checked-files.ts';
import { checkAlerts } from './checks/alerts.ts';
import { isDescribed } from './checks/columns.ts';
import type { Problem } from './checks/problem.ts';
import {
  type Dashboard,
  type DashboardFile,
  infinityType,
  type Panel,
  prometheusType,
  readDashboards,
  type Target,
} from './dashboard-files.ts';
import { readQuery } from './infinity/query.ts';
import { type Alerting, provisionedAlerting } from './provisioning.ts';

/** A mistake that somebody could make in a dashboard. */
interface Mistake {
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

const mistakes: Mistake[] = [
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

const files = readDashboards();
const checks = await fileChecks();
/** A mistake in one dashboard, in both languages. */
function mutate(mistake: Mistake, name: string): { changed: DashboardFile[]; isMade: boolean } {
  const changed = structuredClone(files.filter((file) => file.name === name));
  return { changed, isMade: changed.map(({ dashboard }) => mistake.make(dashboard) !== false).every((one) => one) };
}

/** What all checks say about it, but for the comparison of languages; links may lead to the others. */
function findings(changed: readonly DashboardFile[]): Problem[] {
  const others = files.filter(({ name }) => name !== changed[0]?.name);
  return [...checks].flatMap(([check, run]) => {
    if (check === 'twins') return [];
    return run(check === 'links' ? [...others, ...changed] : changed);
  });
}

describe('a mistake is found by the check that is meant for it, and by no other', () => {
  const names = [...new Set(files.map(({ name }) => name))];
  it.each(mistakes)('$what', (mistake) => {
    const places = names.map((name) => ({ name, ...mutate(mistake, name) })).filter(({ isMade }) => isMade);
    expect(places.length).toBeGreaterThan(0);
    for (const { name, changed } of places) {
      const found = findings(changed);
      const own = found.filter(({ check }) => check === mistake.found);
      expect(own.map(({ message, where }) => `${where}: ${message}`).join('\n'), name).toMatch(mistake.says);
      expect(
        own.some(({ where }) => where.startsWith(`en/${name}`)) &&
          own.some(({ where }) => where.startsWith(`ja/${name}`)),
        name,
      ).toBe(true);
      expect(
        found.filter(({ check }) => check !== mistake.found),
        name,
      ).toEqual([]);
    }
  });

  it('every check finds something', () => {
    const found = new Set([...mistakes.map((mistake) => mistake.found), 'walls', 'twins']);
    expect([...checks.keys()].filter((name) => !found.has(name))).toEqual([]);
  });

  it.each<[string, (dashboard: Dashboard) => void, RegExp]>([
    [
      'variables to be seen',
      ({ templating }) => {
        for (const one of templating.list) one.hide = 0;
      },
      /variable \w+ is to be seen/,
    ],
    [
      'a time picker',
      (dashboard) => Object.assign(dashboard, { timepicker: { hidden: false } }),
      /time picker is to be seen/,
    ],
    ['nothing that asks again', (dashboard) => Object.assign(dashboard, { refresh: '' }), /does not ask again/],
  ])('a wall with %s', (_what, change, says) => {
    const changed = structuredClone(files);
    for (const { name, dashboard } of changed) if (name === 'wall') change(dashboard);
    const problems = checks.get('walls')?.(changed) ?? [];
    expect(problems.map(({ message }) => message).join('\n')).toMatch(says);
  });

  it.each(names)('%s asks something else in one language, or is there in one only', (name) => {
    const changed = structuredClone(files);
    const japanese = changed.find((file) => file.name === name && file.language === 'ja');
    const target = japanese?.dashboard.panels.flatMap(({ targets = [] }) => targets)[0];
    if (target === undefined) throw new Error('there is no query');
    target.refId = 'Z';
    const wheres = (problems: { where: string }[] = []) => [...new Set(problems.map(({ where }) => where))].sort();
    expect(wheres(checks.get('twins')?.(changed))).toEqual([`en/${name}`, `ja/${name}`]);
    const alone = files.filter((file) => file.name !== name || file.language !== 'ja');
    expect(wheres(checks.get('twins')?.(alone))).toEqual([`en/${name}`]);
  });

  it('an uid that two dashboards have', () => {
    const changed = structuredClone(files);
    const [first, second] = changed;
    if (first === undefined || second === undefined) throw new Error('there are no dashboards');
    second.dashboard.uid = first.dashboard.uid;
    expect(
      checks
        .get('ids')?.(changed)
        .map(({ message }) => message),
    ).toEqual([`the uid ${first.dashboard.uid} is there more than once`]);
  });
});

describe('a mistake in an alert rule is found', () => {
  const alerting = provisionedAlerting();
  const around = alertSurroundings(files);
  type Rule = Alerting['groups'][number]['rules'][number];
  const asks = (rule: Rule) => rule.data.find(({ datasourceUid }) => datasourceUid !== '__expr__');

  it.each<[string, (rule: Rule, all: Alerting) => void, RegExp]>([
    [
      'a variable of a page',
      (rule) => Object.assign(asks(rule)?.model ?? {}, { url: '/v1/journeys/${journey}/stages' }),
      /only a page fills in/,
    ],
    [
      'the beginning of a page’s range',
      (rule) => Object.assign(asks(rule)?.model ?? {}, { url: '/v1/alerts?from=${__from}' }),
      /only a page fills in/,
    ],
    [
      'a parser of the page',
      (rule) => Object.assign(asks(rule)?.model ?? {}, { parser: 'simple' }),
      /Not emulated: a query with the parser/,
    ],
    [
      'a route that is gone',
      (rule) => Object.assign(asks(rule)?.model ?? {}, { url: '/v1/alerts/gone/gone' }),
      /the query API has no GET/,
    ],
    [
      'a source that nobody provisions',
      (rule) => Object.assign(asks(rule) ?? {}, { datasourceUid: 'elsewhere' }),
      /asks elsewhere/,
    ],
    [
      'no time range',
      (rule) => Object.assign(asks(rule) ?? {}, { relativeTimeRange: { from: 0, to: 0 } }),
      /has no time range/,
    ],
    ['a condition that is no query', (rule) => Object.assign(rule, { condition: 'Z' }), /the condition Z/],
    ['nothing about no data', (rule) => Object.assign(rule, { noDataState: undefined }), /about no data/],
    ['nothing about errors', (rule) => Object.assign(rule, { execErrState: 'Ok' }), /about errors: Ok/],
    [
      'a panel that isn’t there',
      (rule) => Object.assign(rule, { dashboardUid: 'michinori-wall', panelId: 99 }),
      /belongs to panel 99/,
    ],
    ['no summary', (rule) => Object.assign(rule, { annotations: {} }), /no summary/],
    [
      'a folder of nobody',
      (_rule, all) => Object.assign(all.groups[0] ?? {}, { folder: 'Elsewhere' }),
      /the folder Elsewhere/,
    ],
    ['a receiver of nobody', (_rule, all) => all.policies.push({ receiver: 'Nobody' }), /the contact point Nobody/],
    [
      'an uid twice',
      (rule, all) => all.groups[0]?.rules.push({ ...rule, title: 'another' }),
      /the uid [\w-]+ is there more than once/,
    ],
  ])('%s', (_what, change, says) => {
    const changed = structuredClone(alerting);
    const rule = changed.groups[0]?.rules[0];
    if (rule === undefined) throw new Error('there is no rule');
    change(rule, changed);
    expect(checkAlerts(alerting, around)).toEqual([]);
    expect(
      checkAlerts(changed, around)
        .map(({ message }) => message)
        .join('\n'),
    ).toMatch(says);
  });
});
