import type { AlertWords, Formats } from './words.ts';

const watchedThing = {
  'stage-drop-off': '離脱率',
  'touchpoint-drop-off': 'タッチポイント後の離脱率',
  'stalled-share': '停滞率',
  volume: '流入数',
} as const;

const happened = {
  'stage-drop-off': '判定時点で次のステージに進んでいません',
  'touchpoint-drop-off': '接触後、判定時点で次のステージに進んでいません',
  'stalled-share': '停滞しています',
} as const;

const reasons = {
  calm: '通常の水準に戻ったか、差が基準を下回りました。',
  insufficient: '対象が少なく、判定を続けられません。',
  retired: 'このルールまたは系列の監視は終了しました。',
} as const;

export const japaneseWords = (format: Formats): AlertWords => ({
  labels: { board: 'ボード', customers: '該当する顧客', runbook: '対応手順' },
  title(kind, watched, where) {
    const direction = watched === 'volume' ? '異常に少なくなっています' : '異常に高くなっています';
    if (kind === 'resolved') return `【解消】${where}:${watchedThing[watched]}`;
    if (kind === 'dropped') return `【未確認のまま終了】${where}:${watchedThing[watched]}`;
    return `${kind === 'started' ? '【確認待ち】' : '【警告】'}${where}:${watchedThing[watched]}が${direction}`;
  },
  place: (journey, stage, touchpoint, segment) =>
    [
      journey,
      stage,
      ...(touchpoint === null ? [] : [touchpoint]),
      segment === '' ? '全体' : segmentWords(segment),
    ].join(' › '),
  rate: ({ window, k, n, rate, lo, hi, usual, usualLo, usualHi, lift }, watched) => [
    `${format.days(window.fromUs, window.toUs)}に入った${format.count(n)}件のうち${format.count(k)}件(${format.percent(rate)}、95%信頼区間 ${format.percents(lo, hi)})が${happened[watched]}。`,
    `通常は${format.percent(usual)}(${format.percents(usualLo ?? usual, usualHi ?? usual)})で、その${format.times(lift)}倍です。`,
  ],
  volume: ({ window, n, usual }) => [
    `${format.days(window.fromUs, window.toUs)}の流入は${format.count(n)}件です(通常は${format.count(usual)}件)。`,
  ],
  since: (startedUs, resolvedUs) =>
    resolvedUs === null
      ? `${format.day(startedUs)}の判定から続いています。`
      : `${format.day(startedUs)}から${format.day(resolvedUs)}まで続きました。`,
  reason: (reason) => reasons[reason],
  rule: (title, falseAlarmsPerWeek) =>
    `ルール「${title}」:想定される誤報は週${format.amount(falseAlarmsPerWeek)}件以下です。`,
});

function segmentWords(segment: string): string {
  const colon = segment.indexOf(':');
  const value = segment.slice(colon + 1);
  return `${segment.slice(0, colon)}:${value === '' ? 'なし' : value}`;
}
