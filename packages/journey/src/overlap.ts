import { valueTexts } from './condition-values.ts';
import type { Condition, ExitRule, Rule } from './journey.ts';
import { canHoldTogether, subjectText } from './satisfiable.ts';

/** Whether one event may match both rules, as far as touchpoints and conditions tell; counts don't rule it out. */
export function mayOverlap(a: Rule, b: Rule): boolean {
  return touchpointsOverlap(a.touchpoint, b.touchpoint) && canHoldTogether([...a.where, ...b.where]);
}

/**
 * Whether every event that matches `inner` certainly matches `outer`: a touchpoint that includes the other, conditions
 * that all stand in `inner` too, and no count, or the same one over the same events, or an easier one.
 */
export function covers(outer: Rule, inner: Rule): boolean {
  if (!includes(outer.touchpoint, inner.touchpoint)) return false;
  const known = new Set(inner.where.map(conditionText));
  if (!outer.where.every((condition) => known.has(conditionText(condition)))) return false;
  if (outer.count === null) return true;
  if (inner.count === null) return false;
  const outerUs = outer.count.withinUs ?? Number.POSITIVE_INFINITY;
  const innerUs = inner.count.withinUs ?? Number.POSITIVE_INFINITY;
  return outer.count.times <= inner.count.times && outerUs >= innerUs;
}

export function reasonText(reason: ExitRule['reason']): string {
  if (reason === null) return '';
  return 'property' in reason ? `property:${reason.property}` : `text:${reason.text}`;
}

const textsOfConditions = new WeakMap<Condition, string>();

/** A condition as a text that is equal for equal conditions. */
export function conditionText(condition: Condition): string {
  const known = textsOfConditions.get(condition);
  if (known !== undefined) return known;
  const text = JSON.stringify([subjectText(condition), condition.op, [...valueTexts(condition)].sort()]);
  textsOfConditions.set(condition, text);
  return text;
}

function touchpointsOverlap(a: string, b: string): boolean {
  return includes(a, b) || includes(b, a);
}

function includes(outer: string, inner: string): boolean {
  if (!outer.endsWith('*')) return outer === inner;
  const prefix = outer.slice(0, -1);
  return (inner.endsWith('*') ? inner.slice(0, -1) : inner).startsWith(prefix);
}
