import type { ProblemError } from '@michinori/client';
import type { ComponentChildren } from 'preact';
import { retryAfterMs } from '../data/store.ts';
import { useDesk } from '../data/use-answer.tsx';
import { useAddress } from '../state/address.tsx';
import type { Words } from '../words/en.ts';
import { useWords } from '../words/use-words.tsx';

interface NoticeProps {
  title: string;
  children?: ComponentChildren;
  tone?: 'calm' | 'problem';
}

/** In place of a picture: what is the matter, and what to do. */
export function Notice({ title, children, tone = 'calm' }: NoticeProps) {
  return (
    <div class={`notice notice-${tone}`} role={tone === 'problem' ? 'alert' : 'status'}>
      <p class="notice-title">{title}</p>
      {children}
    </div>
  );
}

/** Nothing was found: a longer range may help. */
export function Empty() {
  const { words } = useWords();
  const { setView, view } = useAddress();
  const isLong = view.range.kind === 'last' && view.range.days >= 365;
  return (
    <Notice title={words.states.empty}>
      <p>{words.states.emptyWhat}</p>
      {!isLong && (
        <button type="button" onClick={() => setView({ range: { kind: 'last', days: 365 } })}>
          {words.states.widen}
        </button>
      )}
    </Notice>
  );
}

/** A question failed: why, and whether the board asks again by itself. */
export function Failure({ error }: { error: ProblemError }) {
  const { words } = useWords();
  const { store } = useDesk();
  const { title, what } = explain(error, words);
  const retries = retryAfterMs(error, 1) !== null;
  return (
    <Notice title={title} tone="problem">
      {what !== null && <p>{what}</p>}
      {error.errors.length > 0 && (
        <ul>
          {error.errors.map(({ pointer, message }) => (
            <li key={pointer + message}>{message}</li>
          ))}
        </ul>
      )}
      <p class="faint">
        <code>{error.code}</code>
        {retries && ` · ${words.errors.retrying}`}
      </p>
      {retries && (
        <button type="button" onClick={() => store.refresh()}>
          {words.errors.retry}
        </button>
      )}
    </Notice>
  );
}

function explain(error: ProblemError, { errors }: Words): { title: string; what: string | null } {
  switch (error.code) {
    case 'no_answer':
    case 'store_unavailable':
    case 'starting':
    case 'draining':
      return { title: errors.no_answer, what: errors.no_answerWhat };
    case 'overloaded':
      return { title: errors.overloaded, what: errors.overloadedWhat };
    case 'journey_not_ready':
      return { title: errors.journey_not_ready, what: errors.journey_not_readyWhat };
    case 'unknown_journey':
      return { title: errors.unknown_journey, what: errors.unknown_journeyWhat };
    case 'unknown_customer':
      return { title: errors.unknown_customer, what: errors.unknown_customerWhat };
    case 'query_limit':
      return { title: errors.query_limit, what: errors.query_limitWhat };
    case 'invalid_request':
      return { title: errors.invalid, what: error.errors.length > 0 ? null : error.message };
    default:
      return { title: errors.other, what: error.message };
  }
}
