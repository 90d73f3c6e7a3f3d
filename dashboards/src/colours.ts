/** Colours that stay apart for every kind of colour vision. Source: M. Okabe, K. Ito, "Color Universal Design" (2008). */
export const colours = {
  blue: '#0072B2',
  sky: '#56B4E9',
  green: '#009E73',
  yellow: '#F0E442',
  orange: '#E69F00',
  vermillion: '#D55E00',
  purple: '#CC79A7',
  grey: '#8E8E8E',
} as const;

/** A threshold: from this value on, this colour; null is the beginning. */
export interface Step {
  value: number | null;
  color: string;
}

/** The more, the worse. */
export const risingBad = (some: number, much: number): readonly Step[] => [
  { value: null, color: colours.blue },
  { value: some, color: colours.orange },
  { value: much, color: colours.vermillion },
];

/** The more, the better. */
export const risingGood = (some: number, much: number): readonly Step[] => [
  { value: null, color: colours.vermillion },
  { value: some, color: colours.orange },
  { value: much, color: colours.blue },
];

export const plain: readonly Step[] = [{ value: null, color: colours.blue }];
