import { conditionWords } from './condition-words.ts';
import { formatDuration } from './duration.ts';
import { healthLines, healthRuleWords } from './health-words.ts';
import type { ExitRule, Goal, Journey, Rule, Stage } from './journey.ts';
import { titleOf } from './lookups.ts';

/**
 * A journey as text for a terminal: a line with the stages in order, then every stage with its rules and durations, then
 * exits and personas. Titles and labels in `language` (labels: Japanese for `ja…`, English otherwise). Ends with a newline.
 */
export function describeJourney(journey: Journey, language: string): string {
  const label = language === 'ja' || language.startsWith('ja-') ? japanese : english;
  const unit = label[journey.unit];
  const lines = [
    `${titleOf(journey.title, journey.id, language)} (${journey.id}, ${label.version} ${journey.version})`,
    [unit, label[journey.progress], journey.activity === 'inbound' ? label.inbound : '', journey.timezone]
      .filter((part) => part !== '')
      .join(' · '),
    ...(journey.segments.length === 0 ? [] : [`${label.segments}: ${journey.segments.join(', ')}`]),
    '',
    `  ${journey.stages.map((stage) => `[ ${titleOf(stage.title, stage.id, language)} ]`).join(journey.progress === 'free' ? ' ⇄ ' : ' → ')}`,
    ...journey.stages.flatMap((stage, index) => ['', ...stageLines(stage, index + 1, language, label)]),
    ...(journey.exit.length === 0
      ? []
      : ['', `✗ ${label.exit}`, ...journey.exit.map((rule) => `    ${exitWords(rule, label)}`)]),
    ...healthLines(journey, language),
    ...(journey.personas.length === 0 ? [] : ['', label.personas]),
    ...journey.personas.map(({ id, title, where, goal }) => {
      const who = `    ${titleOf(title, id, language)} (${id}): ${where.map(conditionWords).join(', ')}`;
      return goal === null ? who : `${who} – ${goal}`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}

type Labels = typeof english;

const english = {
  version: 'version',
  customer: 'per customer',
  account: 'per account',
  forward: 'forward only',
  free: 'moving back allowed',
  inbound: 'outbound messages are no activity',
  segments: 'segments',
  exit: 'lost by',
  personas: 'personas',
  expected: 'expected within',
  lostAfter: 'lost after silence of',
  horizon: 'judged after',
  effort: 'effort',
  goal: 'goal',
  terminal: 'completes the journey',
  reason: 'reason',
};

const japanese: Labels = {
  version: '版',
  customer: '顧客ごと',
  account: 'アカウントごと',
  forward: '前進のみ',
  free: '後戻りあり',
  inbound: 'こちらからの連絡は活動とみなさない',
  segments: 'セグメント',
  exit: '離脱',
  personas: 'ペルソナ',
  expected: '目標期間',
  lostAfter: '離脱とみなす無反応期間',
  horizon: '判定時期',
  effort: '改善の手間',
  goal: '目標',
  terminal: 'ジャーニー完了',
  reason: '理由',
};

function stageLines(stage: Stage, number: number, language: string, label: Labels): string[] {
  const title = titleOf(stage.title, stage.id, language);
  const name = title === stage.id ? title : `${title} (${stage.id})`;
  const times = [
    stage.expectedUs === null ? '' : `${label.expected} ${formatDuration(stage.expectedUs)}`,
    stage.lostAfterUs === null ? '' : `${label.lostAfter} ${formatDuration(stage.lostAfterUs)}`,
    stage.terminal ? label.terminal : `${label.horizon} ${formatDuration(stage.horizonUs)}`,
    stage.terminal ? '' : `${label.effort} ${stage.effort}`,
  ].filter((part) => part !== '');
  return [
    `${number} ${name}`,
    ...stage.enter.map((rule) => `    ← ${ruleWords(rule)}`),
    `    ${times.join(' · ')}`,
    ...stage.goals.map((goal) => `    ${label.goal} ${goalWords(goal)}`),
    ...(stage.health ?? []).map((rule) => `    ♥ ${healthRuleWords(rule, language)}`),
  ];
}

function ruleWords({ touchpoint, where, count }: Rule): string {
  const conditions = where.length === 0 ? '' : ` [${where.map(conditionWords).join(', ')}]`;
  const within = count?.withinUs == null ? '' : ` / ${formatDuration(count.withinUs)}`;
  return `${touchpoint}${conditions}${count === null ? '' : ` × ${count.times}${within}`}`;
}

function exitWords(rule: ExitRule, label: Labels): string {
  const { reason } = rule;
  if (reason === null) return ruleWords(rule);
  return `${ruleWords(rule)} – ${label.reason}: ${'property' in reason ? reason.property : JSON.stringify(reason.text)}`;
}

function goalWords({ metric, atLeast, atMost }: Goal): string {
  return [metric, atLeast === null ? '' : `≥ ${atLeast}`, atMost === null ? '' : `≤ ${atMost}`]
    .filter((part) => part !== '')
    .join(' ');
}
