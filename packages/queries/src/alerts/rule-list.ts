import { type ClickHouse, defineQuery, microsecondsColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';

/** A rule of alerts as it stands. */
export interface ListedRule {
  readonly alert: string;
  /** The YAML text of the one rule. */
  readonly source: string;
  /** `file`: it stands in a file of the alerter. `api`: it came through the log. */
  readonly origin: 'file' | 'api';
  /** Microseconds since 1970. */
  readonly changedAtUs: number;
  /** The file, or the visible part of the key that was used. */
  readonly changedBy: string;
}

/**
 * Rules as they stand, by id. A rule of a file hides one of the same id that came through the log, for as long as it stands there. Of the latter the last
 * record in the log holds, whatever the clocks of its writers said; where the log was made anew, the log that was written to last.
 */
const listedRules = defineQuery({
  name: 'alert_rules_listed',
  sql: `
    SELECT alert, argMin(own, own.1) AS rule, if(rule.1 = 1, 'file', 'api') AS origin, rule.2 AS source, rule.3 AS changed_at, rule.4 AS changed_by
    FROM (
      SELECT alert, (1, newest.1, newest.2, newest.3) AS own, newest.4 AS deleted
      FROM (
        SELECT alert, argMax((source, changed_at, changed_by, is_deleted), version) AS newest
        FROM alert_rules
        GROUP BY alert)
      UNION ALL
      SELECT alert, (2, newest.1, newest.2, newest.3) AS own, newest.4 AS deleted
      FROM (
        SELECT alert, argMax(last, last.2) AS newest
        FROM (
          SELECT alert, argMax((source, changed_at, changed_by, is_deleted), (log_partition, log_offset)) AS last
          FROM rule_definitions
          GROUP BY alert, log)
        GROUP BY alert))
    WHERE deleted = 0 AND {alert:String} IN ('', alert)
    GROUP BY alert
    ORDER BY alert`,
  params: z.object({ alert: z.string() }),
  row: z.object({
    alert: z.string(),
    origin: z.enum(['file', 'api']),
    source: z.string(),
    changed_at: microsecondsColumn,
    changed_by: z.string(),
  }),
});

/**
 * The rules that there are.
 *
 * @param asked.alert only this one
 * @param asked.onWriter reads what this process has just written
 */
export async function listAlertRules(
  clickhouse: ClickHouse,
  { alert = '', onWriter = false }: { readonly alert?: string; readonly onWriter?: boolean } = {},
  options?: QueryOptions,
): Promise<ListedRule[]> {
  const rows = onWriter
    ? await clickhouse.queryOnWriter(listedRules, { alert }, options)
    : await clickhouse.query(listedRules, { alert }, options);
  return rows.map(({ changed_at, changed_by, ...row }) => ({ ...row, changedAtUs: changed_at, changedBy: changed_by }));
}
