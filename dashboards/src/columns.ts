import { colours, plain, risingBad, risingGood, type Step } from './colours.ts';
import type { ColumnType, InfinityColumn } from './infinity.ts';
import type { MappingName } from './mappings.ts';
import { same, type Text } from './text.ts';

/** How a column of an answer is shown: heading, unit, colours. */
export interface ColumnSpec {
  label: Text;
  type: ColumnType;
  /** Grafana's unit. */
  unit?: string;
  decimals?: number;
  mappings?: MappingName;
  /** Cells are coloured by these steps, or by their mapping. */
  steps?: readonly Step[];
  cell?: 'text' | 'background' | 'gauge';
  width?: number;
}

const text = (label: Text, more: Partial<ColumnSpec> = {}): ColumnSpec => ({ label, type: 'string', ...more });
const count = (label: Text): ColumnSpec => ({ label, type: 'number', unit: 'locale', decimals: 0 });
const share = (label: Text, more: Partial<ColumnSpec> = {}): ColumnSpec => ({
  label,
  type: 'number',
  unit: 'percentunit',
  decimals: 1,
  ...more,
});
const seconds = (label: Text): ColumnSpec => ({ label, type: 'number', unit: 's', decimals: 1 });
const plainNumber = (label: Text, decimals: number, more: Partial<ColumnSpec> = {}): ColumnSpec => ({
  label,
  type: 'number',
  unit: 'none',
  decimals,
  ...more,
});
const time = (label: Text, unit = 'dateTimeAsIso'): ColumnSpec => ({ label, type: 'timestamp', unit });
const coloured = (mappings: MappingName): Partial<ColumnSpec> => ({ mappings, cell: 'background' });

const from = { en: '95 % from', ja: '95%区間 下限' };
const to = { en: '95 % to', ja: '95%区間 上限' };
const dropSteps = risingBad(0.3, 0.5);
const goodSteps = risingGood(0.3, 0.5);
const feelings: readonly Step[] = [
  { value: null, color: colours.vermillion },
  { value: -0.1, color: colours.grey },
  { value: 0.1, color: colours.blue },
];

