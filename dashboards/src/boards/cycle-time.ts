import { changes } from '../annotations.ts';
import { colours } from '../colours.ts';
import type { DashboardSpec } from '../dashboard.ts';
import { timeRange, titles } from '../infinity.ts';
import { type CurveLine, curve } from '../panels/curve.ts';
import { lines } from '../panels/lines.ts';
import { table } from '../panels/table.ts';
import {
  buckets,
  fromStage,
  improvement,
  journey,
  narrowed,
  segment,
  split,
  timezone,
  toStage,
  value,
  way,
} from '../variables.ts';

const below = '/v1/journeys/${journey}';
const asked = { ...timeRange, ...narrowed, ...way };
const compared = { ...timeRange, ...narrowed, improvement: '${improvement}' };

const course = (
  period: CurveLine['name'],
  label: CurveLine['label'],
  color: string,
  parameters: object,
): CurveLine => ({
  name: period,
  label,
  color,
  question: {
    path: `${below}/cycle-time`,
    parameters: { ...parameters, detail: 'curve' },
    keep: `period == '${period}'`,
  },
  y: 'share',
  lo: 'lo',
  hi: 'hi',
  hidden: ['period'],
});

/** How long the way takes, and what improvements did to it. */
export const cycleTime: DashboardSpec = {
  name: 'cycle-time',
  title: { en: 'Cycle time and improvements', ja: 'サイクルタイムと改善効果' },
  description: {
    en: 'Time between two stages, correct although many are still on their way, and before and after an improvement.',
    ja: '2つのステージ間の所要時間を、進行中の顧客も正しく考慮して示します。改善施策の前後比較もできます。',
  },
  variables: [journey, fromStage, toStage, segment, value, improvement, timezone],
  from: 'now-1y',
  refresh: '15m',
  marks: [changes],
  boardPage: '/journeys/${journey}/cycle-time',
  rows: [
    [
      curve({
        title: { en: 'Arrived by this time', ja: '経過時間ごとの到達率' },
        description: {
          en: 'Share of those who set out in the time range that has arrived after this long, with its 95 % interval (Aalen–Johansen: losses compete, customers still on their way count as long as they were watched).',
          ja: '期間内に出発した顧客のうち、この時間までに到達した割合と95%信頼区間です（Aalen–Johansen法。離脱は競合事象とし、進行中の顧客は観測できた期間だけ数えます）。',
        },
        width: 12,
        height: 11,
        x: 'seconds',
        lines: [course('all', { en: 'Arrived', ja: '到達' }, colours.blue, asked)],
        shape: 'steps',
        min: 0,
        max: 1,
      }),
      curve({
        title: { en: 'Before and after the improvement', ja: '改善前後の到達率' },
        description: {
          en: 'The same for those who set out before and after the chosen improvement, on its own way and segment. The verdict stands in the table below: curves may differ by luck.',
          ja: '選択した改善施策の前後に出発した顧客を、その施策が対象とする区間・セグメントで比較します。差は偶然のこともあるため、判定は下の表を確認してください。',
        },
        width: 12,
        height: 11,
        x: 'seconds',
        lines: [
          course('before', { en: 'Before', ja: '改善前' }, colours.orange, compared),
          course('after', { en: 'After', ja: '改善後' }, colours.blue, compared),
        ],
        shape: 'steps',
        min: 0,
        max: 1,
      }),
    ],
    [
      table({
        title: { en: 'Time from stage to stage', ja: 'ステージ間の所要時間' },
        description: {
          en: 'Times by which a quarter, half and three quarters of all who set out (n) have arrived; empty: fewer arrive. “95 %”: interval of the median.',
          ja: '出発した顧客全体（n件）の25%・50%・75%が到達するまでの時間です。空欄は、そこまで到達しないことを示します。95%区間は中央値のものです。',
        },
        width: 24,
        height: 7,
        question: { path: `${below}/cycle-time`, parameters: { ...asked, ...split } },
        columns: [
          'segment',
          'n',
          'advanced',
          'lost',
          'open',
          'secondsP25',
          'secondsP50',
          'secondsP50Lo',
          'secondsP50Hi',
          'secondsP75',
          'advancedShare',
          'advancedShareLo',
          'advancedShareHi',
          'state',
        ],
      }),
    ],
    [
      table({
        title: { en: 'What each improvement did', ja: '改善施策ごとの効果' },
        description: {
          en: 'Mean time within the horizon of those who set out before and after, their difference and its 95 % interval. “Shorter” or “longer” is said only if the interval excludes 0 and the later customers were watched long enough.',
          ja: '施策の前後に出発した顧客の、判定期間内の平均所要時間とその差、95%信頼区間です。区間が0を含まず、施策後の観測が十分な場合にだけ「短縮」「長期化」と判定します。',
        },
        width: 24,
        height: 8,
        question: { path: `${below}/improvements`, parameters: { ...timeRange, ...narrowed } },
        columns: [
          { column: 'title', label: { en: 'Improvement', ja: '改善施策' } },
          'at',
          'stage',
          'owner',
          'customersBefore',
          'customersAfter',
          'secondsBefore',
          'secondsAfter',
          'differenceSeconds',
          'differenceLo',
          'differenceHi',
          'verdict',
          'isDue',
        ],
        noValue: { en: 'No improvement has been recorded for this journey', ja: '改善施策はまだ登録されていません' },
      }),
    ],
    [
      lines({
        title: { en: 'Median time in each stage, by month of entry', ja: 'ステージ滞在時間の中央値（流入月別）' },
        description: {
          en: 'Time by which half of those who entered in a month had advanced; no point where fewer than half did. Marks are improvements and new versions of the journey.',
          ja: 'その月に流入した顧客の半数が前進するまでの時間です。半数に満たない月は表示されません。縦線は改善施策とジャーニーの新バージョンです。',
        },
        width: 12,
        height: 10,
        question: {
          path: `${below}/stages`,
          parameters: { ...timeRange, ...narrowed, ...buckets, ...titles, interval: 'month' },
          keep: 'n >= 30',
        },
        value: 'secondsP50',
        by: 'title',
        hidden: ['n'],
      }),
      table({
        title: { en: 'Bottlenecks: where an improvement pays', ja: 'ボトルネック：改善効果の大きい箇所' },
        description: {
          en: 'Completions a month that there are to win if a stage advanced like its best segment, with a 95 % interval; priority = that per effort. A size of what is possible, not a forecast.',
          ja: '各ステージが最良のセグメント並みに前進した場合に、月あたり増やせる完了数と95%信頼区間です。優先度はこれを工数で割った値です。予測ではなく、改善余地の大きさを示します。',
        },
        width: 12,
        height: 10,
        question: { path: `${below}/bottlenecks`, parameters: { ...timeRange, ...narrowed, ...titles } },
        columns: [
          'title',
          'bestSegment',
          'n',
          { column: 'rate', cell: 'text' },
          'gain',
          'gainLo',
          'gainHi',
          'effort',
          'priority',
          'state',
        ],
      }),
    ],
  ],
};
