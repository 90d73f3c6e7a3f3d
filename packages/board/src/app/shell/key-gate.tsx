import { journeys } from '@michinori/client';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useAnswer } from '../data/use-answer.tsx';
import { Field } from '../parts/choice.tsx';
import { useAddress } from '../state/address.tsx';
import { useWords } from '../words/use-words.tsx';

interface KeyGateProps {
  apiKey: string | null;
  onKey: (key: string | null) => void;
  children: ComponentChildren;
}

/** Asks for a key when the server does; everything else passes. */
export function KeyGate({ apiKey, onKey, children }: KeyGateProps) {
  const { view } = useAddress();
  const { words } = useWords();
  const { error } = useAnswer(journeys.list({ language: view.language }));
  const [typed, setTyped] = useState('');
  if (error === null || (error.status !== 401 && error.code !== 'insufficient_scope')) return <>{children}</>;
  return (
    <main class="gate" id="content">
      <h1>{words.product}</h1>
      <form
        class="panel"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() !== '') onKey(typed.trim());
        }}
      >
        <h2>{words.key.title}</h2>
        <p>{words.key.what}</p>
        {apiKey !== null && <p role="alert">{words.key.refused}</p>}
        <Field label={words.key.label}>
          <input
            type="password"
            autocomplete="off"
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </Field>
        <button type="submit" class="strong">
          {words.key.use}
        </button>
        <p class="faint">
          {words.key.make} <code>npx michinori keys create --scope query</code>
        </p>
      </form>
    </main>
  );
}
