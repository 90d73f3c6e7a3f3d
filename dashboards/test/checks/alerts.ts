import { type Dashboard, infinityType, panelsOf, prometheusType, type SourceRef } from '../dashboard-files.ts';
import { readQuery } from '../infinity/query.ts';
import { NotEmulated } from '../not-emulated.ts';
import type { Alerting, AlertRule, RuleQuery } from '../provisioning.ts';
import { findOperation, type Operation } from '../schema.ts';
import { type Problem, repeated } from './problem.ts';

export interface AlertSurroundings {
  folders: readonly string[];
  sources: readonly Required<SourceRef>[];
  dashboards: readonly Dashboard[];
  operations: readonly Operation[];
}

/** Nobody fills in a page's variables for an alert rule: what is left are the macros of the plugin's backend. */
const onlyOnPages = /\$(?!\{__time(From|To)\b|__combineValues\b)[\w{[]|\[\[\w/;
const expression = '__expr__';

/** Alert rules: ids, folders, sources, ranges, conditions, what happens without data, receivers that exist, and queries that need no page. */
export function checkAlerts({ groups, contactPoints, policies }: Alerting, around: AlertSurroundings): Problem[] {
  const rules = groups.flatMap((group) => group.rules.map((rule) => ({ ...rule, folder: group.folder })));
  const receivers = contactPoints.map(({ name }) => name);
  const problem = (where: string, message: string): Problem => ({ check: 'alerts', where, message });
  const heard = [
    ...policies.flatMap(({ receiver, routes = [] }) => [receiver, ...routes.map((route) => route.receiver)]),
    ...rules.map(({ notification_settings: own }) => own?.receiver),
  ].filter((name) => name !== undefined);
  return [
    ...repeated(rules.map(({ uid }) => uid)).map((uid) => problem('rules', `the uid ${uid} is there more than once`)),
    ...repeated(rules.map(({ folder, title }) => `${folder}: ${title}`)).map((title) =>
      problem('rules', `two are called ${title}`),
    ),
    ...repeated(contactPoints.flatMap((point) => point.receivers.map(({ uid }) => uid))).map((uid) =>
      problem('contact points', `the uid ${uid} is there more than once`),
    ),
    ...heard
      .filter((name) => !receivers.includes(name))
      .map((name) => problem('policies', `the contact point ${name} isn't provisioned`)),
    ...groups
      .filter(({ interval }) => !isDuration(interval))
      .map(({ name, interval }) => problem(name, `the interval ${interval} is none`)),
    ...rules.flatMap((rule) => checkRule(rule, around).map((message) => problem(`rule ${rule.uid}`, message))),
  ];
}

function checkRule(rule: AlertRule & { folder: string }, around: AlertSurroundings): string[] {
  const { uid, title, folder, condition, data, noDataState = '', execErrState = '', annotations = {} } = rule;
  const refIds = data.map(({ refId }) => refId);
  const dashboard = around.dashboards.find((one) => one.uid === rule.dashboardUid);
  const isSomewhere =
    rule.dashboardUid === undefined ||
    (dashboard !== undefined && panelsOf(dashboard).some(({ id }) => id === rule.panelId));
  return [
    ...(/^[\w-]{1,40}$/.test(uid) ? [] : ['the uid is none']),
    ...(title.trim() === '' || (annotations.summary ?? '') === '' ? ['has no title or no summary'] : []),
    ...(around.folders.includes(folder) ? [] : [`the folder ${folder} isn't provisioned`]),
    ...(refIds.includes(condition) ? [] : [`the condition ${condition} is no query of it`]),
    ...(['OK', 'NoData', 'Alerting', 'KeepLast'].includes(noDataState)
      ? []
      : [`says nothing sensible about no data: ${noDataState}`]),
    ...(['OK', 'Error', 'Alerting', 'KeepLast'].includes(execErrState)
      ? []
      : [`says nothing sensible about errors: ${execErrState}`]),
    ...(isDuration(rule.for ?? '0s') ? [] : [`waits for ${rule.for}`]),
    ...(isSomewhere ? [] : [`belongs to panel ${rule.panelId} of ${rule.dashboardUid}, which isn't there`]),
    ...data.flatMap((query) => checkRuleQuery(query, refIds, around)),
  ];
}

const isDuration = (text: string): boolean => /^\d+(ms|s|m|h|d)$/.test(text);

function checkRuleQuery(
  { refId, datasourceUid, relativeTimeRange, model }: RuleQuery,
  refIds: readonly string[],
  around: AlertSurroundings,
): string[] {
  const named = `query ${refId}`;
  const onPage = onlyOnPages.exec(JSON.stringify(model));
  const problems =
    onPage === null
      ? []
      : [
          `${named} has ${onPage[0]}…, which only a page fills in: \${__timeFrom} and \${__timeTo} are filled in for rules`,
        ];
  if (datasourceUid === expression) {
    const read = String(model.expression ?? '');
    const isKnown = refIds.includes(read.replace(/^\$\{?(\w+)\}?$/, '$1')) || model.type === 'math';
    return [...problems, ...(isKnown ? [] : [`${named} reads ${read}, which is no query of it`])];
  }
  const source = around.sources.find(({ uid }) => uid === datasourceUid);
  if (source === undefined) return [...problems, `${named} asks ${datasourceUid}, which isn't provisioned`];
  const { from = 0, to = 0 } = relativeTimeRange ?? {};
  if (from <= to) problems.push(`${named} has no time range`);
  if (source.type === prometheusType)
    return [...problems, ...(String(model.expr ?? '') === '' ? [`${named} has no expression`] : [])];
  if (source.type !== infinityType) return [...problems, `${named} asks a source of the type ${source.type}`];
  try {
    const { method, url } = readQuery(model);
    if (findOperation(around.operations, method, url) === undefined)
      problems.push(`${named}: the query API has no ${method} ${url}`);
  } catch (error) {
    if (!(error instanceof NotEmulated)) throw error;
    problems.push(`${named}: ${error.message}`);
  }
  return problems;
}
