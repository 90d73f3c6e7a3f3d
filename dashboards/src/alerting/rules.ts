import { api } from '../datasources.ts';

/** What a rule asks, and when its alert is there. */
export interface AlertRuleSpec {
  uid: string;
  title: string;
  summary: string;
  description: string;
  /** jq over an answer of `GET /v1/alerts`: a row per series, with texts (they become labels) and one number, `value`. */
  rows: string;
  /** How long `value` must be above 0. */
  for: string;
  labels: Readonly<Record<string, string>>;
}

/** Texts that name a series; a label must not change while its alert stands, so the state is none of them. */
const series = 'alert, journey, stage, segment, touchpoint: (.touchpoint // ""), severity';

/** The alerter judges; these repeat what it says, so that Grafana shows it and may route it. */
export const rules: readonly AlertRuleSpec[] = [
  {
    uid: 'michinori-alarm',
    title: 'Michinori: a stage is not as usual',
    summary:
      '{{ $labels.alert }}: {{ $labels.journey }} / {{ $labels.stage }} {{ $labels.segment }} {{ $labels.touchpoint }}',
    description:
      'An alarm of Michinori’s alerter, repeated: it has minimum sample, false-alarm budget and hysteresis, Grafana adds none. Numbers: the panel “What is unusual” of the Journey wall, or GET /v1/alerts.',
    rows: `.rows | map({${series}, value: (if .firing then 1 else 0 end)})`,
    for: '0s',
    labels: { repeats: 'michinori' },
  },
  {
    uid: 'michinori-not-judged',
    title: 'Michinori: a series can’t be judged',
    summary:
      '{{ $labels.alert }} has not been judged for {{ $labels.journey }} / {{ $labels.stage }}: data are late, or its query fails',
    description:
      'While it is so an alarm there would come late. GET /v1/alerts has the state; the log of the alerter says why.',
    rows: `.rows | map({${series}, value: (if .state == "late-data" or .state == "query-failed" then 1 else 0 end)})`,
    for: '1h',
    labels: { severity: 'ticket' },
  },
];

/** One rule as Grafana provisions it. */
export function provisionedRule(spec: AlertRuleSpec, panel: { dashboardUid: string; panelId: number }) {
  const { uid, title, summary, description, rows, labels } = spec;
  return {
    uid,
    title,
    condition: 'firing',
    data: [
      {
        refId: 'series',
        // The answer is about now; the range is there because Grafana wants one.
        relativeTimeRange: { from: 600, to: 0 },
        datasourceUid: api.uid,
        model: {
          refId: 'series',
          datasource: api,
          type: 'json',
          source: 'url',
          parser: 'jq-backend',
          format: 'table',
          url: '/v1/alerts',
          url_options: { method: 'GET', params: [] },
          root_selector: rows,
          columns: [],
          filters: [],
        },
      },
      {
        refId: 'firing',
        relativeTimeRange: { from: 600, to: 0 },
        datasourceUid: '__expr__',
        model: {
          refId: 'firing',
          datasource: { type: '__expr__', uid: '__expr__' },
          type: 'threshold',
          expression: 'series',
          conditions: [{ evaluator: { type: 'gt', params: [0] } }],
        },
      },
    ],
    // No rows: no rule has been evaluated yet, or none is there. That is no alarm.
    noDataState: 'OK',
    // The API doesn't answer: neither a new alarm nor the end of one. Prometheus pages for that.
    execErrState: 'KeepLast',
    for: spec.for,
    ...panel,
    annotations: { summary, description },
    labels,
    isPaused: false,
  };
}
