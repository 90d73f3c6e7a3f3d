/** A query that may answer with no rows. */
export interface QuietQuery {
  /** Why nothing is right, too. */
  because: string;
  /** When it has rows: once something is the matter, or with every variable on none or all. */
  until: 'stirred' | 'none';
}

const noAlarm: QuietQuery = { because: 'usually no alarm fires', until: 'stirred' };
const noRefusal: QuietQuery = { because: 'nothing was refused', until: 'stirred' };
const fewAnswers: QuietQuery = { because: 'the small demo has too few answers in a month', until: 'stirred' };
const oneSegment: QuietQuery = { because: 'the small demo has too few visits of one segment in a week', until: 'none' };

/** Those that may be empty, by language, dashboard, panel and query. The test shows that each has rows otherwise. */
export const quietQueries: Readonly<Record<string, QuietQuery>> = {
  'en/wall#1A': noAlarm,
  'ja/wall#1A': noAlarm,
  'en/wall#9A': noAlarm,
  'ja/wall#9A': noAlarm,
  'en/wall#annotation Alarms': noAlarm,
  'ja/wall#annotation アラート': noAlarm,
  'en/funnel#annotation Alarms': noAlarm,
  'ja/funnel#annotation アラート': noAlarm,
  'en/touchpoints#annotation Alarms': noAlarm,
  'ja/touchpoints#annotation アラート': noAlarm,
  'en/pipeline#14A': noRefusal,
  'ja/pipeline#14A': noRefusal,
  'en/nps#2A': fewAnswers,
  'ja/nps#2A': fewAnswers,
  'en/touchpoints#3A': oneSegment,
  'en/cycle-time#5A': oneSegment,
};
