import type { ClickHouse } from '@michinori/clickhouse';
import { type ActiveDerivation, runJourneyStages, type StageRow } from '@michinori/queries';
import type { DemoTruth } from '@michinori/standalone';
import { wilson } from '@michinori/statistics';
import { type Area, areas, dayUs, demoScope, endUs, inArea, plans, startUs } from './demo-world.ts';

const horizonDays = 30;
const cohortDays = 60;

/** A cell whose true share is known, with the estimate and the naive rate of a cohort of which much is still open. */
export interface CoverageCell {
  readonly name: string;
  readonly stage: string;
  readonly cause: 'advanced' | 'lost';
  readonly n: number;
  readonly matureShare: number;
  readonly truth: number;
  readonly isCovered: boolean;
  readonly isNaivelyCovered: boolean;
  /** Estimate and naive rate minus the truth. */
  readonly error: number;
  readonly naiveError: number;
}

/** Past instants to ask as of: the cohorts of the 60 days before them don't overlap, and none straddles the release. */
export function pastInstants(truth: DemoTruth): number[] {
  const releaseUs = Date.parse(truth.release.at) * 1_000;
  const every = cohortDays * dayUs;
  const all = Array.from({ length: 20 }, (_, i) => releaseUs + (i - 10) * every);
  return all.filter((atUs) => atUs - 2 * every > startUs && atUs < endUs);
}

/** The mean of the exact probabilities of the visits to a cell, 30 days after entry. */
function trueShares(truth: DemoTruth, stage: string, plan: string, area: Area, condition: string) {
  const row = truth.hazards.find(
    (one) => one.stage === stage && one.plan === plan && one.area === area && one.condition === condition,
  );
  const mature = row?.horizons.find(({ days }) => days === horizonDays)?.mature;
  if (mature === undefined) throw new Error(`no truth about ${stage} ${plan} ${area} ${condition}`);
  return { advanced: mature.expectedAdvanced / mature.visits, lost: mature.expectedLost / mature.visits };
}

/** Whether visits to a stage in the cohort before an instant had the broken trial among them: no single truth then. */
function isMixed(truth: DemoTruth, stage: string, atUs: number): boolean {
  const [fromUs, toUs] = [Date.parse(truth.incident.from) * 1_000, Date.parse(truth.incident.to) * 1_000];
  return stage === truth.incident.stage && atUs > fromUs && atUs - cohortDays * dayUs < toUs;
}

function cellsOf(name: string, row: StageRow, truth: { advanced: number; lost: number }): CoverageCell[] {
  const { n, naiveRate, naiveLostRate } = row;
  const causes = [
    ['advanced', naiveRate, row.estimate, row.estimateLo, row.estimateHi],
    ['lost', naiveLostRate, row.lostEstimate, row.lostEstimateLo, row.lostEstimateHi],
  ] as const;
  return causes.map(([cause, naive, estimate, lo, hi]) => {
    const share = truth[cause];
    const covers = (interval: { lo: number; hi: number }) => interval.lo <= share && share <= interval.hi;
    return {
      name,
      stage: row.stage,
      cause,
      n,
      matureShare: row.matureShare ?? 0,
      truth: share,
      isCovered: covers({ lo: lo ?? Number.NaN, hi: hi ?? Number.NaN }),
      isNaivelyCovered: covers(wilson(Math.round((naive ?? 0) * n), n)),
      error: (estimate ?? Number.NaN) - share,
      naiveError: (naive ?? Number.NaN) - share,
    };
  });
}

/** Every stage × plan × area with at least 30 visits in the 60 days before each instant, as of that instant. */
export async function coverageCells(
  clickhouse: ClickHouse,
  truth: DemoTruth,
  journeys: readonly { readonly active: ActiveDerivation; readonly stages: readonly string[] }[],
): Promise<CoverageCell[]> {
  const releaseUs = Date.parse(truth.release.at) * 1_000;
  const cells: CoverageCell[] = [];
  for (const atUs of pastInstants(truth)) {
    for (const { active, stages } of journeys) {
      for (const area of Object.keys(areas) as Area[]) {
        const question = { from: atUs - cohortDays * dayUs, to: atUs, asOf: atUs, by: 'plan', segment: inArea(area) };
        const { rows } = await runJourneyStages(clickhouse, demoScope(active, question), {
          horizonUs: horizonDays * dayUs,
        });
        for (const row of rows) {
          const plan = plans.find((one) => one === row.segment);
          if (plan === undefined || row.n < 30 || !stages.includes(row.stage) || isMixed(truth, row.stage, atUs))
            continue;
          const condition = row.stage === 'onboarding' && atUs > releaseUs ? 'release' : 'usual';
          const day = Math.round((atUs - startUs) / dayUs);
          const share = trueShares(truth, row.stage, plan, area, condition);
          cells.push(...cellsOf(`day ${day} ${plan} ${area}`, row, share));
        }
      }
    }
  }
  return cells;
}

const share = (value: number) => `${(100 * value).toFixed(0)} %`.padStart(6);

/** The cells by stage and cause, as a table to read. */
export function coverageTable(cells: readonly CoverageCell[]): string {
  const keys = [...new Set(cells.map(({ stage, cause }) => `${stage} ${cause}`))];
  const groups = keys.map((key): readonly [string, readonly CoverageCell[]] => [
    key,
    cells.filter(({ stage, cause }) => `${stage} ${cause}` === key),
  ]);
  const lines = [...groups, ['all', cells] as const].map(([name, own]) => {
    const mean = (pick: (cell: CoverageCell) => number) => own.reduce((sum, cell) => sum + pick(cell), 0) / own.length;
    const counts = [
      own.length,
      own.filter(({ isCovered }) => isCovered).length,
      own.filter(({ isNaivelyCovered }) => isNaivelyCovered).length,
    ];
    const shares = [
      mean(({ matureShare }) => matureShare),
      mean(({ truth }) => truth),
      mean(({ error }) => error),
      mean(({ naiveError }) => naiveError),
    ];
    return [name.padEnd(24), ...counts.map((count) => String(count).padStart(6)), ...shares.map(share)].join(' ');
  });
  const header = 'stage and outcome         cells covers  naive mature  truth  error  naive error';
  return [header, ...lines].join('\n');
}
