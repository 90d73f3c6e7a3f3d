import { alarms, changes } from '../annotations.ts';
import type { DashboardSpec } from '../dashboard.ts';
import { timeRange } from '../infinity.ts';
import { bars } from '../panels/bars.ts';
import { lines } from '../panels/lines.ts';
import { table } from '../panels/table.ts';
import { buckets, journey, narrowed, segment, split, stage, timezone, value } from '../variables.ts';
import { customerLink, withCounts } from './phrases.ts';

const touchpoints = '/v1/journeys/${journey}/touchpoints';
const ofStage = { keep: "stage == '${stage}'" };
const lost = { parameters: { ...timeRange, ...narrowed }, keep: "stage == '${stage}' && lastBeforeLoss > 0" };

/** Where a stage loses its customers. */
export const touchpointDropOff: DashboardSpec = {
  name: 'touchpoints',
  title: { en: 'Drop-off per touchpoint', ja: 'タッチポイント別の離脱' },
  description: {
    en: 'For each touchpoint of a stage: who was touched, who was lost afterwards, what stood last before the loss.',
    ja: 'ステージ内の各タッチポイントについて、接触した顧客、その後の離脱、離脱直前の接点を確認できます。',
  },
  variables: [journey, stage, segment, value, timezone],
  from: 'now-90d',
  refresh: '5m',
  marks: [changes, alarms],
  boardPage: '/journeys/${journey}/map',
  rows: [
    [
      table({
        title: { en: 'Touchpoints of the stage', ja: 'ステージ内のタッチポイント' },
        description: withCounts(
          'Drop-off: of the visits that touched it (n), those that didn’t advance in time. Pace: how many times faster visits advance after the touch than before it, with its 95 % interval; an association, not a proof of a cause.',
          '離脱率は、接触した滞在（n件）のうち期限内に前進しなかった割合です。前進ペースは、接触前と比べて接触後に何倍の速さで前進するかを95%区間とともに示します（関連であり、因果の証明ではありません）。',
        ),
        width: 24,
        height: 12,
        question: { path: touchpoints, parameters: { ...timeRange, ...narrowed, ...split }, ...ofStage },
        columns: [
          'touchpoint',
          'segment',
          'touched',
          'touchedShare',
          'n',
          'dropOffRate',
          'dropOffLo',
          'dropOffHi',
          'state',
          'lastBeforeLoss',
          'lastBeforeLossShare',
          'effect',
          'effectLo',
          'effectHi',
          'qValue',
        ],
        hidden: ['stage'],
        sortBy: { column: 'lastBeforeLoss', descending: true },
      }),
    ],
    [
      bars({
        title: { en: 'Last touchpoint before the loss', ja: '離脱直前のタッチポイント' },
        description: {
          en: 'How many of the stage’s lost visits had this touchpoint as their last one. A count, not a rate: touchpoints that everybody passes stand high.',
          ja: '離脱した滞在のうち、最後に接触したタッチポイントごとの件数です。割合ではないため、誰もが通る接点ほど多くなります。',
        },
        width: 10,
        height: 11,
        question: { path: touchpoints, ...lost },
        names: ['touchpoint'],
        value: 'lastBeforeLoss',
        hidden: ['stage'],
      }),
      lines({
        title: { en: 'Drop-off after the touch, by week of entry', ja: '接触後の離脱率（流入週別）' },
        description: withCounts(
          'A line for each touchpoint of the stage; only weeks with at least 10 visits that touched it, of which four fifths are known.',
          'ステージ内のタッチポイントごとの推移です。接触した滞在が10件以上あり、その8割以上の結果が判明している週だけを表示します。',
        ),
        width: 14,
        height: 11,
        question: {
          path: touchpoints,
          parameters: { ...timeRange, ...narrowed, ...buckets, interval: 'week' },
          keep: "stage == '${stage}' && n >= 10 && matureShare >= 0.8",
        },
        value: 'dropOffRate',
        by: 'touchpoint',
        hidden: ['stage', 'n', 'matureShare'],
        max: 1,
      }),
    ],
    [
      table({
        title: { en: 'Customers behind the drop-off', ja: '離脱した顧客' },
        description: {
          en: 'The first 200 visits to the stage in the time range that ended in a loss, the oldest first. A click on a customer opens the timeline in the board.',
          ja: '期間内に開始し、離脱で終わった滞在（古い順に最大200件）です。顧客をクリックすると、ボードで履歴を確認できます。',
        },
        width: 24,
        height: 9,
        question: {
          path: '/v1/journeys/${journey}/customers',
          parameters: { ...timeRange, ...narrowed, stage: '${stage}', outcome: 'dropped', limit: '200' },
        },
        columns: [
          'customer',
          'account',
          'enteredAt',
          { column: 'outcome', label: { en: 'Outcome', ja: '結果' } },
          'reason',
          { column: 'segment', label: { en: 'Segments at entry', ja: '流入時のセグメント' } },
        ],
        links: [customerLink],
      }),
    ],
  ],
};
