import type { Parameters } from '../funnel/parameters.ts';
import { outcomes } from '../journey/visits.ts';

/**
 * SQL of the transitions that rows of `unit_journeys` hold, as an array of tuples (visit, cycle, from, to, outcome, reason, at) over
 * the columns `visit_…`. A visit that follows an advanced or returned one brings no transition of its own: the step from one to the other is one.
 * Stages are their numbers, 0 for none. An open visit has no end, however long it has been silent.
 */
export function transitionsSql(): string {
  const moved = (outcome: string) => `(toUInt8(${outcome}) IN (${outcomes.advanced}, ${outcomes.returned}))`;
  const numbers = 'arrayEnumerate(visit_stage)';
  const entered = `arrayMap((visit, cycle, stage, at, before) -> (visit, cycle, toUInt8(0), stage, 'entered', '', at, ${moved('before')}),
    ${numbers}, visit_cycle, visit_stage, visit_entered, arrayShiftRight(visit_outcome, 1))`;
  const ended = `arrayMap((visit, cycle, stage, next, outcome, reason, at) -> (toUInt32(visit + ${moved('outcome')}), cycle, stage, if(${moved('outcome')}, next, toUInt8(0)), toString(outcome), toString(reason), at, toUInt8(outcome) = ${outcomes.open}),
    ${numbers}, visit_cycle, visit_stage, visit_next, visit_outcome, visit_reason, visit_ended)`;
  return `arrayFilter(transition -> NOT transition.8, arrayConcat(${entered}, ${ended}))`;
}

/**
 * SQL of the id of a transition, as `stageTransitionId` of `@michinori/events` works it out. `fields`: SQL of the texts and numbers, in
 * its order.
 */
export function transitionIdSql(fields: readonly string[], parameters: Parameters): string {
  const parts = [
    parameters.bind('michinori.stage-transition.1', 'String'),
    ...fields.map((field) => `toString(${field})`),
  ];
  return `substring(lower(hex(SHA256(concatWithSeparator('\\0', ${parts.join(', ')})))), 1, 32)`;
}
