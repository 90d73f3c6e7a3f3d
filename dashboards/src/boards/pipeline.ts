import { colours, risingBad } from '../colours.ts';
import type { DashboardSpec } from '../dashboard.ts';
import { timeRange } from '../infinity.ts';
import { metricLines, metricStat } from '../panels/metrics.ts';
import { table } from '../panels/table.ts';

const bad = [
  { value: null, color: colours.blue },
  { value: 1, color: colours.vermillion },
];

/** Is everything that was sent in the answers, and how soon? */
export const pipeline: DashboardSpec = {
  name: 'pipeline',
  title: { en: 'Pipeline', ja: 'パイプライン' },
  description: {
    en: 'From the first request to the answer: lag, delay, rejects, audit, speed of questions. Recorded series of infra/prometheus/rules.',
    ja: '受信から集計までの状態です。ラグ、遅延、拒否、監査、問い合わせの速度を示します。系列はinfra/prometheus/rulesで記録しています。',
  },
  variables: [],
  from: 'now-6h',
  refresh: '30s',
  boardPage: '/data',
  rows: [
    [
      metricStat({
        title: { en: 'Missing events', ja: '欠落イベント' },
        description: {
          en: 'Acknowledged events that the auditor finds neither in the tables nor in the dead letters. Must be 0.',
          ja: '受領済みなのに、テーブルにもデッドレターにも見つからないイベントの数です。常に0でなければなりません。',
        },
        width: 4,
        height: 5,
        metrics: [{ expression: 'sum(michinori_audit_missing_events)' }],
        unit: 'locale',
        decimals: 0,
        steps: bad,
      }),
      metricStat({
        title: { en: 'Extra rows', ja: '余剰行' },
        description: {
          en: 'Rows that follow from no record of the log. Must be 0.',
          ja: 'ログのどのレコードにも対応しない行の数です。常に0でなければなりません。',
        },
        width: 4,
        height: 5,
        metrics: [{ expression: 'sum(michinori_audit_extra_rows)' }],
        unit: 'locale',
        decimals: 0,
        steps: bad,
      }),
      metricStat({
        title: { en: 'Age of the answers', ja: '集計の鮮度' },
        description: {
          en: 'Answers lack events that were received longer ago than this at most. Above 5 minutes somebody is paged.',
          ja: '集計にまだ含まれていない可能性があるイベントの、受信からの経過時間です。5分を超えると通知されます。',
        },
        width: 4,
        height: 5,
        metrics: [{ expression: 'deployment:michinori_watermark_age_seconds:min' }],
        unit: 's',
        decimals: 0,
        steps: risingBad(60, 300),
      }),
      metricStat({
        title: { en: 'Waiting in the log', ja: 'ログの滞留' },
        description: {
          en: 'Events that were received and aren’t in the tables yet.',
          ja: '受信済みで、まだテーブルに書き込まれていないイベントの数です。',
        },
        width: 4,
        height: 5,
        metrics: [{ expression: 'topic:michinori_log_lag_events:sum{topic="events"}' }],
        unit: 'locale',
        decimals: 0,
        steps: risingBad(10_000, 100_000),
      }),
      metricStat({
        title: { en: 'Visible after (99 %)', ja: '反映までの時間（99%）' },
        description: {
          en: 'Within this time 99 of 100 events of the last 5 minutes became visible in answers.',
          ja: '直近5分のイベントのうち、99%がこの時間以内に集計へ反映されました。',
        },
        width: 4,
        height: 5,
        metrics: [{ expression: 'deployment:michinori_end_to_end_delay_seconds:p99_5m' }],
        unit: 's',
        decimals: 1,
        steps: risingBad(10, 60),
      }),
      metricStat({
        title: { en: 'Services up', ja: '稼働中のサービス' },
        description: {
          en: 'Share of the processes of ingest, processor, query API and alerter that Prometheus reaches.',
          ja: 'ingest・processor・query API・alerterのうち、Prometheusから到達できるプロセスの割合です。',
        },
        width: 4,
        height: 5,
        metrics: [{ expression: 'avg(up{job=~"ingest|query-api|processor|alerter"})' }],
        unit: 'percentunit',
        decimals: 0,
        steps: [
          { value: null, color: colours.vermillion },
          { value: 1, color: colours.blue },
        ],
      }),
    ],
    [
      metricLines({
        title: { en: 'Events by outcome', ja: '受信イベント（結果別）' },
        description: {
          en: 'Events a second that ingest accepted or rejected, over 5 minutes.',
          ja: 'ingestが受理・拒否した毎秒のイベント数です（5分平均）。',
        },
        width: 12,
        height: 9,
        metrics: [{ expression: 'outcome:michinori_ingest_events:rate5m', legend: '{{outcome}}' }],
        unit: 'eps',
      }),
      metricLines({
        title: { en: 'Waiting in the log', ja: 'ログの滞留の推移' },
        description: {
          en: 'Records that consumers have not committed yet, topic by topic. A line that only rises: too few processors, or one that is stuck.',
          ja: 'コンシューマーがまだコミットしていないレコード数です（トピック別）。増え続ける場合は、processorの不足か停止が考えられます。',
        },
        width: 12,
        height: 9,
        metrics: [{ expression: 'topic:michinori_log_lag_events:sum', legend: '{{topic}}' }],
        unit: 'locale',
      }),
    ],
    [
      metricLines({
        title: { en: 'From receipt to answer', ja: '受信から反映までの時間' },
        description: {
          en: 'Half and 99 of 100 of the events of the last 5 minutes were visible within this time.',
          ja: '直近5分のイベントのうち、50%・99%がこの時間以内に反映されました。',
        },
        width: 12,
        height: 9,
        metrics: [
          {
            expression: 'deployment:michinori_end_to_end_delay_seconds:p50_5m',
            legend: { en: 'half', ja: '50%' },
          },
          {
            expression: 'deployment:michinori_end_to_end_delay_seconds:p99_5m',
            legend: { en: '99 of 100', ja: '99%' },
          },
        ],
        unit: 's',
      }),
      metricLines({
        title: { en: 'Dead letters by reason', ja: 'デッドレター（理由別）' },
        description: {
          en: 'Records a second that were refused, over 15 minutes. What they were stands in the table below.',
          ja: '拒否された毎秒のレコード数です（15分平均）。内容は下の表を確認してください。',
        },
        width: 12,
        height: 9,
        metrics: [{ expression: 'reason:michinori_dead_letters:rate15m', legend: '{{reason}}' }],
        unit: 'cps',
      }),
    ],
    [
      metricLines({
        title: { en: 'Rows written, customers to derive', ja: '書き込み行数と再計算待ちの顧客' },
        description: {
          en: 'Rows a second that the sink writes; customers whose journeys wait to be derived again.',
          ja: 'シンクが毎秒書き込む行数と、ジャーニーの再計算を待つ顧客の数です。',
        },
        width: 8,
        height: 9,
        metrics: [
          { expression: 'deployment:michinori_sink_rows:rate5m', legend: { en: 'rows a second', ja: '行/秒' } },
          {
            expression: 'lane:michinori_projection_dirty_customers:sum',
            legend: { en: 'waiting ({{lane}})', ja: '待ち（{{lane}}）' },
          },
        ],
        unit: 'locale',
      }),
      metricLines({
        title: { en: 'Questions: 95 of 100 are answered within', ja: '問い合わせの応答時間（95%）' },
        description: {
          en: 'Time of the query API over 5 minutes, question by question.',
          ja: 'query APIの応答時間です（5分間、問い合わせの種類別）。',
        },
        width: 8,
        height: 9,
        metrics: [{ expression: 'query:michinori_query_duration_seconds:p95_5m', legend: '{{query}}' }],
        unit: 's',
      }),
      metricLines({
        title: { en: 'Requests that failed', ja: '失敗したリクエスト' },
        description: {
          en: 'Share of the requests to ingest that it could not take (5xx); clients send them again.',
          ja: 'ingestが受け取れなかったリクエスト（5xx）の割合です。クライアントは再送します。',
        },
        width: 8,
        height: 9,
        metrics: [
          {
            expression: 'deployment:michinori_ingest_failed_requests:ratio_rate5m',
            legend: { en: 'failed', ja: '失敗' },
          },
        ],
        unit: 'percentunit',
      }),
    ],
    [
      table({
        title: { en: 'What was refused', ja: '拒否されたイベント' },
        description: {
          en: 'The newest 100 dead letters of the time range: why, where in the event, and its id.',
          ja: '期間内のデッドレター（新しい順に最大100件）です。理由、イベント内の位置、IDを示します。',
        },
        width: 24,
        height: 9,
        question: { path: '/v1/dead-letters', parameters: { ...timeRange, limit: '100' } },
        columns: ['receivedAt', 'source', 'code', 'path', 'message', 'eventId'],
        noValue: { en: 'Nothing was refused', ja: '拒否されたイベントはありません' },
      }),
    ],
  ],
};
