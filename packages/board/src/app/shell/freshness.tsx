import { journeys } from '@michinori/client';
import { useAnswer } from '../data/use-answer.tsx';
import { useNow } from '../data/use-now.ts';
import { useAddress } from '../state/address.tsx';
import { useWords } from '../words/use-words.tsx';

/** Up to when the data goes, and whether the server still answers. */
export function Freshness() {
  const { view } = useAddress();
  const { words, format } = useWords();
  const nowMs = useNow();
  const { answer, error, answeredAtMs } = useAnswer(journeys.list({ language: view.language }));
  const watermark = answer?.meta.watermark ?? null;
  let text = words.fresh.asking;
  if (error !== null && answeredAtMs !== null) text = words.fresh.lost(format.ago(answeredAtMs, nowMs));
  else if (error !== null) text = words.errors.no_answer;
  else if (answer !== null && watermark === null)
    text = answer.rows.length === 0 ? words.fresh.none : words.fresh.unknown;
  else if (watermark !== null)
    text = words.fresh.upTo(format.time(watermark), format.ago(Date.parse(watermark), nowMs));
  return (
    <p class={`freshness ${error === null ? '' : 'is-lost'}`} role="status">
      <span class="dot" aria-hidden="true" />
      {text}
    </p>
  );
}
