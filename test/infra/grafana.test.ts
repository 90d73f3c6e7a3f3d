import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportedMetrics, seriesOf } from './exported-metrics.ts';
import { filesEnding, infra, readText, readYaml } from './files.ts';
import { parsePromQl } from './promql.ts';

interface Provider {
  folder: string;
  folderUid: string;
  options: { path: string };
}

interface AlertRule {
  uid: string;
  condition: string;
  data: {
    refId: string;
    datasourceUid: string;
    relativeTimeRange: { from: number; to: number };
    model: { parser?: string };
  }[];
  noDataState: string;
  execErrState: string;
  dashboardUid: string;
  panelId: number;
  annotations: Record<string, string>;
}

const [{ providers }] = readYaml('grafana/provisioning/dashboards/michinori.yaml') as [{ providers: Provider[] }];
const [{ datasources }] = readYaml('grafana/provisioning/datasources/michinori.yaml') as [
  { datasources: { uid: string }[] },
];
const mount = '/etc/grafana/dashboards';
const json = join(infra, '..', 'dashboards', 'json');
const inFolder = (provider: Provider) => join(json, provider.options.path.slice(mount.length + 1));
const boards = providers.flatMap((provider) =>
  readdirSync(inFolder(provider)).map((name) => {
    const dashboard = JSON.parse(readFileSync(join(inFolder(provider), name), 'utf8'));
    return { file: `${provider.folder}/${name}`, dashboard };
  }),
);
const expressions = boards.flatMap(({ file, dashboard }) =>
  [...JSON.stringify(dashboard).matchAll(/"expr":("(?:[^"\\]|\\.)*")/g)].map(([, expr = '""']) => ({
    file,
    expr: JSON.parse(expr),
  })),
);

describe('dashboards of Grafana', () => {
  it('are mounted without their sources, a folder for each language', () => {
    expect(readText('compose.yaml')).toContain(`../dashboards/json:${mount}:ro`);
    expect(providers.map(({ folder }) => folder)).toEqual(['Michinori', 'Michinori（日本語）']);
    expect(providers.map(({ options }) => options.path)).toEqual([`${mount}/en`, `${mount}/ja`]);
    expect(new Set(providers.map(({ folderUid }) => folderUid)).size).toBe(2);
    expect(boards).toHaveLength(18);
  });

  it('read sources that are provisioned', () => {
    const uids = new Set(datasources.map(({ uid }) => uid));
    for (const { file, dashboard } of boards) {
      const used = [...JSON.stringify(dashboard).matchAll(/"datasource":\{"type":"[^"]+","uid":"([^"]+)"/g)];
      expect(used.length, file).toBeGreaterThan(0);
      for (const [, uid = ''] of used) expect(uids, file).toContain(uid);
    }
  });

  it('read series of Prometheus that somebody exports or records', async () => {
    const recorded = filesEnding('prometheus/rules', '.yml').flatMap((file) =>
      [...readText(file).matchAll(/record: (\S+)/g)].map(([, name]) => name),
    );
    const exported = [...(await exportedMetrics())].flatMap(([name, metric]) => seriesOf(name, metric));
    const known = new Set([...recorded, ...exported, 'up']);
    expect(expressions.length).toBeGreaterThan(20);
    for (const { file, expr } of expressions) {
      const { errors, selectors } = parsePromQl(expr);
      expect(errors, `${file}: ${expr}`).toEqual([]);
      expect(selectors.length, expr).toBeGreaterThan(0);
      expect(
        selectors.map(({ metric }) => metric).filter((metric) => !known.has(metric)),
        `${file}: ${expr}`,
      ).toEqual([]);
    }
  });
});

describe('alerts of Grafana', () => {
  const folder = 'grafana/provisioning/alerting';
  const [{ groups }] = readYaml(`${folder}/rules.yaml`) as [
    { groups: { folder: string; interval: string; rules: AlertRule[] }[] },
  ];
  const [{ contactPoints }] = readYaml(`${folder}/contact-points.yaml`) as [
    { contactPoints: { name: string; receivers: { settings: { url: string } }[] }[] },
  ];
  const [{ policies, muteTimes }] = readYaml(`${folder}/policies.yaml`) as [
    {
      policies: { receiver: string; routes: { receiver: string; mute_time_intervals: string[] }[] }[];
      muteTimes: { name: string }[];
    },
  ];
  const rules = groups.flatMap((group) => group.rules);

  it('ask on the server’s side, in a range that is relative', () => {
    expect(rules.length).toBeGreaterThan(1);
    const uids = new Set([...datasources.map(({ uid }) => uid), '__expr__']);
    for (const { uid, data, condition } of rules) {
      expect(
        data.map(({ refId }) => refId),
        uid,
      ).toContain(condition);
      for (const { datasourceUid, relativeTimeRange, model } of data) {
        expect(uids).toContain(datasourceUid);
        expect(relativeTimeRange.from).toBeGreaterThan(relativeTimeRange.to);
        if (datasourceUid === 'michinori') expect(model.parser).toMatch(/backend$/);
      }
    }
  });

  it('are silent when there is nothing to judge, and keep their state when the API does not answer', () => {
    for (const { noDataState, execErrState } of rules)
      expect({ noDataState, execErrState }).toEqual({ noDataState: 'OK', execErrState: 'KeepLast' });
  });

  it('lead to the panel that shows what they are about', () => {
    const wall = boards.find(({ dashboard }) => dashboard.uid === 'michinori-wall')?.dashboard;
    for (const { dashboardUid, panelId } of rules) {
      expect(dashboardUid).toBe('michinori-wall');
      expect(wall.panels.find(({ id }: { id: number }) => id === panelId).title).toBe('What is unusual');
    }
  });

  it('go to a contact point that exists, in the folder of the dashboards', () => {
    const names = contactPoints.map(({ name }) => name);
    for (const { receiver, routes } of policies) {
      for (const one of [receiver, ...routes.map((route) => route.receiver)]) expect(names).toContain(one);
      const muted = routes.flatMap((route) => route.mute_time_intervals);
      expect(muted.length).toBeGreaterThan(0);
      for (const one of muted) expect(muteTimes.map(({ name }) => name)).toContain(one);
    }
    expect(groups.map((group) => group.folder)).toEqual(groups.map(() => providers[0]?.folder));
    const [alertmanager] = contactPoints.flatMap(({ receivers }) => receivers.map(({ settings }) => settings.url));
    expect(readText('compose.yaml')).toContain('alertmanager:');
    expect(alertmanager).toBe('http://alertmanager:9093');
  });

  it('have no dollar sign that provisioning would take for a variable of the environment', () => {
    for (const file of filesEnding(folder, '.yaml')) {
      expect(readText(file).replaceAll('$$', ''), file).not.toContain('$');
    }
    for (const { annotations } of rules) expect(annotations.summary).toContain('{{ $$labels.alert }}');
  });
});
