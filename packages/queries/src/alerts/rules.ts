import { defineQuery, integerColumn } from '@michinori/clickhouse';
import { z } from 'zod';

/** Rules of alerts as they were changed last, also those that were taken away, by id. */
export const newestAlertRules = defineQuery({
  name: 'alert_rules_newest',
  sql: `
    SELECT alert, max(row.1) AS version, argMax(row.2, row.1) AS source, argMax(row.3, row.1) AS deleted, argMax(row.4, row.1) AS origin
    FROM (SELECT alert, (version, source, is_deleted, toString(origin)) AS row FROM alert_rules)
    GROUP BY alert
    ORDER BY alert`,
  params: z.object({}),
  row: z
    .object({
      alert: z.string(),
      version: integerColumn,
      source: z.string(),
      deleted: z.number(),
      origin: z.enum(['file', 'api']),
    })
    .transform(({ deleted, ...row }) => ({ ...row, isDeleted: deleted === 1 })),
});

/** Condition of the newest evaluation of every rule: the sorting key finds it without reading the others. */
const isNewest = `(alert, evaluated_at) GLOBAL IN (SELECT alert, max(evaluated_at) FROM alert_evaluations GROUP BY alert)`;

/** The newest evaluation of every rule: the rule as it was, and what is remembered of it (JSON). */
export const newestAlertEvaluations = defineQuery({
  name: 'alert_evaluations_newest',
  sql: `
    SELECT alert, evaluated_at AS evaluatedUs, source, state
    FROM alert_evaluations
    WHERE ${isNewest}
    ORDER BY alert
    LIMIT 1 BY alert`,
  params: z.object({}),
  row: z.object({ alert: z.string(), evaluatedUs: integerColumn, source: z.string(), state: z.string() }),
});

/** The rows for lists (JSON) of the newest evaluation of every rule, or of one rule or journey where they aren't `''`. */
export const newestAlertRows = defineQuery({
  name: 'alert_rows_newest',
  sql: `
    SELECT alert, rows AS texts
    FROM alert_evaluations
    WHERE ${isNewest} AND {alert:String} IN ('', alert) AND {journey:String} IN ('', journey)
    ORDER BY alert
    LIMIT 1 BY alert`,
  params: z.object({ alert: z.string(), journey: z.string() }),
  row: z.object({ alert: z.string(), texts: z.string() }),
});

/** What is to be told and may not have reached the outbox, JSON, in the order of the evaluations. */
export const untoldAlertEvaluations = defineQuery({
  name: 'alert_evaluations_untold',
  sql: `
    SELECT alert, evaluated_at AS evaluatedUs, any(notices) AS notes
    FROM alert_evaluations
    WHERE notices != '[]' AND (alert, evaluated_at) GLOBAL NOT IN (SELECT alert, evaluated_at FROM alert_told)
    GROUP BY alert, evaluated_at
    ORDER BY evaluated_at, alert`,
  params: z.object({}),
  row: z
    .object({ alert: z.string(), evaluatedUs: integerColumn, notes: z.string() })
    .transform(({ notes: notices, ...row }) => ({ ...row, notices })),
});

/** What happened to the episodes of alerts in a time (µs), JSON, the newest evaluation first; of all rules and journeys where they are `''`. */
export const pastAlertTransitions = defineQuery({
  name: 'alert_transitions_past',
  sql: `
    SELECT alert, journey, evaluated_at AS evaluatedUs, transitions AS texts
    FROM alert_evaluations
    WHERE evaluated_at >= {fromUs:Int64} AND evaluated_at < {toUs:Int64} AND transitions != '[]'
      AND {alert:String} IN ('', alert) AND {journey:String} IN ('', journey)
    ORDER BY evaluated_at DESC, alert
    LIMIT 1 BY alert, evaluated_at
    LIMIT {limit:UInt32}`,
  params: z.object({ fromUs: z.int(), toUs: z.int(), alert: z.string(), journey: z.string(), limit: z.int() }),
  row: z.object({ alert: z.string(), journey: z.string(), evaluatedUs: integerColumn, texts: z.string() }),
});

/** Signs of life of those who want a lease, in any order, and what the clock of the server says; µs since 1970. */
export const alertLeaseBeats = defineQuery({
  name: 'alert_lease_beats',
  sql: `
    SELECT toUnixTimestamp64Micro(now64(6)) AS nowUs,
      groupArray((toUnixTimestamp64Micro(at), holder, toString(kind))) AS beats
    FROM alert_leases
    WHERE lease = {lease:String} AND at > now64(6) - toIntervalMicrosecond({spanUs:Int64})`,
  params: z.object({ lease: z.string(), spanUs: z.int() }),
  row: z.object({
    nowUs: integerColumn,
    beats: z.array(z.tuple([integerColumn, z.string(), z.enum(['claim', 'lead', 'end'])])),
  }),
});
