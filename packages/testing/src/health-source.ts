import { formatDuration, type Health, type HealthRule } from '@michinori/journey';

type Written = Record<string, unknown>;
type WriteCondition = (condition: Extract<HealthRule['test'], { where: unknown }>['where'][number]) => Written;

function given(values: Readonly<Record<string, unknown>>): Written {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));
}

function within(us: number | null): string | null {
  return us === null ? null : formatDuration(us);
}

function testKeys(test: HealthRule['test'], condition: WriteCondition): Written {
  if (test.kind === 'stalled') return { stalled: `p${100 * test.quantile}` };
  if (test.kind === 'nps') return given({ nps: test.class, within: within(test.withinUs) });
  const where = test.where.length > 0 ? test.where.map(condition) : null;
  if (test.kind === 'idle') return given({ idle: test.touchpoint, where, for: within(test.forUs) });
  return given({
    [test.kind]: test.touchpoint,
    where,
    within: within(test.withinUs),
    at_least: test.atLeast,
    at_most: test.atMost,
    minimum: 'minimum' in test ? test.minimum : null,
  });
}

/** A health rule as definitions write it. */
export function healthRuleSource({ id, title, points, test }: HealthRule, condition: WriteCondition): Written {
  return { id, ...(Object.keys(title).length > 0 ? { title } : {}), points, ...testKeys(test, condition) };
}

/** The health of a journey as definitions write it. */
export function healthSource(health: Health, condition: WriteCondition): Written {
  const { start, churn, expansion, rules, goldenTime, actions } = health;
  return given({
    start,
    churn,
    expansion,
    rules: rules.map((rule) => healthRuleSource(rule, condition)),
    golden_time: goldenTime && { milestones: goldenTime.milestones, within: formatDuration(goldenTime.withinUs) },
    actions: actions.map(({ signal, webhook, task }) =>
      given({
        signal,
        webhook,
        task: task && { owner: task.owner, due: formatDuration(task.dueUs), text: task.text },
      }),
    ),
  });
}
