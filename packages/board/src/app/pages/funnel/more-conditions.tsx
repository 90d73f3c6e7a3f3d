import { Choice } from '../../parts/choice.tsx';
import { TypedInput } from '../../parts/typed-input.tsx';
import { useWords } from '../../words/use-words.tsx';
import { FilterRows, SubjectFields } from './filter-rows.tsx';
import type { ExclusionDraft, FunnelState } from './funnel-state.ts';

interface ConditionsProps {
  state: FunnelState;
  onChange: (state: FunnelState) => void;
}

/** What holds for the whole funnel: filters, values that stay the same, what must not happen in between. */
export function MoreConditions({ state, onChange }: ConditionsProps) {
  const { words, format } = useWords();
  const { exclude = [], hold = [], filter = [] } = state;
  const isUsed = exclude.length + hold.length + filter.length > 0;
  return (
    <details class="conditions" open={isUsed}>
      <summary>{words.funnelForm.conditions}</summary>
      <fieldset>
        <legend>{words.funnelForm.filters}</legend>
        <FilterRows
          of={words.funnelForm.filters}
          filters={filter}
          onChange={(next) => onChange({ ...state, filter: next })}
        />
      </fieldset>
      <fieldset>
        <legend>{words.funnelForm.hold}</legend>
        {hold.map((subject, at) => {
          const of = `${words.funnelForm.hold} ${format.count(at + 1)}`;
          return (
            <div class="filter-row" key={at}>
              <SubjectFields of={of} subject={subject} onChange={(next) => setHold(hold.with(at, next))} />
              <button
                type="button"
                class="icon"
                aria-label={words.funnelForm.remove(of)}
                onClick={() => setHold(hold.toSpliced(at, 1))}
              >
                ×
              </button>
            </div>
          );
        })}
        <button
          type="button"
          class="quiet"
          disabled={hold.length >= 10}
          onClick={() => setHold([...hold, { kind: 'trait', name: '' }])}
        >
          {words.funnelForm.addHold}
        </button>
      </fieldset>
      <fieldset>
        <legend>{words.funnelForm.exclusions}</legend>
        {exclude.map((one, at) => (
          <Exclusion
            key={at}
            number={format.count(at + 1)}
            exclusion={one}
            state={state}
            onChange={(next) => setExclude(exclude.with(at, next))}
            onRemove={() => setExclude(exclude.toSpliced(at, 1))}
          />
        ))}
        <button
          type="button"
          class="quiet"
          disabled={exclude.length >= 10}
          onClick={() => setExclude([...exclude, { text: '', after: 1, before: Math.max(2, state.steps.length) }])}
        >
          {words.funnelForm.addExclusion}
        </button>
      </fieldset>
    </details>
  );

  function setHold(next: FunnelState['hold']): void {
    onChange({ ...state, hold: next });
  }

  function setExclude(next: FunnelState['exclude']): void {
    onChange({ ...state, exclude: next });
  }
}

interface ExclusionProps {
  number: string;
  exclusion: ExclusionDraft;
  state: FunnelState;
  onChange: (exclusion: ExclusionDraft) => void;
  onRemove: () => void;
}

function Exclusion({ number, exclusion, state, onChange, onRemove }: ExclusionProps) {
  const { words, format } = useWords();
  const of = words.funnelForm.exclusion(number);
  const steps = Math.max(2, state.steps.length);
  const choices = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => {
      const step = from + index;
      return { value: `${step}`, label: words.funnel.step(format.count(step)) };
    });
  return (
    <div class="exclusion">
      <div class="filter-row">
        <TypedInput
          label={`${of}: ${words.funnel.touchpoint}`}
          list="touchpoints"
          placeholder={words.funnel.touchpoint}
          value={exclusion.text}
          onCommit={(text) => onChange({ ...exclusion, text: text.trim() })}
        />
        {state.order !== 'any' && (
          <>
            <Choice
              label={words.funnelForm.after}
              value={`${exclusion.after}`}
              options={choices(1, steps - 1)}
              onChoose={(value) => {
                const after = Number(value);
                onChange({ ...exclusion, after, before: Math.max(exclusion.before, after + 1) });
              }}
            />
            <Choice
              label={words.funnelForm.before}
              value={`${exclusion.before}`}
              options={choices(exclusion.after + 1, Math.max(steps, exclusion.after + 1))}
              onChoose={(value) => onChange({ ...exclusion, before: Number(value) })}
            />
          </>
        )}
        <button type="button" class="icon" aria-label={words.funnelForm.remove(of)} onClick={onRemove}>
          ×
        </button>
      </div>
      <FilterRows of={of} filters={exclusion.where ?? []} onChange={(where) => onChange({ ...exclusion, where })} />
    </div>
  );
}
