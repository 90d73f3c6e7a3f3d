import type { ClickHouse } from '@michinori/clickhouse';
import {
  alertLeaseBeats,
  listAlertRules,
  newestAlertEvaluations,
  newestAlertRules,
  untoldAlertEvaluations,
} from '@michinori/queries';
import type { LeaseStore } from './lease.ts';
import { noticesText, readNotices, readRemembered, rememberedText } from './remembered-text.ts';
import type { RuleStore, Untold } from './rule-store.ts';

const ruleColumns = ['alert', 'version', 'source', 'is_deleted', 'origin', 'changed_at', 'changed_by'];
const evaluationColumns = ['alert', 'evaluated_at', 'journey', 'source', 'state', 'transitions', 'notices', 'rows'];

/** Rules and evaluations in the tables `alert_rules`, `rule_definitions` (which is only read) and `alert_evaluations`. */
export function createClickHouseRuleStore(clickhouse: ClickHouse): RuleStore {
  return {
    rules: () => listAlertRules(clickhouse, { onWriter: true }),
    async change(changes, nowUs) {
      if (changes.length === 0) return;
      const newest = new Map(
        (await clickhouse.queryOnWriter(newestAlertRules, {})).map((row) => [row.alert, row.version]),
      );
      const rows = changes.map(({ alert, source, changedBy }) => {
        const version = Math.max(nowUs, (newest.get(alert) ?? 0) + 1);
        return [alert, version, source ?? '', source === null ? 1 : 0, 'file', nowUs, changedBy];
      });
      await clickhouse.insert({ table: 'alert_rules', columns: ruleColumns, rows });
    },
    async lastEvaluations() {
      const rows = await clickhouse.queryOnWriter(newestAlertEvaluations, {});
      return rows.map(({ alert, evaluatedUs, source, state }) => ({
        ...{ alert, evaluatedUs, source },
        remembered: readRemembered(state),
      }));
    },
    async untold() {
      const rows = await clickhouse.queryOnWriter(untoldAlertEvaluations, {});
      return rows.map(({ notices, ...row }): Untold => ({ ...row, notices: readNotices(notices) }));
    },
    async append({ alert, evaluatedUs, journey, source, remembered, transitions, notices, rows }) {
      const texts = [
        rememberedText(remembered),
        JSON.stringify(transitions),
        noticesText(notices),
        JSON.stringify(rows),
      ];
      const row = [alert, evaluatedUs, journey, source, ...texts];
      await clickhouse.insert({ table: 'alert_evaluations', columns: evaluationColumns, rows: [row] });
    },
    async markTold({ alert, evaluatedUs }) {
      await clickhouse.insert({
        table: 'alert_told',
        columns: ['alert', 'evaluated_at'],
        rows: [[alert, evaluatedUs]],
      });
    },
  };
}

/** The lease of the alerters in the table `alert_leases`. */
export function createClickHouseLeaseStore(clickhouse: ClickHouse, lease = 'alerter'): LeaseStore {
  return {
    async beat(holder, kind) {
      const row = [lease, holder, kind];
      await clickhouse.insert({ table: 'alert_leases', columns: ['lease', 'holder', 'kind'], rows: [row] });
    },
    async read(spanUs) {
      const [row] = await clickhouse.queryOnWriter(alertLeaseBeats, { lease, spanUs });
      const beats = (row?.beats ?? []).map(([atUs, holder, kind]) => ({ atUs, holder, kind }));
      return { nowUs: row?.nowUs ?? 0, beats };
    },
  };
}
