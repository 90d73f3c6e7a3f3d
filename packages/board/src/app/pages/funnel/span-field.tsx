import { TypedInput } from '../../parts/typed-input.tsx';
import { useWords } from '../../words/use-words.tsx';
import { type Span, windowUnits } from './funnel-state.ts';

interface SpanFieldProps {
  label: string;
  /** None: empty. */
  span: Span | undefined;
  onChange: (span: Span | undefined) => void;
}

/** A length of time, or none. */
export function SpanField({ label, span, onChange }: SpanFieldProps) {
  const { words } = useWords();
  const unit = span?.unit ?? 'day';
  return (
    <span class="span-field">
      <label class="field">
        <span class="field-name">{label}</span>
        <TypedInput
          type="number"
          isShort
          value={span === undefined ? '' : `${span.value}`}
          onCommit={(text) => {
            const value = Math.floor(Number(text));
            onChange(value >= 1 ? { value, unit } : undefined);
          }}
        />
      </label>
      <select
        aria-label={`${label}: ${words.funnel.windowUnit}`}
        value={unit}
        disabled={span === undefined}
        onChange={(event) => {
          const next = windowUnits.find((one) => one === event.currentTarget.value);
          if (next !== undefined && span !== undefined) onChange({ ...span, unit: next });
        }}
      >
        {windowUnits.map((one) => (
          <option key={one} value={one} selected={one === unit}>
            {words.funnel.units[one]}
          </option>
        ))}
      </select>
    </span>
  );
}
