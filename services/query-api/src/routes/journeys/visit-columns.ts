import { isoFromMicroseconds } from '@michinori/clickhouse';
import type { VisitDetails } from '@michinori/queries';
import { z } from 'zod';

/** Columns of one visit. */
export const visitColumns = {
  stage: z.string(),
  cycle: z.int(),
  visit: z.int(),
  enteredAt: z.string(),
  endedAt: z.string().nullable(),
  outcome: z.enum(['open', 'advanced', 'returned', 'lost', 'silent', 'completed']),
  next: z.string().nullable(),
  reason: z.string().nullable(),
  lastActivityAt: z.string(),
  seconds: z.number(),
  segment: z.string().describe("the journey's segments at entry: plan:pro region:jp"),
};

/** A visit as a row. */
export function visitRow(visit: Omit<VisitDetails, 'unit' | 'anonymous'>) {
  const { stage, cycle, visit: place, outcome, next, reason, seconds, segment } = visit;
  return {
    stage,
    cycle,
    visit: place,
    enteredAt: isoFromMicroseconds(visit.enteredUs),
    endedAt: visit.endedUs === null ? null : isoFromMicroseconds(visit.endedUs),
    outcome,
    next,
    reason,
    lastActivityAt: isoFromMicroseconds(visit.lastActivityUs),
    seconds,
    segment,
  };
}
