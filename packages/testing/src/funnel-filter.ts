import type { Scalar } from '@michinori/events';
import { type Condition, conditionHolds, type Operator, type Subject, touchpointMatches } from './funnel-match.ts';
import type { Moment } from './funnel-timeline.ts';

/** A filter as requests and journey definitions write it: one subject, an operator, none, one or several values. */
export interface WrittenFilter {
  readonly property?: string | undefined;
  readonly trait?: string | undefined;
  readonly channel?: true | undefined;
  readonly team?: true | undefined;
  readonly account?: true | undefined;
  readonly op: Operator;
  readonly value?: Scalar | readonly Scalar[] | undefined;
}

function subjectOfFilter({ property, trait, channel, team }: WrittenFilter): Subject {
  if (property !== undefined) return { kind: 'property', name: property };
  if (trait !== undefined) return { kind: 'trait', name: trait };
  return { kind: channel ? 'channel' : team ? 'team' : 'account', name: '' };
}

/** A written filter with its subject and its values as texts. */
export function conditionOf(filter: WrittenFilter): Condition {
  const given = filter.value === undefined ? [] : [filter.value].flat().map(String);
  return { subject: subjectOfFilter(filter), op: filter.op, given };
}

/** Whether a moment has one of the touchpoints and passes all filters. */
export function matcherOf(
  touchpoint: string | readonly string[],
  filters: readonly WrittenFilter[],
): (moment: Moment) => boolean {
  const patterns = [touchpoint].flat();
  const conditions = filters.map(conditionOf);
  return (moment) =>
    patterns.some((pattern) => touchpointMatches(moment.touchpoint, pattern)) &&
    conditions.every((condition) => conditionHolds(moment, condition));
}
