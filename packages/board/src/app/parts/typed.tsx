import { useState } from 'preact/hooks';

interface TypedProps {
  type: 'text' | 'number';
  value: string;
  class?: string;
  min?: string;
  /** Id of a `datalist` with suggestions. */
  list?: string;
  placeholder?: string;
  'aria-label'?: string;
  /** Gets the text when the field is left, or at Enter. */
  onType: (text: string) => void;
}

/** A field whose text stays while it is typed, also when an answer that comes meanwhile draws the page anew. */
export function Typed({ value, onType, ...rest }: TypedProps) {
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <input
      {...rest}
      value={draft ?? value}
      onInput={(event) => setDraft(event.currentTarget.value)}
      onChange={(event) => {
        setDraft(null);
        onType(event.currentTarget.value);
      }}
    />
  );
}
