import { touchpoints } from '@michinori/client';
import { useAnswer } from '../data/use-answer.tsx';
import { Notice } from '../parts/notice.tsx';
import { useWords } from '../words/use-words.tsx';

const firstEvent = `curl -H 'content-type: application/json' ${location.origin}/v1/events \\
  -d '{ "touchpoint": "trial.started", "customer": "acme-1" }'`;

/** An empty house: the commands that fill it. */
export function NoJourney() {
  const { words } = useWords();
  const seen = useAnswer(touchpoints.list({ limit: 1 })).answer;
  return (
    <>
      {seen !== null && seen.rows.length === 0 && (
        <Notice title={words.states.noData}>
          <p>{words.states.noDataWhat}</p>
          <pre>{firstEvent}</pre>
        </Notice>
      )}
      <Notice title={words.states.noJourney}>
        <p>{words.states.noJourneyWhat}</p>
        <pre>npx michinori journey apply my-journey.yaml</pre>
        <p>
          <a href="/docs">/docs</a>
        </p>
      </Notice>
    </>
  );
}
