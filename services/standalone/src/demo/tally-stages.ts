import { type Path, standing, type Visit } from './path.ts';
import type { StageId } from './stages.ts';
import type { DemoTruth, JourneyStage } from './truth.ts';

type Journey = keyof DemoTruth['visits'];
type Outcome = 'advanced' | 'lostByExit' | 'lostBySilence' | 'open';
const outcomes = { advanced: 'advanced', cancelled: 'lostByExit', silence: 'lostBySilence', open: 'open' } as const;

const successStages: readonly StageId[] = ['onboarding', 'adoption', 'value', 'renewed'];

/** Counts where everybody stands at the end, in both journeys as docs/demo-data.md defines them. */
export function createStageTally(endMs: number) {
  const visits = emptyTable();
  const lastVisits = emptyTable();
  const count = (table: DemoTruth['visits'], journey: Journey, stage: JourneyStage, outcome: Outcome) => {
    const row = table[journey][stage];
    if (!row) throw new RangeError(`${stage} is no stage of ${journey}`);
    row.entered += 1;
    row[outcome] += 1;
  };
  const countAll = (journey: Journey, trail: (readonly [JourneyStage, Outcome])[]) => {
    for (const [stage, outcome] of trail) count(visits, journey, stage, outcome);
    const last = trail.at(-1);
    if (last) count(lastVisits, journey, ...last);
  };
  return {
    add(path: Path): void {
      countAll('buying', buyingTrail(path.visits, endMs));
      countAll(
        'customer-success',
        path.visits
          .filter(({ stage }) => successStages.includes(stage))
          // Renewal is terminal: entering it completes the cycle.
          .map((visit) =>
            visit.stage === 'renewed'
              ? (['renewal', 'advanced'] as const)
              : ([visit.stage as JourneyStage, outcomes[standing(visit, endMs)]] as const),
          ),
      );
    },
    truth: () => ({ visits, lastVisits }),
  };
}

function emptyTable(): DemoTruth['visits'] {
  const empty = (stages: readonly JourneyStage[]) =>
    Object.fromEntries(
      stages.map((stage) => [stage, { entered: 0, advanced: 0, lostByExit: 0, lostBySilence: 0, open: 0 }]),
    );
  return {
    buying: empty(['awareness', 'interest', 'consideration', 'purchase', 'repeat']),
    'customer-success': empty(['onboarding', 'adoption', 'value', 'renewal']),
  };
}

/** Purchase lasts from the signature to the first renewal, repeat from there on: both end with the customer. */
function buyingTrail(path: readonly Visit[], endMs: number): (readonly [JourneyStage, Outcome])[] {
  const before = path.filter(({ stage }) => !successStages.includes(stage));
  const trail = before.map((visit) => [visit.stage as JourneyStage, outcomes[standing(visit, endMs)]] as const);
  const last = path.at(-1);
  if (!last || !successStages.includes(last.stage)) return trail;
  const end = outcomes[standing(last, endMs)];
  const isRenewed = path.some(({ stage }) => stage === 'renewed');
  return [...trail, ['purchase', isRenewed ? 'advanced' : end], ...(isRenewed ? ([['repeat', end]] as const) : [])];
}
