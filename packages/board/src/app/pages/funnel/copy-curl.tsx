import type { FunnelQueryBody } from '@michinori/client';
import { useState } from 'preact/hooks';
import { useWords } from '../../words/use-words.tsx';
import { curlOf } from './funnel-state.ts';

/** The question as a command for a terminal. */
export function CopyCurl({ body }: { body: FunnelQueryBody }) {
  const { words } = useWords();
  const [isCopied, setCopied] = useState(false);
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => {
        void navigator.clipboard.writeText(curlOf(body, location.origin)).then(() => setCopied(true));
      }}
    >
      <span role="status">{isCopied ? words.funnel.copied : words.funnel.curl}</span>
    </button>
  );
}
