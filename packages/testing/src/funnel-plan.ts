import type { FunnelRequest } from '@michinori/queries';
import type { AttemptRules } from './funnel-attempt.ts';
import { matcherOf } from './funnel-filter.ts';
import { bandLabel, subjectOf, valueAt } from './funnel-match.ts';
import type { Moment } from './funnel-timeline.ts';

const UNIT_SECONDS = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 };

type RequestDuration = FunnelRequest['window'];

function microseconds({ value, unit }: RequestDuration): number {
  return Math.round(value * UNIT_SECONDS[unit] * 1e6);
}

/** Microseconds since the epoch of an ISO 8601 time with up to six digits after the second. */
export function microsecondsOf(iso: string): number {
  const [, seconds, fraction = '', zone] = /^(.*:[0-9]{2})(?:[.]([0-9]{1,6}))?(Z|[+-].*)$/.exec(iso) ?? [];
  return Date.parse(`${seconds}${zone}`) * 1000 + Number(fraction.padEnd(6, '0'));
}

/** The label of the breakdown at a moment, after bands; '' without a breakdown. */
export function labelAt(moment: Moment, { breakdown }: FunnelRequest): string {
  if (!breakdown) return '';
  const { value } = valueAt(moment, subjectOf(breakdown.by));
  return breakdown.bands ? bandLabel(value, breakdown.bands) : value;
}

/** What a request asks of every entry. */
export function attemptRulesOf(request: FunnelRequest, asOfUs: number): AttemptRules {
  const holds = request.hold.map(subjectOf);
  return {
    order: request.order,
    windowUs: microseconds(request.window),
    steps: request.steps.map((step) => ({
      matches: matcherOf(step.touchpoint, [...step.where, ...request.filter]),
      optional: step.optional,
      withinUs: step.within ? microseconds(step.within) : null,
      atLeastUs: step.atLeast ? microseconds(step.atLeast) : null,
    })),
    held: (moment) =>
      JSON.stringify([
        ...holds.map((subject) => valueAt(moment, subject).value),
        request.breakdown?.attribution === 'all' ? labelAt(moment, request) : '',
      ]),
    exclusions: request.exclude.map((exclusion) => ({
      matches: matcherOf(exclusion.touchpoint, exclusion.where),
      after: exclusion.after ?? 1,
      before: exclusion.before ?? request.steps.length,
    })),
    fromUs: microsecondsOf(request.from),
    toUs: microsecondsOf(request.to),
    asOfUs,
  };
}
