import { colours } from '../colours.ts';
import type { DashboardSpec } from '../dashboard.ts';
import { timeRange } from '../infinity.ts';
import { as, graph } from '../panels/graph.ts';
import { table } from '../panels/table.ts';
import { journey, narrowed, segment, split, stage, value } from '../variables.ts';
import { withCounts } from './phrases.ts';

const below = '/v1/journeys/${journey}';
const asked = { ...timeRange, ...narrowed };
const ofStage = { ...asked, stage: '${stage}' };

/** Which ways customers really take. */
export const paths: DashboardSpec = {
  name: 'paths',
  title: { en: 'Paths', ja: '経路分析' },
  description: {
    en: 'The ways through a stage: transitions between touchpoints, whole variants, loops, and where stages lead.',
    ja: 'ステージ内の経路を、タッチポイント間の遷移、経路パターン、ループ、ステージ間の遷移として示します。',
  },
  variables: [journey, stage, segment, value],
  from: 'now-90d',
  refresh: '15m',
  boardPage: '/journeys/${journey}/paths',
  rows: [
    [
      graph({
        title: { en: 'From touchpoint to touchpoint', ja: 'タッチポイント間の遷移' },
        description: {
          en: 'The 60 most frequent transitions inside visits to the stage. Nodes: visits that touched it, and the drop-off afterwards. Edges: transitions, and the median time between in hours. Begins and ends of visits stand in the table below.',
          ja: 'ステージ内で多い遷移、上位60件です。円は接触した滞在の数とその後の離脱率、線は遷移数と間隔の中央値（時間）を示します。滞在の開始と終了は下の表にあります。',
        },
        width: 24,
        height: 16,
        nodes: {
          path: `${below}/touchpoints`,
          parameters: asked,
          columns: [
            as('touchpoint', 'id'),
            as('touchpoint', 'title'),
            as('touched', 'mainstat'),
            as('dropOffRate', 'arc__lost', 'number'),
            as('stage', 'detail__stage'),
          ],
          keep: "detail__stage == '${stage}'",
          computed: { arc__kept: '1 - arc__lost' },
        },
        edges: {
          path: `${below}/paths`,
          parameters: { ...ofStage, limit: '60' },
          columns: [
            as('from', 'source'),
            as('to', 'target'),
            as('transitions', 'mainstat'),
            as('secondsP50', 'seconds', 'number'),
          ],
          keep: 'source != null && target != null',
          computed: { id: "source + ' → ' + target", secondarystat: 'seconds / 3600' },
        },
        secondUnit: 'h',
        arcs: [
          { field: 'arc__lost', color: colours.vermillion },
          { field: 'arc__kept', color: colours.blue },
        ],
      }),
    ],
    [
      table({
        title: { en: 'Whole ways', ja: '経路パターン' },
        description: withCounts(
          'Ways through the stage from its beginning on, repetitions in a row taken as one; share of all visits; how many of the way advanced.',
          'ステージ開始からの経路です（連続する同じ接点は1回と数えます）。全滞在に占める割合と、前進した割合を示します。',
        ),
        width: 24,
        height: 11,
        question: { path: `${below}/paths`, parameters: { ...ofStage, ...split, detail: 'variants', limit: '100' } },
        columns: [
          { column: 'variant', width: 520 },
          'segment',
          'visits',
          'share',
          'advanced',
          'lost',
          'open',
          'advancedRate',
          'lo',
          'hi',
          'state',
        ],
      }),
    ],
    [
      table({
        title: { en: 'Transitions, with begins and ends', ja: '遷移の一覧（開始・終了を含む）' },
        description: {
          en: 'Empty “from”: the visit began; empty “to”: nothing followed, and what became of the visit. Share of all transitions (n) away from there, with its 95 % interval.',
          ja: '「遷移元」が空欄は滞在の開始、「遷移先」が空欄は最後の接点で、その後の結果を示します。割合は遷移元からの全遷移（n件）に対するもので、95%信頼区間つきです。',
        },
        width: 14,
        height: 12,
        question: { path: `${below}/paths`, parameters: { ...ofStage, ...split, limit: '200' } },
        columns: [
          'from',
          'to',
          'outcome',
          'segment',
          'transitions',
          'customers',
          'n',
          'share',
          'lo',
          'hi',
          'secondsP50',
        ],
      }),
      table({
        title: { en: 'Loops', ja: 'ループ' },
        description: {
          en: 'Touchpoints that visits come back to after something else: in how many of the visits with it, how often, and what stands most often right before the return.',
          ja: '別の接点を経て再び戻ってくるタッチポイントです。再訪した滞在の割合、回数、直前に多い接点を示します。',
        },
        width: 10,
        height: 12,
        question: { path: `${below}/paths`, parameters: { ...ofStage, detail: 'loops', limit: '100' } },
        columns: ['touchpoint', 'visits', 'returningVisits', 'returningShare', 'lo', 'hi', 'returns', 'via'],
      }),
    ],
    [
      table({
        title: { en: 'Where stages lead', ja: 'ステージ間の遷移' },
        description: withCounts(
          'Customers who left a stage, by what came next; empty “from”: they entered the journey there.',
          'ステージを離れた顧客の行き先です。「遷移元」が空欄は、そのステージからジャーニーに入ったことを示します。',
        ),
        width: 24,
        height: 9,
        question: { path: `${below}/transitions`, parameters: { ...asked, ...split } },
        columns: ['from', 'to', 'segment', 'customers', 'n', 'share', 'lo', 'hi', 'state', 'secondsP50'],
      }),
    ],
  ],
};
