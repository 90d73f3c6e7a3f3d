import { type AlertGetRuleRow, alerts } from '@michinori/client';
import type { ComponentChildren } from 'preact';
import { useStages } from '../../data/use-stages.ts';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useAddress } from '../../state/address.tsx';
import { useWords } from '../../words/use-words.tsx';

/** A rule in words, where it comes from, its text, and what is wrong with it. */
export function RulePanel({ alert, title }: { alert: string; title: string }) {
  const { view } = useAddress();
  const { words, format } = useWords();
  return (
    <Panel
      title={`${words.alerts.rule}: ${title}`}
      question={alerts.getRule(alert, { language: view.language })}
      fileName={`rule-${alert}`}
      picture={([rule], { problems = [] }) =>
        rule !== undefined && (
          <>
            {problems.length > 0 && (
              <Notice title={words.alerts.problems} tone="problem">
                <ul>
                  {problems.map(({ line, column, pointer, message }) => (
                    <li key={pointer + message}>
                      {words.alerts.line(format.count(line), format.count(column))} <code>{pointer}</code>: {message}
                    </li>
                  ))}
                </ul>
              </Notice>
            )}
            <Facts rule={rule} />
            <details>
              <summary>{words.alerts.source}</summary>
              <pre>{rule.source}</pre>
            </details>
          </>
        )
      }
    />
  );
}

function Facts({ rule }: { rule: AlertGetRuleRow }) {
  const { words, format } = useWords();
  const stages = useStages(rule.journey);
  const titles = list(rule.stages).map((id) => stages.find((stage) => stage.id === id)?.title ?? id);
  const kind = kindName(rule.kind, words.alerts.kinds);
  const facts: [string, ComponentChildren][] = [
    [words.alerts.watches, kind],
    [words.alerts.stages, titles.join(', ') || words.alerts.allStages],
    ...(list(rule.by).length === 0
      ? []
      : [[words.alerts.bySegments, list(rule.by).join(', ')] satisfies [string, string]]),
    [
      words.alerts.judgedAfter,
      rule.horizonSeconds === null ? words.alerts.ownHorizon : format.duration(rule.horizonSeconds),
    ],
    [words.alerts.windowOf, days(rule.windowDays)],
    [words.alerts.baseline, days(rule.baselineDays)],
    [
      words.alerts.budget,
      rule.falseAlarmsPerWeek === null ? '' : words.alerts.perWeek(amount(rule.falseAlarmsPerWeek)),
    ],
    [words.alerts.inARow, rule.for === null ? '' : format.count(rule.for)],
    [words.alerts.schedule, <code key="schedule">{rule.schedule}</code>],
    [words.alerts.severity, kindName(rule.severity, words.alerts.severities)],
    [words.alerts.channels, list(rule.channels).join(', ') || words.alerts.nobody],
    ...(rule.runbook === null
      ? []
      : [[words.alerts.runbook, runbookLink(rule.runbook)] satisfies [string, ComponentChildren]]),
    [words.alerts.origin, words.alerts.origins[rule.origin](rule.changedBy)],
    [words.alerts.changed, format.time(rule.changedAt)],
  ];
  return (
    <dl class="rule-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );

  function days(count: number | null): string {
    return count === null ? '' : words.alerts.days(format.count(count));
  }

  function amount(value: number): string {
    return String(Number(format.decimal(value, { digits: 3 }).replace(',', '.')));
  }
}

/** The name of a kind or severity, as it stands in the rule where there is none. */
export function kindName(kind: string | null, names: Readonly<Record<string, string>>): string {
  return kind === null ? '' : (names[kind] ?? kind);
}

const list = (text: string | null) => (text ?? '').split(',').filter((part) => part !== '');

/** Only addresses of the web become links: the text of a rule may come from anybody with the scope `admin`. */
function runbookLink(address: string) {
  if (!/^https?:\/\//.test(address)) return address;
  return (
    <a href={address} target="_blank" rel="noreferrer">
      {address}
    </a>
  );
}
