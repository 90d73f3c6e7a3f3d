import type { Text } from '../text.ts';

/** How n, the interval and the trust of a rate are to be read; used in many descriptions. */
export const counted: Text = {
  en: 'The true rate lies between “95 % from” and “95 % to” (Wilson) 19 times of 20. “Too few”: n is below 30. “Too early”: for more than a fifth the outcome isn’t known yet.',
  ja: '真の割合は20回中19回、95%区間（Wilson）の中にあります。「件数不足」はnが30未満、「途中経過」は結果がまだ分からない顧客が2割を超える状態です。',
};

/** A part of a description in front of `counted`. */
export const withCounts = (en: string, ja: string): Text => ({ en: `${en} ${counted.en}`, ja: `${ja}${counted.ja}` });

/** Link of a cell to a customer's page in the board. */
export const customerLink = {
  column: 'customer',
  title: { en: 'Timeline in the board', ja: 'ボードで履歴を見る' },
  url: '${board}/customers/${__data.fields.customer:percentencode}',
} as const;
