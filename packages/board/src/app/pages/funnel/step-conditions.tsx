import { useWords } from '../../words/use-words.tsx';
import { FilterRows } from './filter-rows.tsx';
import type { StepDraft } from './funnel-state.ts';
import { SpanField } from './span-field.tsx';

interface StepConditionsProps {
  /** As it is shown. */
  number: string;
  step: StepDraft;
  /** Whether time since the step before can be limited: not for the first, nor where steps have no order. */
  hasGaps: boolean;
  onChange: (step: StepDraft) => void;
}

/** Filters of one step, and how soon after the one before it must come. */
export function StepConditions({ number, step, hasGaps, onChange }: StepConditionsProps) {
  const { words } = useWords();
  const { where = [], within, atLeast } = step;
  return (
    <details class="step-conditions" open={where.length > 0 || within !== undefined || atLeast !== undefined}>
      <summary>
        {words.funnelForm.stepMore}
        <span class="hidden">: {words.funnel.step(number)}</span>
      </summary>
      <FilterRows
        of={words.funnel.step(number)}
        filters={where}
        onChange={(next) => onChange({ ...step, where: next })}
      />
      {hasGaps && (
        <div class="row">
          <SpanField
            label={words.funnelForm.within}
            span={within}
            onChange={(next) => onChange({ ...step, within: next })}
          />
          <SpanField
            label={words.funnelForm.atLeast}
            span={atLeast}
            onChange={(next) => onChange({ ...step, atLeast: next })}
          />
        </div>
      )}
    </details>
  );
}
