import { touchpoints } from '@michinori/client';
import { useEffect, useState } from 'preact/hooks';
import { useAnswer } from '../../data/use-answer.tsx';
import { useJourneys } from '../../data/use-journeys.ts';
import { useSegmentNames } from '../../data/use-segment-names.ts';
import { Choice, Field } from '../../parts/choice.tsx';
import { TypedInput } from '../../parts/typed-input.tsx';
import { useAddress } from '../../state/address.tsx';
import { breakdownOf } from '../../state/segments.ts';
import { useWords } from '../../words/use-words.tsx';
import { type FunnelState, orders, type StepDraft, trendIntervals, units, windowUnits } from './funnel-state.ts';
import { MoreConditions } from './more-conditions.tsx';
import { StepConditions } from './step-conditions.tsx';

interface FormProps {
  state: FunnelState;
  onChange: (state: FunnelState) => void;
}

/** The steps, one below the other, and how they hang together. */
export function FunnelForm({ state, onChange }: FormProps) {
  const { words } = useWords();
  const known = useAnswer(touchpoints.list({ limit: 500 })).answer?.rows ?? [];
  const shown: readonly StepDraft[] = padded(state.steps);
  const setStep = (at: number, step: StepDraft) => onChange({ ...state, steps: shown.with(at, step) });
  const move = (at: number, by: number) => {
    const step = shown[at];
    if (step !== undefined) onChange({ ...state, steps: shown.toSpliced(at, 1).toSpliced(at + by, 0, step) });
  };
  return (
    <section class="panel funnel-form" aria-label={words.funnel.steps}>
      <datalist id="touchpoints">
        {known.map(({ touchpoint }) => (
          <option key={touchpoint} value={touchpoint} />
        ))}
      </datalist>
      <ol class="steps">
        {shown.map((step, at) => (
          <StepRow
            key={at}
            number={at + 1}
            step={step}
            isLast={at === shown.length - 1}
            canSkip={at > 0 && state.order !== 'any'}
            onChange={(next) => setStep(at, next)}
            onMove={(by) => move(at, by)}
            onRemove={() => onChange({ ...state, steps: shown.toSpliced(at, 1) })}
          />
        ))}
      </ol>
      <p class="faint">{words.funnel.hint}</p>
      <button
        type="button"
        disabled={shown.length >= 20}
        onClick={() => onChange({ ...state, steps: [...shown, { text: '', isOptional: false }] })}
      >
        {words.funnel.addStep}
      </button>
      <Details state={state} onChange={onChange} />
      <MoreConditions state={{ ...state, steps: shown }} onChange={onChange} />
    </section>
  );
}

/** There are always two rows to fill in. */
function padded(steps: readonly StepDraft[]): StepDraft[] {
  const missing = Math.max(0, 2 - steps.length);
  return [...steps, ...Array.from({ length: missing }, () => ({ text: '', isOptional: false }))];
}

interface RowProps {
  number: number;
  step: StepDraft;
  isLast: boolean;
  canSkip: boolean;
  onChange: (step: StepDraft) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
}

function StepRow({ number, step, isLast, canSkip, onChange, onMove, onRemove }: RowProps) {
  const { words, format } = useWords();
  const shown = format.count(number);
  return (
    <li>
      <span class="step-number" aria-hidden="true">
        {shown}
      </span>
      <TypedInput
        label={`${words.funnel.step(shown)}: ${words.funnel.touchpoint}`}
        list="touchpoints"
        placeholder={words.funnel.touchpoint}
        value={step.text}
        onCommit={(text) => onChange({ ...step, text: text.trim() })}
      />
      <label class={`tick ${canSkip ? '' : 'is-absent'}`}>
        <input
          type="checkbox"
          disabled={!canSkip}
          checked={step.isOptional && canSkip}
          onChange={(event) => onChange({ ...step, isOptional: event.currentTarget.checked })}
        />
        {words.funnel.optional}
      </label>
      <span class="step-tools">
        <button
          type="button"
          class="icon"
          aria-label={words.funnel.earlier(shown)}
          disabled={number === 1}
          onClick={() => onMove(-1)}
        >
          ↑
        </button>
        <button
          type="button"
          class="icon"
          aria-label={words.funnel.later(shown)}
          disabled={isLast}
          onClick={() => onMove(1)}
        >
          ↓
        </button>
        <button type="button" class="icon" aria-label={words.funnel.removeStep(shown)} onClick={onRemove}>
          ×
        </button>
      </span>
      <StepConditions number={shown} step={step} hasGaps={canSkip} onChange={onChange} />
    </li>
  );
}

function Details({ state, onChange }: FormProps) {
  const { view, setView } = useAddress();
  const { words } = useWords();
  const { current } = useJourneys();
  const names = useSegmentNames(current);
  const by = breakdownOf(view.by) ?? '';
  const choices = [
    ...names.filter((name) => name !== 'persona').map((name) => `trait:${name}`),
    'channel',
    'team',
    'account',
  ];
  const [amount, setAmount] = useState(String(state.window.value));
  useEffect(() => setAmount(String(state.window.value)), [state.window.value]);
  return (
    <div class="row">
      <Choice
        label={words.funnel.order}
        value={state.order}
        options={orders.map((value) => ({ value, label: words.funnel.orders[value] }))}
        onChoose={(order) => onChange({ ...state, order })}
      />
      <Field label={words.funnel.window}>
        <TypedInput
          type="number"
          isShort
          value={`${amount}`}
          onCommit={(text) => {
            const value = Math.floor(Number(text));
            if (value >= 1) onChange({ ...state, window: { ...state.window, value } });
          }}
        />
      </Field>
      <Choice
        label={words.funnel.windowUnit}
        value={state.window.unit}
        options={windowUnits.map((value) => ({ value, label: words.funnel.units[value] }))}
        onChoose={(unit) => onChange({ ...state, window: { ...state.window, unit } })}
      />
      <Choice
        label={words.funnel.breakdown}
        value={by}
        options={[
          { value: '', label: words.controls.nothing },
          ...[...new Set([...choices, ...(by === '' ? [] : [by])])].map((value) => ({ value, label: value })),
        ]}
        onChoose={(value) => setView({ by: value || null })}
      />
      <Choice
        label={words.funnel.unit}
        value={state.unit}
        options={units.map((value) => ({ value, label: words.funnel.unitsOf[value] }))}
        onChoose={(unit) => onChange({ ...state, unit })}
      />
      <Choice
        label={words.funnelForm.trend}
        value={state.trend ?? ''}
        options={[
          { value: '', label: words.funnelForm.trendNone },
          ...trendIntervals.map((value) => ({ value, label: words.funnelForm.intervals[value] })),
        ]}
        onChoose={(trend) => onChange({ ...state, trend: trend === '' ? undefined : trend })}
      />
      <label class="tick">
        <input
          type="checkbox"
          checked={state.times !== undefined}
          onChange={(event) =>
            onChange({
              ...state,
              times: event.currentTarget.checked ? { from: 1, to: Math.max(2, state.steps.length) } : undefined,
            })
          }
        />
        {words.funnelForm.times}
      </label>
    </div>
  );
}
