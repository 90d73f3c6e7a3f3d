import { Notice } from '../../parts/notice.tsx';
import { useWords } from '../../words/use-words.tsx';

/** The smallest rule about a journey. */
export const smallestRule = (journey: string | null) => `alert: losses\njourney: ${journey ?? 'my-journey'}\n`;

/** Nothing is watched: how to write a rule and put it to use. */
export function NoRules({ journey }: { journey: string | null }) {
  const { words } = useWords();
  return (
    <Notice title={words.alerts.noRules}>
      <p>{words.alerts.noRulesWhat}</p>
      <pre>{smallestRule(journey)}</pre>
      <p>{words.alerts.noRulesApply}</p>
      <pre>npx michinori alerts apply my-rule.yaml</pre>
      <p>{words.alerts.noRulesTry}</p>
    </Notice>
  );
}
