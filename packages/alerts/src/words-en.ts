import type { AlertWords, Formats } from './words.ts';

const watchedThing = {
  'stage-drop-off': 'Drop-off',
  'touchpoint-drop-off': 'Drop-off after a touchpoint',
  'stalled-share': 'Share of stalled customers',
  volume: 'Number of entries',
} as const;

const happened = {
  'stage-drop-off': 'had not gone on to the next stage when they were judged',
  'touchpoint-drop-off': 'of those who were touched had not gone on to the next stage when they were judged',
  'stalled-share': 'have stalled',
} as const;

const reasons = {
  calm: 'It is as usual again, or no longer unusual enough.',
  insufficient: 'Too few entries are left to go on judging.',
  retired: 'The rule or the series is no longer watched.',
} as const;

export const englishWords = (format: Formats): AlertWords => ({
  labels: { board: 'Board', customers: 'Customers behind it', runbook: 'Runbook' },
  title(kind, watched, where) {
    const direction = watched === 'volume' ? 'unusually low' : 'unusually high';
    if (kind === 'resolved') return `Resolved: ${watchedThing[watched]} in ${where}`;
    if (kind === 'dropped') return `Not confirmed: ${watchedThing[watched]} in ${where}`;
    return `${watchedThing[watched]} is ${direction}${kind === 'started' ? ' (to be confirmed)' : ''}: ${where}`;
  },
  place: (journey, stage, touchpoint, segment) =>
    [
      journey,
      stage,
      ...(touchpoint === null ? [] : [touchpoint]),
      segment === '' ? 'everybody' : segmentWords(segment),
    ].join(' › '),
  rate: ({ window, k, n, rate, lo, hi, usual, usualLo, usualHi, lift }, watched) => [
    `${format.count(k)} of ${format.count(n)} (${format.percent(rate)}, 95% interval ${format.percents(lo, hi)}) ${happened[watched]}; they entered ${format.days(window.fromUs, window.toUs)}.`,
    `Usual is ${format.percent(usual)} (${format.percents(usualLo ?? usual, usualHi ?? usual)}); this is ${format.times(lift)} times that.`,
  ],
  volume: ({ window, n, usual }) => [
    `${format.count(n)} entries on ${format.days(window.fromUs, window.toUs)}; usual are ${format.count(usual)}.`,
  ],
  since: (startedUs, resolvedUs) =>
    resolvedUs === null
      ? `Unusual since the evaluation of ${format.day(startedUs)}.`
      : `Unusual from ${format.day(startedUs)} to ${format.day(resolvedUs)}.`,
  reason: (reason) => reasons[reason],
  rule: (title, falseAlarmsPerWeek) =>
    `Rule “${title}”: at most ${format.amount(falseAlarmsPerWeek)} false alarms a week are expected of it.`,
});

function segmentWords(segment: string): string {
  const colon = segment.indexOf(':');
  const value = segment.slice(colon + 1);
  return value === '' ? `no ${segment.slice(0, colon)}` : `${segment.slice(0, colon)} ${value}`;
}
