import type { SuggestionRow } from './point-suggestions.ts';

/** What a sentence names: the rule, and the rule that held for the same units, by their titles. */
export interface SuggestionNames {
  readonly rule: string;
  readonly sameAs: string | null;
  readonly unit: 'customer' | 'account';
}

const signed = (points: number): string => (points < 0 ? `−${-points}` : points > 0 ? `+${points}` : '0');
const percent = (k: number, n: number): string => `${n === 0 ? 0 : Math.round((100 * k) / n)} %`;

/** Whether the present points lie within the interval of the suggested ones. */
function agrees({ points, lo, hi }: SuggestionRow): boolean {
  return lo !== null && hi !== null && points >= lo && points <= hi;
}

function lostOf({ held, heldLost, units, losses }: SuggestionRow) {
  return { own: percent(heldLost, held), others: percent(losses - heldLost, units - held) };
}

/** A suggestion as a sentence of a language: Japanese for `ja`, else English. Pure. */
export function suggestionSentence(row: SuggestionRow, names: SuggestionNames, language: string): string {
  return language === 'ja' || language.startsWith('ja-') ? japanese(row, names) : english(row, names);
}

function english(row: SuggestionRow, { rule, sameAs, unit }: SuggestionNames): string {
  const { points, suggested, lo, hi, held, units, losses } = row;
  const share = lostOf(row);
  const seen = `“${rule}” held for ${held} of ${units} ${unit}s, of whom ${share.own} were lost, against ${share.others} of the others`;
  const range = `${signed(lo ?? 0)} to ${signed(hi ?? 0)}`;
  switch (row.state) {
    case 'clear':
      return agrees(row)
        ? `${seen}. With all other rules taken into account that agrees with its ${signed(points)} points (${range}).`
        : `${seen}. With all other rules taken into account that is worth ${signed(suggested ?? 0)} points (${range}) instead of ${signed(points)}.`;
    case 'unclear':
      return `${seen}. With all other rules taken into account it can't be told whether that means anything (${range} points): leave its ${signed(points)} as they are.`;
    case 'insufficient':
      return `“${rule}” held for ${held} of ${units} ${unit}s: too few, or too few without it, to judge it.`;
    case 'same_customers':
      return `“${rule}” held for the very same ${unit}s as “${sameAs ?? ''}”: one can't be told from the other.`;
    case 'too_few_losses':
      return `${losses} of ${units} ${unit}s were lost: too few, or too few stayed, to suggest points.`;
    default:
      return `No points can be fitted to what became of the ${units} ${unit}s.`;
  }
}

function japanese(row: SuggestionRow, { rule, sameAs, unit }: SuggestionNames): string {
  const { points, suggested, lo, hi, held, units, losses } = row;
  const share = lostOf(row);
  const who = unit === 'customer' ? '顧客' : 'アカウント';
  const seen = `「${rule}」は${who}${units}件中${held}件に該当し、離脱率は${share.own}（その他は${share.others}）`;
  const range = `${signed(lo ?? 0)}～${signed(hi ?? 0)}`;
  switch (row.state) {
    case 'clear':
      return agrees(row)
        ? `${seen}。他のルールを考慮しても、現在の${signed(points)}点は妥当です（${range}）。`
        : `${seen}。他のルールを考慮すると、現在の${signed(points)}点ではなく${signed(suggested ?? 0)}点に相当します（${range}）。`;
    case 'unclear':
      return `${seen}。他のルールを考慮すると影響があるとは言い切れません（${range}点）。現在の${signed(points)}点のままにしてください。`;
    case 'insufficient':
      return `「${rule}」は${who}${units}件中${held}件に該当。該当または非該当が少なすぎるため、評価できません。`;
    case 'same_customers':
      return `「${rule}」に該当する${who}は「${sameAs ?? ''}」とまったく同じため、区別できません。`;
    case 'too_few_losses':
      return `${who}${units}件中の離脱は${losses}件。離脱または継続が少なすぎるため、点数を提案できません。`;
    default:
      return `${who}${units}件の結果からは点数を推定できません。`;
  }
}
