import type { Notification } from './notification.ts';

const names = {
  en: { rate: 'Drop-off', usual: 'Usual', lift: 'Times the usual', q: 'q-value' },
  ja: { rate: '離脱率', usual: '通常', lift: '通常比', q: 'q値' },
} as const;

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** The numbers of a notification as pairs of name and text, those that it has. Pure. */
export function figuresOf(notification: Notification, locale: string): [string, string][] {
  const { k, n, rate, lo, hi, usualRate, lift, q } = notification;
  const say = locale.split('-')[0] === 'ja' ? names.ja : names.en;
  const figures: [string, string | null][] = [
    [say.rate, rate === null ? null : percent(rate) + counted(k, n) + interval(lo, hi)],
    [say.usual, usualRate === null ? null : percent(usualRate)],
    [say.lift, lift === null ? null : `${lift.toFixed(2)} ×`],
    [say.q, q === null ? null : q.toPrecision(2)],
  ];
  return figures.filter((figure): figure is [string, string] => figure[1] !== null);
}

const counted = (k: number | null, n: number | null): string => (k === null || n === null ? '' : ` (${k} / ${n})`);

const interval = (lo: number | null, hi: number | null): string =>
  lo === null || hi === null ? '' : `, ${percent(lo)} – ${percent(hi)}`;
