import { calendarOf, learnedAsOfUs, watchedStages } from '@michinori/alerts';
import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { learnStalling } from '@michinori/queries';
import type { BacktestPlan } from './plan.ts';

/** Evaluations, one after the other, that judge entries after the same time. */
export interface Span {
  readonly evaluationsUs: readonly number[];
  /** What was learned of the stages, µs by id; empty of rules that learn nothing. */
  readonly learned: ReadonlyMap<string, number>;
}

/** Cuts the evaluations of a back-test, of which there is at least one, where a rule had learned anew what is usual. */
export async function readSpans(
  clickhouse: ClickHouse,
  { rule, active, evaluationsUs }: Pick<BacktestPlan, 'rule' | 'active' | 'evaluationsUs'>,
  options: QueryOptions,
): Promise<Span[]> {
  const { beyond: share } = rule;
  if (share === null) return [{ evaluationsUs, learned: new Map() }];
  const stages = watchedStages(rule, active.journey);
  const calendar = calendarOf(active.journey.timezone);
  const bySource = new Map<number, number[]>();
  for (const us of evaluationsUs) {
    const asOfUs = learnedAsOfUs(rule, stages, calendar, us);
    bySource.set(asOfUs, [...(bySource.get(asOfUs) ?? []), us]);
  }
  const ids = stages.map(({ id }) => id);
  const spans: Span[] = [];
  for (const [asOfUs, own] of bySource) {
    const learned = await learnStalling(clickhouse, active, { stages: ids, share, asOfUs }, options);
    const last = spans.at(-1);
    const isSame = last !== undefined && ids.every((id) => last.learned.get(id) === learned.get(id));
    if (isSame) spans[spans.length - 1] = { learned, evaluationsUs: [...last.evaluationsUs, ...own] };
    else spans.push({ learned, evaluationsUs: own });
  }
  return spans;
}
