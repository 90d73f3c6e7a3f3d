import { changes } from '../annotations.ts';
import { colours } from '../colours.ts';
import type { ColumnUse } from '../columns.ts';
import type { DashboardSpec } from '../dashboard.ts';
import { timeRange, titles } from '../infinity.ts';
import { curve } from '../panels/curve.ts';
import { lines } from '../panels/lines.ts';
import { table } from '../panels/table.ts';
import { buckets, journey, narrowed, release, segment, split, stage, timezone, value } from '../variables.ts';

const emotion = '/v1/journeys/${journey}/emotion';
const asked = { ...timeRange, ...narrowed };
/** Sentiment goes from −1 to 1. */
const bounds = {
  lo: { column: 'lo', label: { en: '95 % from', ja: '95%区間 下限' }, unit: 'none', decimals: 2 },
  hi: { column: 'hi', label: { en: '95 % to', ja: '95%区間 上限' }, unit: 'none', decimals: 2 },
} satisfies Record<string, ColumnUse>;

const howToRead = {
  en: 'Sentiment from −1 to 1: every customer’s mean counts once, the band is the 95 % interval of their mean. Where only a few responded, the value is drawn towards the journey’s mean.',
  ja: '感情スコアは−1〜1です。顧客ごとの平均を1件として数え、帯はその平均の95%信頼区間です。回答の少ない箇所は、ジャーニー全体の平均に寄せて推定しています。',
};

/** How customers feel along the way. */
export const emotionCurve: DashboardSpec = {
  name: 'emotion',
  title: { en: 'Emotion curve', ja: '感情曲線' },
  description: {
    en: 'Mean sentiment along stages and touchpoints, its trough, and what a release did to it.',
    ja: 'ステージとタッチポイントに沿った感情の推移、落ち込み、改善の効果を示します。',
  },
  variables: [journey, segment, value, stage, release, timezone],
  from: 'now-1y',
  refresh: '15m',
  marks: [changes],
  boardPage: '/journeys/${journey}/map',
  rows: [
    [
      curve({
        title: { en: 'Emotion along the stages', ja: 'ステージに沿った感情曲線' },
        description: howToRead,
        width: 24,
        height: 11,
        x: 'position',
        lines: [
          {
            name: 'sentiment',
            label: { en: 'Sentiment', ja: '感情スコア' },
            color: colours.blue,
            question: { path: emotion, parameters: asked, keep: "kind == 'stage'" },
            y: 'sentiment',
            lo: 'lo',
            hi: 'hi',
            hidden: ['kind'],
          },
        ],
        ticks: {
          question: { path: '/v1/journeys/${journey}', parameters: titles },
          value: 'stage',
          text: 'title',
        },
        shape: 'points',
        min: -1,
        max: 1,
      }),
    ],
    [
      table({
        title: { en: 'Stages', ja: 'ステージ別' },
        description: howToRead,
        width: 10,
        height: 11,
        question: { path: emotion, parameters: { ...asked, ...split }, keep: "kind == 'stage'" },
        columns: ['position', 'stage', 'segment', 'customers', 'sentiment', bounds.lo, bounds.hi, 'state', 'trough'],
        hidden: ['kind'],
      }),
      table({
        title: { en: 'Touchpoints, in the order of the stages', ja: 'タッチポイント別（ステージ順）' },
        description: howToRead,
        width: 14,
        height: 11,
        question: { path: emotion, parameters: asked, keep: "kind == 'touchpoint'" },
        columns: [
          'position',
          'stage',
          'touchpoint',
          'customers',
          'responses',
          'sentiment',
          bounds.lo,
          bounds.hi,
          'state',
          'trough',
        ],
        hidden: ['kind'],
      }),
    ],
    [
      lines({
        title: { en: 'Sentiment of the stage, week by week', ja: '選択ステージの感情の推移（週次）' },
        description: {
          en: `${howToRead.en} Marks are improvements and new versions of the journey.`,
          ja: `${howToRead.ja}縦線は改善施策とジャーニーの新バージョンです。`,
        },
        width: 12,
        height: 10,
        question: {
          path: emotion,
          parameters: { ...asked, ...buckets, interval: 'week' },
          keep: "kind == 'stage' && stage == '${stage}'",
        },
        value: 'sentiment',
        band: bounds,
        hidden: ['kind', 'stage'],
      }),
      table({
        title: { en: 'What the improvement did to it', ja: '改善施策による感情の変化' },
        description: {
          en: 'Mean sentiment before and after the chosen improvement, all stages (first row) and each by itself; the difference with its 95 % interval. A difference whose interval holds 0 may be luck.',
          ja: '選択した改善施策の前後の平均感情スコアです（1行目は全ステージ）。差は95%信頼区間つきで、区間が0を含む場合は偶然の可能性があります。',
        },
        width: 12,
        height: 10,
        question: {
          path: emotion,
          parameters: { ...asked, compareAt: '${release}' },
          keep: 'difference != null',
        },
        columns: [
          'stage',
          'customersBefore',
          'customersAfter',
          'before',
          'after',
          'difference',
          bounds.lo,
          bounds.hi,
          'pValue',
        ],
        noValue: {
          en: 'No improvement is chosen, or too little is known',
          ja: '改善施策が未選択か、データが不足しています',
        },
      }),
    ],
  ],
};
