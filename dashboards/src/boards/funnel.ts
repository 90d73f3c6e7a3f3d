import { alarms, changes } from '../annotations.ts';
import { risingGood } from '../colours.ts';
import type { DashboardSpec } from '../dashboard.ts';
import { timeRange, titles } from '../infinity.ts';
import { bars } from '../panels/bars.ts';
import { lines } from '../panels/lines.ts';
import { table } from '../panels/table.ts';
import { buckets, journey, narrowed, segmentAlways, split, stage, timezone, value } from '../variables.ts';
import { counted, withCounts } from './phrases.ts';

const stages = '/v1/journeys/${journey}/stages';
const bySegment = split;

/** Funnel of the stages, value by value of a segment. */
export const funnel: DashboardSpec = {
  name: 'funnel',
  title: { en: 'Funnel per segment', ja: 'セグメント別ファネル' },
  description: {
    en: 'How many customers reach, advance from and leave each stage, compared between the values of a segment.',
    ja: '各ステージへの到達・前進・離脱を、セグメントの値ごとに比較します。',
  },
  variables: [journey, segmentAlways, value, stage, timezone],
  from: 'now-180d',
  refresh: '5m',
  marks: [changes, alarms],
  boardPage: '/funnel',
  rows: [
    [
      bars({
        title: { en: 'Customers who entered each stage', ja: 'ステージごとの流入顧客数' },
        description: {
          en: 'Customers whose visit to the stage began in the time range, each once per stage. The journey allows entries at later stages, so a bar may be longer than the one before.',
          ja: '期間内にそのステージへの滞在を開始した顧客数です（1顧客につきステージごとに1回）。途中のステージから流入することもあるため、前のステージより長くなる場合があります。',
        },
        width: 12,
        height: 11,
        question: { path: stages, parameters: { ...timeRange, ...narrowed, ...buckets, ...titles } },
        names: ['title'],
        value: 'entered',
      }),
      bars({
        title: { en: 'Advanced within the horizon, by segment', ja: '期限内に前進した割合（セグメント別）' },
        description: {
          en: 'Share of those who entered that advanced within the stage’s horizon (k of n). Intervals, n and trust stand in the table below: don’t compare bars without them.',
          ja: '流入した顧客のうち、ステージの判定期間内に前進した割合（n件中k件）です。区間・件数・信頼度は下の表にあります。比較の際は必ずあわせて確認してください。',
        },
        width: 12,
        height: 11,
        question: { path: stages, parameters: { ...timeRange, ...narrowed, ...bySegment, ...buckets, ...titles } },
        names: ['segment', 'title'],
        value: 'rate',
        steps: risingGood(0.3, 0.5),
        max: 1,
      }),
    ],
    [
      table({
        title: { en: 'Stage by segment, with interval and trust', ja: 'ステージ×セグメント（区間・信頼度つき）' },
        description: {
          en: `Rate: advanced within the horizon, k of n entries. ${counted.en} q: chance of a difference like this to all other segments by luck, corrected for many comparisons.`,
          ja: `割合は、判定期間内に前進した顧客（n件中k件）です。${counted.ja} qは、他のセグメント全体との差が偶然である確率（多重比較補正済み）です。`,
        },
        width: 24,
        height: 12,
        question: { path: stages, parameters: { ...timeRange, ...narrowed, ...bySegment, ...buckets, ...titles } },
        columns: [
          'title',
          'segment',
          'entered',
          'advanced',
          'lost',
          'open',
          'k',
          'n',
          'rate',
          'lo',
          'hi',
          'state',
          'matureShare',
          'secondsP50',
          'qValue',
        ],
      }),
    ],
    [
      lines({
        title: { en: 'Advance rate of the stage, month by month', ja: '選択ステージの前進率（月次）' },
        description: withCounts(
          'Of those who entered the stage in a month; a line for each value of the segment (“—”: not set); only months with at least 10 entries, of which four fifths are known.',
          'その月に流入した顧客の前進率を、セグメントの値（「—」は未設定）ごとに示します。流入が10件以上あり、その8割以上の結果が判明している月だけを表示します。',
        ),
        width: 14,
        height: 10,
        question: {
          path: stages,
          parameters: { ...timeRange, ...narrowed, ...bySegment, ...buckets, interval: 'month' },
          keep: "stage == '${stage}' && n >= 10 && matureShare >= 0.8",
        },
        value: 'rate',
        by: 'segment',
        hidden: ['stage', 'n', 'matureShare'],
        max: 1,
      }),
      table({
        title: { en: 'Why customers were lost at the stage', ja: '選択ステージの離脱理由' },
        description: {
          en: 'Losses by silence and by the reasons of exits, with the share of all losses of the stage (k of n) and its 95 % interval.',
          ja: '無反応による離脱と、申告された理由による離脱の内訳です。ステージの離脱全体に占める割合（n件中k件）と95%信頼区間を示します。',
        },
        width: 10,
        height: 10,
        question: {
          path: '/v1/journeys/${journey}/losses',
          parameters: { ...timeRange, ...narrowed, ...bySegment },
          keep: "stage == '${stage}' && kind != 'all'",
        },
        columns: ['segment', 'kind', 'reason', 'k', 'n', 'share', 'lo', 'hi', 'state'],
        hidden: ['stage'],
      }),
    ],
  ],
};
