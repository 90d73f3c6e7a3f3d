import { useStages } from '../../data/use-stages.ts';
import { splitSegment } from '../../state/segments.ts';
import { useWords } from '../../words/use-words.tsx';
import { type AlertState, type Series, stateMarks } from './alert-state.ts';

/** Stage, touchpoint and segment of a series by their titles. */
export function SeriesName({ journey, series }: { journey: string; series: Series }) {
  const name = useSeriesName(journey);
  return <>{name(series)}</>;
}

/** The same as a text. */
export function useSeriesName(journey: string | null): (series: Series) => string {
  const { words } = useWords();
  const stages = useStages(journey);
  return ({ stage, segment, touchpoint }) => {
    const { name, value } = splitSegment(segment);
    const who = segment === '' ? words.numbers.everybody : `${name}: ${value || words.numbers.missing}`;
    const title = stages.find(({ id }) => id === stage)?.title ?? stage;
    return [title, touchpoint, who].filter((part) => part !== null).join(' · ');
  };
}

/** A state as a mark and a word. */
export function StateMark({ state }: { state: AlertState }) {
  const { words } = useWords();
  return (
    <span class={`alert-state is-${state}`} title={words.alerts.statesWhat[state]}>
      <span aria-hidden="true">{stateMarks[state]}</span> {words.alerts.states[state]}
      <span class="hidden"> {words.alerts.statesWhat[state]}</span>
    </span>
  );
}
