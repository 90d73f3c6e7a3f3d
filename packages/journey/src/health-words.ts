import { conditionWords } from './condition-words.ts';
import { formatDuration } from './duration.ts';
import { type Health, type HealthRule, type HealthTest, healthOf } from './health.ts';
import type { Journey } from './journey.ts';

const english = {
  health: 'health',
  start: 'start',
  churn: 'churn',
  expansion: 'expansion',
  goldenTime: 'golden time',
  idle: 'idle for',
  trend: 'against before',
  sentiment: 'mean sentiment',
  stalled: 'stalled beyond',
  webhook: 'webhook',
  task: 'task for',
};

const japanese: typeof english = {
  health: 'ヘルススコア',
  start: '初期値',
  churn: '解約リスク',
  expansion: '拡大の機会',
  goldenTime: 'ゴールデンタイム',
  idle: '無反応',
  trend: '前期間比',
  sentiment: '感情平均',
  stalled: '滞留',
  webhook: 'ウェブフック',
  task: 'タスク',
};

const labelsOf = (language: string): typeof english =>
  language === 'ja' || language.startsWith('ja-') ? japanese : english;

/** Lines on the health of a journey; none if it has none. */
export function healthLines(journey: Journey, language: string): string[] {
  const health = healthOf(journey);
  if (health === null) return [];
  const label = labelsOf(language);
  const { start, churn, expansion } = health;
  const head = [
    `${label.start} ${start}`,
    `${label.churn} < ${churn.below} (+${churn.margin})`,
    `${label.expansion} > ${expansion.above} (−${expansion.margin})`,
  ];
  return [
    '',
    `♥ ${label.health}: ${head.join(' · ')}`,
    ...health.rules.map((rule) => `    ${healthRuleWords(rule, language)}`),
    ...goldenLines(health, label),
    ...health.actions.map(({ signal, webhook, task }) => {
      const what = [
        webhook === null ? '' : `${label.webhook} ${webhook}`,
        task === null ? '' : `${label.task} ${task.owner} / ${formatDuration(task.dueUs)}`,
      ];
      return `    ${signal} → ${what.filter((part) => part !== '').join(', ')}`;
    }),
  ];
}

function goldenLines({ goldenTime }: Health, label: typeof english): string[] {
  if (goldenTime === null) return [];
  return [`    ${label.goldenTime}: ${goldenTime.milestones.join(', ')} / ${formatDuration(goldenTime.withinUs)}`];
}

/** A health rule for people: `quiet −18: app.opened idle for 7d`. */
export function healthRuleWords({ id, points, test }: HealthRule, language: string): string {
  const sign = points < 0 ? `−${-points}` : `+${points}`;
  return `${id} ${sign}: ${testWords(test, labelsOf(language))}`;
}

function testWords(test: HealthTest, label: typeof english): string {
  switch (test.kind) {
    case 'idle':
      return `${matching(test)} ${label.idle} ${formatDuration(test.forUs)}`;
    case 'count':
      return `${matching(test)} × ${bounds(test)}${within(test.withinUs)}`;
    case 'trend':
      return `${matching(test)} ${label.trend} × ${bounds(test)}${within(test.withinUs)}`;
    case 'sentiment':
      return `${matching(test)} ${label.sentiment} ${bounds(test)}${within(test.withinUs)}`;
    case 'nps':
      return `NPS ${test.class}${within(test.withinUs)}`;
    case 'stalled':
      return `${label.stalled} p${100 * test.quantile}`;
  }
}

function matching({ touchpoint, where }: Extract<HealthTest, { where: unknown }>): string {
  return where.length === 0 ? touchpoint : `${touchpoint} [${where.map(conditionWords).join(', ')}]`;
}

function bounds({ atLeast, atMost }: { readonly atLeast: number | null; readonly atMost: number | null }): string {
  const words = [atLeast === null ? '' : `≥ ${atLeast}`, atMost === null ? '' : `≤ ${atMost}`];
  return words.filter((word) => word !== '').join(', ');
}

function within(withinUs: number | null): string {
  return withinUs === null ? '' : ` / ${formatDuration(withinUs)}`;
}
