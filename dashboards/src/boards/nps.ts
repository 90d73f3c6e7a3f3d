import { changes } from '../annotations.ts';
import type { ColumnUse } from '../columns.ts';
import type { DashboardSpec } from '../dashboard.ts';
import { timeRange } from '../infinity.ts';
import { lines } from '../panels/lines.ts';
import { stat } from '../panels/stat.ts';
import { table } from '../panels/table.ts';
import { buckets, journey, narrowed, segment, split, timezone, value } from '../variables.ts';

const nps = '/v1/journeys/${journey}/nps';
const asked = { ...timeRange, ...narrowed, ...buckets };
const from = { en: '95 % from', ja: '95%区間 下限' };
const to = { en: '95 % to', ja: '95%区間 上限' };
/** On a scale from −100 to 100. */
const bounds = {
  lo: { column: 'lo', label: from, unit: 'none', decimals: 0 },
  hi: { column: 'hi', label: to, unit: 'none', decimals: 0 },
} satisfies Record<string, ColumnUse>;
const figures: readonly ColumnUse[] = [
  'responses',
  'nps',
  bounds.lo,
  bounds.hi,
  'state',
  'promoters',
  'passives',
  'detractors',
  'responseShare',
];

const howToRead = {
  en: 'NPS = promoters (9–10) minus detractors (0–6) per hundred answers, the latest answer of each customer. “Too few”: fewer than 30 answers; then compare nothing.',
  ja: 'NPSは、推奨者（9〜10）の割合から批判者（0〜6）の割合を引いた値です。顧客ごとに最新の回答だけを数えます。回答が30件未満の「件数不足」は比較に使えません。',
};

/** What customers answer when asked whether they would recommend. */
export const npsCohorts: DashboardSpec = {
  name: 'nps',
  title: { en: 'NPS cohorts', ja: 'NPSコホート' },
  description: {
    en: 'Net Promoter Score by month of entry, stage, last touchpoint and segment, with its interval and the share that answered.',
    ja: 'NPSを、開始月・ステージ・直前のタッチポイント・セグメント別に、区間と回答率とともに示します。',
  },
  variables: [journey, segment, value, timezone],
  from: 'now-1y',
  refresh: '15m',
  marks: [changes],
  boardPage: '/journeys/${journey}/nps',
  rows: [
    [
      stat({
        title: { en: 'NPS', ja: 'NPS（全体）' },
        description: howToRead,
        width: 4,
        height: 9,
        question: { path: nps, parameters: asked },
        value: 'nps',
        steps: [
          { value: null, color: '#D55E00' },
          { value: 0, color: '#E69F00' },
          { value: 30, color: '#0072B2' },
        ],
      }),
      lines({
        title: { en: 'NPS month by month', ja: 'NPSの推移（月次）' },
        description: {
          en: `${howToRead.en} The band is the 95 % interval; only months with at least 30 answers.`,
          ja: `${howToRead.ja}帯は95%信頼区間です。回答が30件以上の月だけを表示します。`,
        },
        width: 12,
        height: 9,
        question: { path: nps, parameters: { ...asked, interval: 'month' }, keep: "state == 'ok'" },
        value: 'nps',
        band: bounds,
        hidden: ['state'],
      }),
      table({
        title: { en: 'By segment', ja: 'セグメント別' },
        description: howToRead,
        width: 8,
        height: 9,
        question: { path: nps, parameters: { ...asked, ...split } },
        columns: ['segment', 'responses', 'nps', bounds.lo, bounds.hi, 'state', 'qValue'],
      }),
    ],
    [
      table({
        title: { en: 'By month of the first visit', ja: '開始月コホート別' },
        description: {
          en: `A row for the customers whose journey began in a month. ${howToRead.en}`,
          ja: `ジャーニーを開始した月ごとの顧客グループです。${howToRead.ja}`,
        },
        width: 12,
        height: 12,
        question: { path: nps, parameters: { ...asked, cohort: 'entry' } },
        columns: [{ column: 'entryMonth', label: { en: 'Began', ja: '開始月' } }, ...figures],
      }),
      table({
        title: { en: 'By stage at the answer', ja: '回答時のステージ別' },
        description: {
          en: `A row for each stage in which customers were when they answered. ${howToRead.en}`,
          ja: `回答時に滞在していたステージごとの集計です。${howToRead.ja}`,
        },
        width: 12,
        height: 12,
        question: { path: nps, parameters: { ...asked, cohort: 'stage' } },
        columns: [{ column: 'cohort', label: { en: 'Stage', ja: 'ステージ' } }, ...figures],
      }),
    ],
    [
      table({
        title: { en: 'By last touchpoint before the answer', ja: '回答直前のタッチポイント別' },
        description: {
          en: `What customers had met last when they answered. ${howToRead.en}`,
          ja: `回答の直前に接触したタッチポイントごとの集計です。${howToRead.ja}`,
        },
        width: 14,
        height: 11,
        question: { path: nps, parameters: { ...asked, cohort: 'touchpoint' } },
        columns: [{ column: 'cohort', label: { en: 'Touchpoint', ja: 'タッチポイント' } }, ...figures],
        sortBy: { column: 'responses', descending: true },
      }),
      table({
        title: { en: 'Movement from month to month', ja: '月ごとの変化' },
        description: {
          en: 'Customers who answered in two months one after the other: from which group to which, and as a share of all of their first group in that month.',
          ja: '連続する月に回答した顧客が、どの区分からどの区分へ移ったかを示します。割合は移動前の区分に対するものです。',
        },
        width: 10,
        height: 11,
        question: { path: nps, parameters: { ...asked, detail: 'movement', interval: 'month' }, keep: 'customers > 0' },
        columns: [
          { column: 'bucket', unit: 'time:YYYY-MM', label: { en: 'Month', ja: '月' } },
          { column: 'from', label: { en: 'From', ja: '変化前' }, mappings: 'answer' },
          { column: 'to', label: { en: 'To', ja: '変化後' }, mappings: 'answer' },
          'customers',
          'share',
        ],
        sortBy: { column: { column: 'bucket', label: { en: 'Month', ja: '月' } }, descending: true },
      }),
    ],
  ],
};
