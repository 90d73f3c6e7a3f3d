import { MappingType, SpecialValueMatch, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { colours } from './colours.ts';
import type { Language, Text } from './text.ts';

/** A value of the API, and how a person reads it. */
interface Reading {
  text: Text;
  color?: string;
}

const readings = {
  /** How far a rate can be trusted. */
  trust: {
    ok: { text: { en: 'ok', ja: '確定' }, color: colours.blue },
    insufficient: { text: { en: 'too few', ja: '件数不足' }, color: colours.orange },
    immature: { text: { en: 'too early', ja: '途中経過' }, color: colours.sky },
  },
  /** Of a series that a rule of alerts watches. */
  alert: {
    ok: { text: { en: 'as usual', ja: '通常' }, color: colours.blue },
    pending: { text: { en: 'unusual, not yet an alarm', ja: '異常の兆候' }, color: colours.orange },
    firing: { text: { en: 'ALARM', ja: 'アラート発生中' }, color: colours.vermillion },
    insufficient: { text: { en: 'too few', ja: '件数不足' }, color: colours.grey },
    'no-data': { text: { en: 'no data', ja: 'データなし' }, color: colours.grey },
    'late-data': { text: { en: 'data are late', ja: 'データ遅延' }, color: colours.orange },
    'query-failed': { text: { en: 'not evaluated', ja: '評価できず' }, color: colours.orange },
  },
  signal: {
    churn: { text: { en: 'risk of churn', ja: '解約リスク' }, color: colours.vermillion },
    expansion: { text: { en: 'ready for expansion', ja: '拡大の好機' }, color: colours.blue },
    golden_time: { text: { en: 'golden time', ja: 'ゴールデンタイム' }, color: colours.green },
  },
  truth: {
    true: { text: { en: 'yes', ja: 'はい' } },
    false: { text: { en: 'no', ja: 'いいえ' } },
  },
  goal: {
    true: { text: { en: 'reached', ja: '達成' }, color: colours.blue },
    false: { text: { en: 'missed', ja: '未達' }, color: colours.orange },
  },
  verdict: {
    shorter: { text: { en: 'shorter', ja: '短縮' }, color: colours.blue },
    longer: { text: { en: 'longer', ja: '長期化' }, color: colours.vermillion },
    'no evidence': { text: { en: 'no difference shown', ja: '差は確認できず' }, color: colours.grey },
    'too early': { text: { en: 'too early', ja: '判定はまだ早い' }, color: colours.sky },
  },
  period: {
    all: { text: { en: 'all', ja: '全期間' } },
    before: { text: { en: 'before', ja: '改善前' } },
    after: { text: { en: 'after', ja: '改善後' } },
  },
  transition: {
    started: { text: { en: 'began', ja: '開始' } },
    fired: { text: { en: 'alarm', ja: 'アラート' }, color: colours.vermillion },
    dropped: { text: { en: 'passed by itself', ja: '自然収束' } },
    resolved: { text: { en: 'over', ja: '解消' }, color: colours.blue },
  },
  answer: {
    promoter: { text: { en: 'promoter', ja: '推奨者' } },
    passive: { text: { en: 'passive', ja: '中立者' } },
    detractor: { text: { en: 'detractor', ja: '批判者' } },
  },
  record: {
    ok: { text: { en: 'ok', ja: '確定' }, color: colours.blue },
    insufficient: { text: { en: 'too few', ja: '件数不足' }, color: colours.orange },
    no_scores: { text: { en: 'no scores then', ja: '当時のスコアなし' }, color: colours.grey },
  },
  outcome: {
    advanced: { text: { en: '→ next stage', ja: '→ 次のステージへ' } },
    completed: { text: { en: '→ completed', ja: '→ 完了' } },
    lost: { text: { en: '→ lost', ja: '→ 離脱' } },
    silent: { text: { en: '→ lost (silence)', ja: '→ 離脱（無反応）' } },
    returned: { text: { en: '→ earlier stage', ja: '→ 前のステージへ' } },
    open: { text: { en: '→ still open', ja: '→ 継続中' } },
  },
} satisfies Record<string, Record<string, Reading>>;

export type MappingName = keyof typeof readings | 'segment';

/** Grafana's value mappings of a kind of value. */
export function mappingsOf(name: MappingName, language: Language): ValueMapping[] {
  if (name === 'segment') return segmentMappings(language);
  const options = Object.entries<Reading>(readings[name]).map(([value, { text, color }], index) => [
    value,
    { text: text[language], index, ...(color === undefined ? {} : { color }) },
  ]);
  return [{ type: MappingType.ValueToText, options: Object.fromEntries(options) }];
}

/** A segment's value: the empty text means that it is missing, null that nothing was split. */
function segmentMappings(language: Language): ValueMapping[] {
  const missing = { en: '(not set)', ja: '（未設定）' };
  const everybody = { en: 'everybody', ja: '全体' };
  return [
    {
      type: MappingType.SpecialValue,
      options: { match: SpecialValueMatch.Empty, result: { text: missing[language], index: 0 } },
    },
    {
      type: MappingType.SpecialValue,
      options: { match: SpecialValueMatch.Null, result: { text: everybody[language], index: 1 } },
    },
  ];
}
