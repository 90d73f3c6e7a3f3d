import { expect, it } from 'vitest';
import type { SuggestionRow } from '../src/track-record/point-suggestions.ts';
import { suggestionSentence } from '../src/track-record/suggestion-sentence.ts';

const row: SuggestionRow = {
  ...{ rule: 'quiet', stage: null, points: -18, suggested: -15, lo: -20, hi: -9, held: 40, heldLost: 20 },
  ...{ state: 'clear', sameAs: null, units: 100, losses: 26 },
};
const names = { rule: 'No use', sameAs: 'Tickets', unit: 'customer' } as const;
const seen = '“No use” held for 40 of 100 customers, of whom 50 % were lost, against 10 % of the others.';

it.each([
  [{}, `${seen} With all other rules taken into account that agrees with its −18 points (−20 to −9).`],
  [
    { state: 'unclear' as const, lo: -3, hi: 2 },
    `${seen} With all other rules taken into account it can't be told whether that means anything (−3 to +2 points): leave its −18 as they are.`,
  ],
  [
    { state: 'same_customers' as const },
    "“No use” held for the very same customers as “Tickets”: one can't be told from the other.",
  ],
  [
    { state: 'too_few_losses' as const, losses: 3 },
    '3 of 100 customers were lost: too few, or too few stayed, to suggest points.',
  ],
  [{ state: 'singular' as const }, 'No points can be fitted to what became of the 100 customers.'],
])('says what is known %#', (fields, sentence) => {
  expect(suggestionSentence({ ...row, ...fields }, names, 'en')).toBe(sentence);
  const japanese = suggestionSentence({ ...row, ...fields }, { ...names, unit: 'account' }, 'ja-JP');
  expect(japanese).toMatch(/アカウント/);
  expect(japanese).toMatch(/。$/);
  expect(japanese).not.toMatch(/undefined|null|NaN/);
});
