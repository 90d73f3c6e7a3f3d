import type { Journey } from '@michinori/journey';
import type { EventCopy } from './funnel-timeline.ts';
import { type CohortQuestion, type Counted, referenceCohort } from './journey-cohort.ts';

/** What became of the visits to a stage in a segment (`''` without), by whole ticks from entry to the end or to asOf. */
export interface StageTimes {
  readonly stage: number;
  readonly segment: string;
  readonly counts: readonly {
    readonly tick: number;
    readonly advanced: number;
    readonly returned: number;
    readonly lost: number;
    readonly open: number;
  }[];
}

const fates = {
  advanced: 'advanced',
  completed: 'advanced',
  returned: 'returned',
  lost: 'lost',
  silent: 'lost',
  open: 'open',
} as const;

function tickOf({ visit }: Counted, asOfUs: number, ticksUs: readonly number[]): number {
  const until = visit.outcome === 'open' ? asOfUs : visit.endedUs;
  return Math.floor((until - visit.enteredUs) / (ticksUs[visit.stage - 1] ?? 1));
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** Times of the visits that count, of stages that aren't terminal, by stage and segment; `ticksUs` has the tick of each stage. */
export function referenceStageTimes(
  journey: Journey,
  copies: readonly EventCopy[],
  question: CohortQuestion,
  ticksUs: readonly number[],
): StageTimes[] {
  const counted = referenceCohort(journey, copies, { ...question, interval: null }).filter(
    ({ visit }) => journey.stages[visit.stage - 1]?.terminal === false,
  );
  return grouped(counted, ({ visit, segment }) => JSON.stringify([visit.stage, segment ?? ''])).flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const ticks = [...new Set(own.map((one) => tickOf(one, question.asOfUs, ticksUs)))].sort((a, b) => a - b);
    const counts = ticks.map((tick) => {
      const here = own.filter((one) => tickOf(one, question.asOfUs, ticksUs) === tick);
      const of = (fate: string): number => here.filter(({ visit }) => fates[visit.outcome] === fate).length;
      return { tick, advanced: of('advanced'), returned: of('returned'), lost: of('lost'), open: of('open') };
    });
    return [{ stage: first.visit.stage, segment: first.segment ?? '', counts }];
  });
}

/** All visits that are open at asOf, whenever they began, by stage, segment and tick. */
export function referenceOpenVisits(
  journey: Journey,
  copies: readonly EventCopy[],
  question: CohortQuestion,
  ticksUs: readonly number[],
): { stage: number; segment: string; tick: number; visits: number }[] {
  const asked = { ...question, fromUs: Number.NEGATIVE_INFINITY, toUs: question.asOfUs + 1, count: 'visits' as const };
  return referenceStageTimes(journey, copies, asked, ticksUs).flatMap(({ stage, segment, counts }) =>
    counts.filter(({ open }) => open > 0).map(({ tick, open }) => ({ stage, segment, tick, visits: open })),
  );
}
