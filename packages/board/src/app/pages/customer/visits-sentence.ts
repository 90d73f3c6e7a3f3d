import type { Format } from '../../format/format.ts';
import { splitSegment } from '../../state/segments.ts';
import type { Words } from '../../words/en.ts';

interface Asked {
  /** Title of the stage; null: all. */
  stage: string | null;
  outcome: keyof Words['customers']['outcomes'] | null;
  touchpoint: string | null;
  segments: readonly string[];
  from: string;
  to: string;
}

/** Says which customers a list holds: who, where, when they came in, and what became of them. Values of one segment are alternatives. */
export function visitsSentence(asked: Asked, words: Words, format: Format): string {
  const byName = new Map<string, string[]>();
  for (const { name, value } of asked.segments.map(splitSegment)) {
    byName.set(name, [...(byName.get(name) ?? []), value || words.numbers.missing]);
  }
  const who = [...byName].map(([name, values]) => words.customers.ofSegment(name, values.join(` ${words.funnel.or} `)));
  return [
    asked.stage === null ? words.customers.allWhoEntered : words.customers.whoEntered(asked.stage),
    words.customers.enteredBetween(format.time(asked.from), format.time(asked.to)),
    ...(asked.outcome === null ? [] : [words.customers.whoseOutcome(words.customers.outcomes[asked.outcome])]),
    ...(asked.touchpoint === null ? [] : [words.customers.whoTouched(asked.touchpoint)]),
    ...who,
  ].join(words.customers.join);
}