/** Every column that a dashboard shows, by its name in the API. */
export const columnSpecs = {
  title: text({ en: 'Stage', ja: 'ステージ' }),
  stage: text({ en: 'Stage', ja: 'ステージ' }),
  journey: text({ en: 'Journey', ja: 'ジャーニー' }),
  touchpoint: text({ en: 'Touchpoint', ja: 'タッチポイント' }),
  segment: text({ en: 'Segment', ja: 'セグメント' }, { mappings: 'segment' }),
  value: text({ en: 'Value', ja: '値' }),
  bucket: time({ en: 'Time', ja: '期間' }),
  position: plainNumber({ en: 'Position', ja: '順序' }, 0),
  step: plainNumber({ en: 'Step', ja: 'ステップ' }, 0),
  entered: count({ en: 'Entered', ja: '流入' }),
  advanced: count({ en: 'Advanced', ja: '前進' }),
  lost: count({ en: 'Lost', ja: '離脱' }),
  open: count({ en: 'Still open', ja: '継続中' }),
  customers: count({ en: 'Customers', ja: '顧客数' }),
  dropped: count({ en: 'Dropped', ja: '離脱' }),
  touched: count({ en: 'Touched', ja: '接触' }),
  k: count(same('k')),
  n: count(same('n')),
  rate: share({ en: 'Rate', ja: '割合' }, { cell: 'background', steps: goodSteps }),
  lo: share(from),
  hi: share(to),
  fromPreviousRate: share({ en: 'From the step before', ja: '前ステップから' }),
  dropOffRate: share({ en: 'Drop-off', ja: '離脱率' }, { cell: 'background', steps: dropSteps }),
  dropOffLo: share(from),
  dropOffHi: share(to),
  matureShare: share({ en: 'Known', ja: '判明済みの割合' }),
  state: text({ en: 'Trust', ja: '信頼度' }, coloured('trust')),
  goal: text({ en: 'Goal', ja: '目標' }),
  goalMet: text({ en: 'Goal reached', ja: '目標達成' }, coloured('goal')),
  estimate: share({ en: 'Advance in time (estimate)', ja: '期限内前進率（推定）' }),
  secondsP50: seconds({ en: 'Median time', ja: '所要時間の中央値' }),
  secondsP90: seconds({ en: '90 % within', ja: '90%が完了するまで' }),
  expectedSeconds: seconds({ en: 'Expected', ja: '目安の時間' }),
  pValue: plainNumber(same('p'), 4),
  qValue: plainNumber(same('q'), 4),
  share: share({ en: 'Share', ja: '割合' }),
  lastBeforeLoss: count({ en: 'Last before the loss', ja: '離脱直前の接点' }),
  lastBeforeLossShare: share({ en: 'Of all losses', ja: '離脱全体に占める割合' }, { cell: 'gauge', steps: plain }),
  touchedShare: share({ en: 'Reached', ja: '接触率' }),
  effect: plainNumber({ en: 'Pace after the touch (×)', ja: '接触後の前進ペース（倍）' }, 2, {
    cell: 'background',
    steps: [
      { value: null, color: colours.vermillion },
      { value: 0.95, color: colours.grey },
      { value: 1.05, color: colours.blue },
    ],
  }),
  effectLo: plainNumber(from, 2),
  effectHi: plainNumber(to, 2),
  kind: text({ en: 'Kind', ja: '種類' }),
  reason: text({ en: 'Reason', ja: '理由' }),
  cohort: text({ en: 'Cohort', ja: 'コホート' }),
  entryMonth: time({ en: 'Entry', ja: '開始月' }, 'time:YYYY-MM'),
  responses: count({ en: 'Responses', ja: '回答数' }),
  promoters: count({ en: 'Promoters', ja: '推奨者' }),
  passives: count({ en: 'Passives', ja: '中立者' }),
  detractors: count({ en: 'Detractors', ja: '批判者' }),
  nps: plainNumber(same('NPS'), 0, { cell: 'background', steps: risingGood(0, 30) }),
  responseShare: share({ en: 'Answered', ja: '回答率' }),
  sentiment: plainNumber({ en: 'Sentiment', ja: '感情スコア' }, 2, { cell: 'background', steps: feelings }),
  score: plainNumber({ en: 'Score', ja: 'スコア' }, 0, { cell: 'background', steps: risingGood(40, 70) }),
  scoreBefore: plainNumber({ en: 'Before', ja: '前回' }, 0),
  trough: text({ en: 'Trough', ja: '最低点' }, { mappings: 'truth' }),
  scoreLo: plainNumber(from, 1),
  scoreHi: plainNumber(to, 1),
  from0: count(same('0–19')),
  from20: count(same('20–39')),
  from40: count(same('40–59')),
  from60: count(same('60–79')),
  from80: count(same('80–100')),
  signal: text({ en: 'Signal', ja: 'シグナル' }, coloured('signal')),
  customer: text({ en: 'Customer', ja: '顧客' }),
  account: text({ en: 'Account', ja: 'アカウント' }),
  moved: text({ en: 'What moved the score', ja: 'スコアを動かした要因' }),
  raisedAt: time({ en: 'Since', ja: '発生日時' }),
  firedAt: time({ en: 'Alarm since', ja: 'アラート発生' }),
  evaluatedAt: time({ en: 'Evaluated', ja: '評価日時' }),
  enteredAt: time({ en: 'Entered', ja: '流入日時' }),
  at: time({ en: 'When', ja: '日時' }),
  dueAt: time({ en: 'Due', ja: '期限' }),
  receivedAt: time({ en: 'Received', ja: '受信日時' }),
  source: text({ en: 'Refused by', ja: '拒否元' }),
  code: text({ en: 'Code', ja: 'コード' }),
  path: text({ en: 'Where', ja: '位置' }),
  message: text({ en: 'Why', ja: '理由' }),
  eventId: text({ en: 'Event', ja: 'イベントID' }),
  alert: text({ en: 'Rule', ja: 'ルール' }),
  firing: { label: { en: 'Firing', ja: '発生中' }, type: 'boolean', mappings: 'truth' },
  severity: text({ en: 'Severity', ja: '重要度' }),
  usual: share({ en: 'Usual', ja: '通常' }),
  lift: plainNumber({ en: '× usual', ja: '通常比（倍）' }, 2),
  transition: text({ en: 'What happened', ja: '出来事' }, coloured('transition')),
  period: text({ en: 'Period', ja: '期間' }, { mappings: 'period' }),
  secondsP25: seconds({ en: '25 % within', ja: '25%が完了するまで' }),
  secondsP75: seconds({ en: '75 % within', ja: '75%が完了するまで' }),
  secondsP50Lo: seconds(from),
  secondsP50Hi: seconds(to),
  advancedShare: share({ en: 'Arrive in time', ja: '期限内に到達' }),
  advancedShareLo: share(from),
  advancedShareHi: share(to),
  differenceSeconds: seconds({ en: 'Difference', ja: '差' }),
  differenceLo: seconds(from),
  differenceHi: seconds(to),
  verdict: text({ en: 'Verdict', ja: '判定' }, coloured('verdict')),
  before: plainNumber({ en: 'Before', ja: '改善前' }, 2),
  after: plainNumber({ en: 'After', ja: '改善後' }, 2),
  difference: plainNumber({ en: 'Difference', ja: '差' }, 2, { cell: 'background', steps: feelings }),
  id: text(same('ID')),
  owner: text({ en: 'Owner', ja: '担当' }),
  text: text({ en: 'Task', ja: 'タスク' }),
  customersBefore: count({ en: 'n before', ja: 'n（改善前）' }),
  customersAfter: count({ en: 'n after', ja: 'n（改善後）' }),
  secondsBefore: seconds({ en: 'Before', ja: '改善前' }),
  secondsAfter: seconds({ en: 'After', ja: '改善後' }),
  isDue: text({ en: 'Due', ja: '期限到来' }, { mappings: 'truth' }),
  bestSegment: text({ en: 'Best at', ja: '最良のセグメント' }),
  gain: plainNumber({ en: 'To win a month (customers)', ja: '改善余地（顧客/月）' }, 1),
  gainLo: plainNumber(from, 1),
  gainHi: plainNumber(to, 1),
  effort: plainNumber({ en: 'Effort', ja: '工数' }, 0),
  priority: plainNumber({ en: 'Priority', ja: '優先度' }, 2, { cell: 'gauge', steps: plain }),
  from: text({ en: 'From', ja: '遷移元' }),
  to: text({ en: 'To', ja: '遷移先' }),
  outcome: text({ en: 'Then', ja: 'その後' }, { mappings: 'outcome' }),
  variant: text({ en: 'Way', ja: '経路' }),
  visits: count({ en: 'Visits', ja: '滞在数' }),
  advancedRate: share({ en: 'Advanced', ja: '前進率' }, { cell: 'background', steps: goodSteps }),
  returningVisits: count({ en: 'Came back', ja: '再訪した滞在' }),
  returningShare: share({ en: 'Share', ja: '割合' }),
  returns: count({ en: 'Returns', ja: '再訪回数' }),
  via: text({ en: 'Mostly via', ja: '主な経由' }),
  seconds: seconds({ en: 'Time since the start', ja: '開始からの時間' }),
  auc: plainNumber(same('AUC'), 2, { cell: 'background', steps: risingGood(0.55, 0.7) }),
  aucLo: plainNumber(from, 2),
  aucHi: plainNumber(to, 2),
  brier: plainNumber({ en: 'Brier', ja: 'Brierスコア' }, 3),
  brierBase: plainNumber({ en: 'of the average', ja: '平均のみの場合' }, 3),
  neverFlaggedShare: share({ en: 'Lost without a signal', ja: 'シグナルなしの離脱' }),
  leadSecondsP50: seconds({ en: 'Signal before the loss by', ja: '離脱までの猶予（中央値）' }),
  losses: count({ en: 'Losses', ja: '離脱数' }),
  transitions: count({ en: 'Transitions', ja: '遷移数' }),
  watermark: time({ en: 'Data up to', ja: '最終受信' }, 'dateTimeFromNow'),
} satisfies Record<string, ColumnSpec>;

export type ColumnName = keyof typeof columnSpecs;

/** Columns that have another name in the API than here, where the same name stands for another type. */
const selectors: Partial<Record<ColumnName, string>> = { entryMonth: 'cohort' };

/** A column, or a column that is called or coloured otherwise in one place. */
export type ColumnUse = ColumnName | ({ column: ColumnName } & Partial<Omit<ColumnSpec, 'type'>>);

export const nameOf = (use: ColumnUse): ColumnName => (typeof use === 'string' ? use : use.column);

/** How a column is shown where it is used. */
export function specOf(use: ColumnUse): ColumnSpec {
  const spec: ColumnSpec = columnSpecs[nameOf(use)];
  return typeof use === 'string' ? spec : { ...spec, ...use };
}

/** The columns that a question asks for. */
export const infinityColumns = (uses: readonly ColumnUse[]): InfinityColumn[] =>
  uses.map((use) => ({
    selector: selectors[nameOf(use)] ?? nameOf(use),
    text: nameOf(use),
    type: columnSpecs[nameOf(use)].type,
  }));
