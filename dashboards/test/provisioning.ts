import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { filesEnding, infra, readYaml } from '../../test/infra/files.ts';
import type { SourceRef } from './dashboard-files.ts';
import type { Datasource } from './infinity/request.ts';

interface ProvisionedSource extends Required<SourceRef> {
  jsonData: { url?: string; allowedHosts?: string[]; auth_method?: string };
}

const folder = 'grafana/provisioning';

function documents<T>(name: string): T[] {
  const path = `${folder}/${name}`;
  if (!existsSync(join(infra, path))) return [];
  return [...filesEnding(path, '.yaml'), ...filesEnding(path, '.yml')].flatMap((file) => readYaml(file) as T[]);
}

/** The sources that Grafana gets. */
export const provisionedSources = (): ProvisionedSource[] =>
  documents<{ datasources: ProvisionedSource[] }>('datasources').flatMap(({ datasources }) => datasources);

/** The Infinity datasource as it is provisioned, but for another address of the query API. */
export function infinityAt(url: string): Datasource {
  const source = provisionedSources().find(({ type }) => type === 'yesoreyeram-infinity-datasource');
  const { url: own = '', allowedHosts = [] } = source?.jsonData ?? {};
  return { url, bearerToken: null, allowedHosts: allowedHosts.map((host) => host.replace(own, url)) };
}

/** Folders of Grafana that provisioning makes. */
export const provisionedFolders = (): string[] =>
  documents<{ providers: { folder?: string }[] }>('dashboards')
    .flatMap(({ providers }) => providers.map(({ folder: name = '' }) => name))
    .filter((name) => name !== '');

/** A query or an expression of an alert rule. */
export interface RuleQuery {
  refId: string;
  datasourceUid: string;
  relativeTimeRange?: { from: number; to: number };
  model: Record<string, unknown>;
}

export interface AlertRule {
  uid: string;
  title: string;
  condition: string;
  data: RuleQuery[];
  for?: string;
  noDataState?: string;
  execErrState?: string;
  dashboardUid?: string;
  panelId?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  notification_settings?: { receiver?: string };
}

export interface Alerting {
  groups: { name: string; folder: string; interval: string; rules: AlertRule[] }[];
  contactPoints: { name: string; receivers: { uid: string; type: string; settings: Record<string, unknown> }[] }[];
  policies: { receiver?: string; routes?: { receiver?: string }[] }[];
}

/** Grafana puts variables of its environment into provisioned texts (pkg/services/provisioning/values): `$$` is what stays as `$`. */
function expanded(value: unknown): unknown {
  if (typeof value === 'string') {
    const single = /(?<!\$)(?:\$\$)*\$(?!\$)\{?[A-Za-z_]/.exec(value);
    if (single !== null)
      throw new Error(
        `a provisioned text has a single $, which Grafana reads as a variable of its environment: ${value}`,
      );
    return value.replaceAll('$$', '$');
  }
  if (Array.isArray(value)) return value.map(expanded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, expanded(inner)]));
}

/** Rules, contact points and policies that Grafana gets. */
export function provisionedAlerting(): Alerting {
  const all = documents<Partial<Alerting>>('alerting').map(expanded) as Partial<Alerting>[];
  return {
    groups: all.flatMap(({ groups = [] }) => groups),
    contactPoints: all.flatMap(({ contactPoints = [] }) => contactPoints),
    policies: all.flatMap(({ policies = [] }) => policies),
  };
}
