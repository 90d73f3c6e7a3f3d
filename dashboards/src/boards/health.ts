import { risingBad } from '../colours.ts';
import type { DashboardSpec } from '../dashboard.ts';
import { timeRange, titles } from '../infinity.ts';
import { bars } from '../panels/bars.ts';
import { stat } from '../panels/stat.ts';
import { table } from '../panels/table.ts';
import { journey, narrowed, segment, split, value } from '../variables.ts';
import { customerLink } from './phrases.ts';

const below = '/v1/journeys/${journey}';
const none = {
  en: 'No health has been evaluated for this journey',
  ja: 'このジャーニーのヘルスはまだ評価されていません',
};

/** Who is well, who is about to leave. */
export const healthSignals: DashboardSpec = {
  name: 'health',
  title: { en: 'Health and churn signals', ja: 'ヘルスと解約シグナル' },
  description: {
    en: 'Health scores of each stage, open signals and why they were raised, tasks, and how well the score has foretold losses.',
    ja: 'ステージごとのヘルススコア、発生中のシグナルとその理由、タスク、スコアの予測実績を示します。',
  },
  variables: [journey, segment, value],
  from: 'now-90d',
  refresh: '5m',
  boardPage: '/journeys/${journey}/health',
  rows: [
    [
      stat({
        title: { en: 'Open churn signals', ja: '解約シグナル（対応中）' },
        description: {
          en: 'Signals raised in the time range that still stand; up to 1000.',
          ja: '期間内に発生し、まだ解消していない解約シグナルの数です（最大1000件）。',
        },
        width: 6,
        height: 5,
        question: {
          path: `${below}/signals`,
          parameters: { ...timeRange, ...narrowed, signal: 'churn', state: 'open', limit: '1000' },
        },
        value: 'signal',
        calculation: 'count',
      }),
      stat({
        title: { en: 'Below the churn threshold', ja: '解約しきい値を下回る顧客' },
        description: {
          en: 'Customers of all stages whose score is below the threshold of churn, as of the last evaluation.',
          ja: '直近の評価時点でスコアが解約しきい値を下回っている顧客の数です（全ステージ合計）。',
        },
        width: 6,
        height: 5,
        question: { path: `${below}/health`, parameters: narrowed },
        value: 'k',
        calculation: 'sum',
        noValue: { en: '–', ja: '–' },
      }),
      stat({
        title: { en: 'Overdue tasks', ja: '期限切れのタスク' },
        description: {
          en: 'Tasks of signals that should have been done by now; up to 1000.',
          ja: '期限を過ぎても完了していない、シグナルのタスクの数です（最大1000件）。',
        },
        width: 6,
        height: 5,
        question: { path: `${below}/tasks`, parameters: { state: 'overdue', limit: '1000' } },
        value: 'id',
        calculation: 'count',
        steps: risingBad(1, 10),
      }),
      stat({
        title: { en: 'Last evaluation', ja: '最終評価' },
        description: {
          en: 'When the scores were computed last. They are computed once a night and after a new version of the journey.',
          ja: 'スコアが最後に計算された時刻です。毎晩と、ジャーニーの新バージョンの適用後に計算されます。',
        },
        width: 6,
        height: 5,
        question: { path: `${below}/health`, root: 'meta' },
        value: { column: 'evaluatedAt', unit: 'dateTimeFromNow' },
      }),
    ],
    [
      bars({
        title: { en: 'Mean health of each stage', ja: 'ステージごとの平均ヘルス' },
        description: {
          en: 'Mean score, 0 to 100, of the customers who are in the stage; intervals and counts stand beside it.',
          ja: 'ステージに滞在中の顧客の平均スコア（0〜100）です。区間と件数は隣の表を確認してください。',
        },
        width: 8,
        height: 10,
        question: { path: `${below}/health`, parameters: { ...narrowed, ...titles } },
        names: ['title'],
        value: 'score',
        steps: [
          { value: null, color: '#D55E00' },
          { value: 40, color: '#E69F00' },
          { value: 70, color: '#0072B2' },
        ],
        max: 100,
      }),
      table({
        title: { en: 'Health by stage and segment', ja: 'ステージ×セグメントのヘルス' },
        description: {
          en: 'Mean score with its 95 % interval (Student’s t); k of n are below the threshold of churn, with Wilson’s interval; then how many have a score of 0–19, 20–39, …',
          ja: '平均スコアと95%信頼区間（t分布）、解約しきい値を下回る顧客（n件中k件、Wilson区間）、スコア帯ごとの人数を示します。',
        },
        width: 16,
        height: 10,
        question: { path: `${below}/health`, parameters: { ...narrowed, ...split, ...titles } },
        columns: [
          'title',
          'segment',
          'score',
          'scoreLo',
          'scoreHi',
          'k',
          'n',
          { column: 'rate', label: { en: 'At risk', ja: 'リスク率' }, steps: risingBad(0.15, 0.3) },
          'lo',
          'hi',
          'from0',
          'from20',
          'from40',
          'from60',
          'from80',
        ],
        noValue: none,
      }),
    ],
    [
      table({
        title: { en: 'Open signals', ja: '発生中のシグナル' },
        description: {
          en: 'Who is at risk, ready for expansion or in golden time, since when, and which rules moved the score. A click on a customer opens the timeline in the board.',
          ja: '解約リスク・拡大の好機・ゴールデンタイムにある顧客と、発生日時、スコアを動かしたルールです。顧客をクリックするとボードで履歴を確認できます。',
        },
        width: 15,
        height: 12,
        question: { path: `${below}/signals`, parameters: { ...timeRange, ...narrowed, state: 'open', limit: '200' } },
        columns: ['signal', 'customer', 'account', 'stage', 'score', 'scoreBefore', 'moved', 'raisedAt'],
        links: [customerLink],
        noValue: { en: 'No signal is open', ja: '発生中のシグナルはありません' },
      }),
      table({
        title: { en: 'Tasks', ja: 'タスク' },
        description: {
          en: 'What somebody is to do because of a signal. A task is settled when its signal is over.',
          ja: 'シグナルへの対応として割り当てられたタスクです。シグナルが解消すると完了になります。',
        },
        width: 9,
        height: 12,
        question: { path: `${below}/tasks`, parameters: { ...titles, limit: '200' } },
        columns: ['dueAt', 'owner', 'text', 'customer', 'signal'],
        links: [customerLink],
        noValue: { en: 'Nothing to do', ja: '対応待ちのタスクはありません' },
      }),
    ],
    [
      table({
        title: { en: 'Has the score foretold losses?', ja: 'スコアの予測実績' },
        description: {
          en: 'Scores of one horizon ago against what happened since. AUC: chance that of one lost and one who stayed the lost one had the lower score (0.5 is chance), with its 95 % interval. Brier: mean squared error of the scores as probabilities, beside that of the average alone. Row without a stage: the whole journey.',
          ja: '判定期間前のスコアと、その後の結果との比較です。AUCは、離脱した顧客のほうが継続した顧客よりスコアが低かった確率（0.5は偶然と同じ）で、95%信頼区間を併記します。Brierスコアはスコアを確率として読んだときの平均二乗誤差で、平均のみの場合と比べます。',
        },
        width: 24,
        height: 8,
        question: { path: `${below}/health/track-record`, parameters: titles },
        columns: [
          'title',
          'n',
          'lost',
          'auc',
          'aucLo',
          'aucHi',
          'brier',
          'brierBase',
          'losses',
          'neverFlaggedShare',
          { column: 'leadSecondsP50' },
          { column: 'state', mappings: 'record' },
        ],
        noValue: {
          en: 'There is no record yet: scores of a whole horizon ago are needed',
          ja: '実績はまだありません（判定期間1回分のスコアが必要です）',
        },
      }),
    ],
  ],
};
