import { describe, expect, it } from 'vitest';
import { alertSurroundings } from './checked-files.ts';
import { checkAlerts } from './checks/alerts.ts';
import { readDashboards } from './dashboard-files.ts';
import { type Alerting, provisionedAlerting } from './provisioning.ts';

describe('a mistake in an alert rule is found', () => {
  const alerting = provisionedAlerting();
  const around = alertSurroundings(readDashboards());
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
