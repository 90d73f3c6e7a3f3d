import { useState } from 'preact/hooks';

interface TypedInputProps {
  value: string;
  /** When the field is left, or Enter pressed. */
  onCommit: (text: string) => void;
  label?: string | undefined;
  type?: 'text' | 'number';
  list?: string | undefined;
  placeholder?: string | undefined;
  isShort?: boolean;
}

/** A field whose text counts once it is left. What is being typed stays, also when an answer comes meanwhile and the page is drawn anew. */
export function TypedInput({ value, onCommit, label, type = 'text', list, placeholder, isShort }: TypedInputProps) {
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <input
      type={type}
      {...(type === 'number' ? { min: '1' } : {})}
      {...(isShort ? { class: 'short' } : {})}
      {...(label === undefined ? {} : { 'aria-label': label })}
      {...(list === undefined ? {} : { list })}
      {...(placeholder === undefined ? {} : { placeholder })}
      value={draft ?? value}
      onInput={(event) => setDraft(event.currentTarget.value)}
      onChange={(event) => {
        setDraft(null);
        onCommit(event.currentTarget.value);
      }}
    />
  );
}
