import { Notice } from '../../parts/notice.tsx';
import { useWords } from '../../words/use-words.tsx';

const example = `health:
  start: 60
  churn: { below: 40, margin: 5 }
  rules:
    - { id: quiet, idle: "*", for: 7d, points: -15 }
    - { id: angry, sentiment: "*", within: 21d, at_most: -0.2, minimum: 2, points: -15 }
  actions:
    - signal: churn
      task: { owner: customer-success, due: 2d, text: { en: "Call {customer}: {rules}" } }`;

const actionsExample = `health:
  actions:
    - signal: churn
      webhook: crm
      task: { owner: customer-success, due: 2d, text: { en: "Call {customer}: {rules}" } }`;

/** A journey without rules: how to add some. */
export function NoRules({ journey }: { journey: string }) {
  const { health } = useWords().words;
  return (
    <Notice title={health.noRules}>
      <p>{health.noRulesWhat}</p>
      <pre>{example}</pre>
      <pre>{`npx michinori journey apply ${journey}.yaml`}</pre>
      <p>
        {health.noRulesDocs} <a href={`/v1/journeys/${encodeURIComponent(journey)}`}>/v1/journeys/{journey}</a>
      </p>
    </Notice>
  );
}

/** Rules, but no evaluation yet: when there will be one. */
export function NotYet({ timezone }: { timezone: string }) {
  const { health } = useWords().words;
  return (
    <Notice title={health.notYet}>
      <p>{health.notYetWhat(timezone)}</p>
    </Notice>
  );
}

/** A journey whose signals lead to nothing. */
export function NoActions() {
  const { health } = useWords().words;
  return (
    <Notice title={health.actionsNone}>
      <p>{health.actionsNoneWhat}</p>
      <pre>{actionsExample}</pre>
    </Notice>
  );
}
