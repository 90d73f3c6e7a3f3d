import { useWords } from '../words/use-words.tsx';

type State = 'ok' | 'insufficient' | 'immature';

/** Says that a number rests on too few, or came too early; nothing where it is fine. */
export function StateBadge({ state, n }: { state: State; n: number | null }) {
  const { words, format } = useWords();
  if (state === 'ok') return null;
  const why =
    state === 'insufficient'
      ? words.states.insufficientWhy(n === null ? '' : format.count(n))
      : words.states.immatureWhy;
  return (
    <span class={`badge badge-${state}`} title={why}>
      {words.states[state]}
      <span class="hidden"> {why}</span>
    </span>
  );
}
