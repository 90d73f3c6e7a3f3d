import { alarms, changes } from '../annotations.ts';
import { colours } from '../colours.ts';
import type { DashboardSpec } from '../dashboard.ts';
import { timeRange, titles } from '../infinity.ts';
import { bars } from '../panels/bars.ts';
import { lines } from '../panels/lines.ts';
import { stat } from '../panels/stat.ts';
import { table } from '../panels/table.ts';
import { buckets, journey, timezone } from '../variables.ts';
import { counted } from './phrases.ts';

const below = '/v1/journeys/${journey}';
const alarm = [
  { value: null, color: colours.blue },
  { value: 1, color: colours.vermillion },
];

/** For a screen on the wall: nobody touches it for weeks. */
export const wall: DashboardSpec = {
  name: 'wall',
  title: { en: 'Journey wall', ja: 'ジャーニーウォール' },
  description: {
    en: 'The journey at a glance: stages, drop-off with its interval, what is unusual, how fresh it is.',
    ja: 'ジャーニーの状況をひと目で確認できます。ステージ、離脱率とその区間、異常、データの鮮度を表示します。',
  },
  variables: [journey, timezone],
  from: 'now-90d',
  refresh: '1m',
  isWall: true,
  marks: [changes, alarms],
  rows: [
    [
      stat({
        title: { en: 'Alarms now', ja: '発生中のアラート' },
        description: {
          en: 'Series of the journey whose alarm has fired and isn’t over. The product’s own alerter decides; this repeats it.',
          ja: 'アラートが発生し、まだ解消していない系列の数です。判定は製品のアラーターが行い、ここではその結果を表示します。',
        },
        width: 5,
        height: 5,
        question: { path: '/v1/alerts', parameters: { journey: '${journey}' }, keep: 'firing == true' },
        value: 'alert',
        hidden: ['firing'],
        calculation: 'count',
        steps: alarm,
      }),
      stat({
        title: { en: 'Open churn signals', ja: '解約シグナル（対応中）' },
        description: {
          en: 'Customers for whom a churn signal was raised in the time range and still stands; up to 1000.',
          ja: '期間内に解約シグナルが発生し、まだ解消していない顧客の数です（最大1000件）。',
        },
        width: 5,
        height: 5,
        question: {
          path: `${below}/signals`,
          parameters: { ...timeRange, signal: 'churn', state: 'open', limit: '1000' },
        },
        value: 'signal',
        calculation: 'count',
        steps: [{ value: null, color: colours.blue }],
      }),
      stat({
        title: { en: 'Entered the journey’s stages', ja: 'ステージへの流入（合計）' },
        description: {
          en: 'Visits to stages that began in the time range, all stages together, each customer once per stage.',
          ja: '期間内に開始したステージ滞在の合計です（1顧客につきステージごとに1回）。',
        },
        width: 5,
        height: 5,
        question: { path: `${below}/stages`, parameters: { ...timeRange } },
        value: 'entered',
        calculation: 'sum',
      }),
      stat({
        title: { en: 'Latest event received', ja: '最新イベントの受信' },
        description: {
          en: 'When the newest event that the answers know was received. Old: nothing was sent, or the pipeline is late.',
          ja: '集計に含まれる最新イベントの受信時刻です。古い場合は、送信が止まっているか、パイプラインが遅れています。',
        },
        width: 5,
        height: 5,
        question: { path: '/v1/journeys', root: 'meta' },
        value: 'watermark',
      }),
      stat({
        title: { en: 'Lowest health', ja: 'ヘルス最低ステージ' },
        description: {
          en: 'The lowest mean health score of a stage, 0 to 100, as of the last evaluation.',
          ja: '直近の評価時点で最も低いステージの平均ヘルススコア（0〜100）です。',
        },
        width: 4,
        height: 5,
        question: { path: `${below}/health`, parameters: {} },
        value: 'score',
        calculation: 'min',
        steps: [
          { value: null, color: colours.vermillion },
          { value: 40, color: colours.orange },
          { value: 70, color: colours.blue },
        ],
      }),
    ],
    [
      bars({
        title: { en: 'Customers in each stage now', ja: '各ステージに滞在中の顧客' },
        description: {
          en: 'Customers who entered the stage in the time range and are still in it.',
          ja: '期間内にステージに入り、現在も滞在している顧客の数です。',
        },
        width: 8,
        height: 10,
        question: { path: `${below}/stages`, parameters: { ...timeRange, ...titles } },
        names: ['title'],
        value: 'open',
      }),
      table({
        title: { en: 'Drop-off of each stage, with interval', ja: 'ステージごとの離脱率（区間つき）' },
        description: {
          en: `Of those who entered in the time range, the share that didn’t advance within the stage’s horizon. ${counted.en}`,
          ja: `期間内に流入した顧客のうち、判定期間内に前進しなかった割合です。${counted.ja}`,
        },
        width: 16,
        height: 10,
        question: { path: `${below}/stages`, parameters: { ...timeRange, ...titles } },
        columns: ['title', 'entered', 'dropOffRate', 'dropOffLo', 'dropOffHi', 'n', 'state', 'secondsP50', 'goalMet'],
      }),
    ],
    [
      lines({
        title: { en: 'Drop-off by week of entry', ja: '離脱率の推移（流入週別）' },
        description: {
          en: 'A line for each stage; only weeks with at least 10 entries, of which four fifths are known.',
          ja: 'ステージごとの推移です。流入が10件以上あり、その8割以上の結果が判明している週だけを表示します。',
        },
        width: 12,
        height: 10,
        question: {
          path: `${below}/stages`,
          parameters: { ...timeRange, ...titles, ...buckets, interval: 'week' },
          keep: 'n >= 10 && matureShare >= 0.8',
        },
        value: 'dropOffRate',
        by: 'title',
        hidden: ['n', 'matureShare'],
        max: 1,
      }),
      table({
        title: { en: 'What is unusual', ja: '通常と異なる動き' },
        description: {
          en: 'Series that rules of alerts watch and that are unusual, or can’t be judged because data are late or a query fails: how often (k of n), what is usual, how many times more.',
          ja: 'アラートルールが監視する系列のうち、通常と異なるもの、またはデータ遅延や失敗で判定できないものです。件数（n件中k件）、通常の値、通常比を示します。',
        },
        width: 12,
        height: 10,
        question: {
          path: '/v1/alerts',
          parameters: { journey: '${journey}' },
          keep: "firing == true || state == 'pending' || state == 'late-data' || state == 'query-failed'",
        },
        columns: [
          'alert',
          'stage',
          'segment',
          { column: 'state', label: { en: 'State', ja: '状態' }, mappings: 'alert' },
          'k',
          'n',
          { column: 'rate', cell: 'text' },
          'usual',
          'lift',
        ],
        hidden: ['firing'],
        noValue: { en: 'Everything as usual', ja: '異常はありません' },
      }),
    ],
  ],
};
