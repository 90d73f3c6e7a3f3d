import type { RequestShape } from './request-shape.ts';
import { stepClasses } from './step-relations.ts';
import { isoMicroseconds } from './time.ts';

interface Issues {
  addIssue(issue: { code: 'custom'; path: (string | number)[]; message: string }): void;
}

const yearUs = 366 * 86_400_000_000;
const rangeUsMax = 20 * yearUs;
const bucketsMax = 5000;
const overlappingStepsMax = 10;
const shortestBucketUs = {
  hour: 3_600_000_000,
  day: 82_800_000_000,
  week: 601_200_000_000,
  month: 2_415_600_000_000,
} as const;

/** Whether steps in any order that can take the same events are few enough to look at all ways to deal them out. */
function checkOverlap({ steps, order }: RequestShape, issues: Issues): void {
  const matchers = steps.map(({ touchpoint, where }) => ({ patterns: [touchpoint].flat(), where }));
  if (order !== 'any' || steps.length <= overlappingStepsMax || stepClasses(matchers) !== null) return;
  const message = `at most ${overlappingStepsMax} steps in any order when they can match the same events`;
  issues.addIssue({ code: 'custom', path: ['steps'], message });
}

/** What `optional`, `within` and `atLeast` may stand on. */
export function checkSteps(request: RequestShape, issues: Issues): void {
  const { steps, order } = request;
  checkOverlap(request, issues);
  for (const [i, step] of steps.entries()) {
    const fail = (key: string, message: string) =>
      issues.addIssue({ code: 'custom', path: ['steps', i, key], message });
    if (i === 0 && step.optional) fail('optional', 'the first step is the entry and cannot be optional');
    if (order === 'any' && step.optional) fail('optional', 'steps in any order are never optional');
    for (const key of ['within', 'atLeast'] as const) {
      if (step[key] === undefined) continue;
      if (i === 0) fail(key, 'the first step has no step before it');
      else if (order === 'any') fail(key, 'steps in any order have no step before them');
    }
  }
}

/** Which steps an exclusion may stand between. */
export function checkExclusions({ steps, order, exclude }: RequestShape, issues: Issues): void {
  for (const [i, exclusion] of exclude.entries()) {
    const fail = (key: string, message: string) =>
      issues.addIssue({ code: 'custom', path: ['exclude', i, key], message });
    const { after = 1, before = steps.length } = exclusion;
    if (order === 'any') {
      if (exclusion.after !== undefined) fail('after', 'steps in any order have no order to stand between');
      if (exclusion.before !== undefined) fail('before', 'steps in any order have no order to stand between');
    } else if (steps.length < 2) fail('touchpoint', 'an exclusion needs two steps to stand between');
    else if (before > steps.length) fail('before', `there are only ${steps.length} steps`);
    else if (after >= before) fail('after', 'must be a smaller step than before');
  }
}

/** Whether the step of a `step:N` attribution exists. */
export function checkBreakdown({ steps, breakdown }: RequestShape, issues: Issues): void {
  const step = /^step:(\d+)$/.exec(breakdown?.attribution ?? '')?.[1];
  if (step !== undefined && Number(step) > steps.length) {
    const message = `there are only ${steps.length} steps`;
    issues.addIssue({ code: 'custom', path: ['breakdown', 'attribution'], message });
  }
}

/** Order and length of the date range; the number of buckets of a trend. */
export function checkRange({ from, to, trend }: RequestShape, issues: Issues): void {
  const fromUs = isoMicroseconds(from);
  const toUs = isoMicroseconds(to);
  if (fromUs === null || toUs === null) return;
  const fail = (message: string) => issues.addIssue({ code: 'custom', path: ['to'], message });
  if (toUs <= fromUs) fail('must be later than from');
  else if (toUs - fromUs > rangeUsMax) fail('must be at most 20 years after from');
  else if (trend !== null && (toUs - fromUs) / shortestBucketUs[trend.interval] > bucketsMax) {
    fail(`is too far away for a trend by ${trend.interval}: at most ${bucketsMax} buckets`);
  }
}
