import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { type ActiveDerivation, type JourneyScope, planJourney } from '../journey/scope.ts';
import {
  type HealthRecordBand,
  type HealthRecordStage,
  type JudgedStage,
  judgedStages,
  judgeHealth,
} from './health-record.ts';
import { readJudgedScores } from './judged-scores.ts';
import { readLossLeads } from './loss-leads.ts';
import { type SuggestionRow, suggestionRows } from './point-suggestions.ts';
import { readScoreEvaluations, type ScoreEvaluation } from './score-evaluations.ts';

/** The track record of a journey's health as of an instant. */
export interface HealthRecord {
  readonly journey: string;
  readonly asOfUs: number;
  /** Of the definition that horizons, rules and points are of. */
  readonly version: number;
  /** The journey first, then its stages. */
  readonly stages: readonly HealthRecordStage[];
  readonly bands: readonly HealthRecordBand[];
  readonly suggestions: readonly SuggestionRow[];
}

const dayUs = 86_400_000_000;
/** Scores that are judged are at most so much older than the horizon: evaluations that were made up for are a week apart. */
const slackUs = 7 * dayUs;
/** From one night to the next, clocks that change included. */
const nightUsMax = dayUs + dayUs / 24;

/** The newest evaluation whose horizon has passed at an instant, if it isn't older than a week beyond that. Pure. */
export function evaluationFor(
  evaluations: readonly ScoreEvaluation[],
  asOfUs: number,
  horizonUs: number,
): ScoreEvaluation | null {
  const due = asOfUs - horizonUs;
  const found = evaluations.findLast((evaluation) => evaluation.asOfUs <= due);
  return found !== undefined && found.asOfUs >= due - slackUs ? found : null;
}

/**
 * The night that a record is due of: that of the newest evaluation, unless it has one, or the evaluation is of another day (a history that is
 * being made up for). Pure.
 */
export function recordDue(
  evaluations: readonly ScoreEvaluation[],
  recordedUs: number | null,
  nowUs: number,
): number | null {
  const newest = evaluations.at(-1)?.asOfUs;
  if (newest === undefined || newest <= nowUs - nightUsMax || newest <= (recordedUs ?? 0)) return null;
  return newest;
}

/**
 * Judges the scores of one horizon ago by what is known of the visits as of the instant: for every stage the evaluation of its own horizon
 * ago, for the journey that of the shortest, after which everybody is judged. So a unit stands in each record once.
 */
export async function recordHealth(
  clickhouse: ClickHouse,
  active: ActiveDerivation,
  asOfUs: number,
  options?: QueryOptions,
): Promise<HealthRecord> {
  const { journey } = active;
  const range = { journey: journey.id, afterUs: 0, upToUs: asOfUs };
  const evaluations = await readScoreEvaluations(clickhouse, range, options);
  const scope = planJourney({ asOf: asOfUs, count: 'visits' }, active, asOfUs);
  const stages = judgedStages(journey);
  const horizonUs = stages.length === 0 ? 0 : Math.min(...stages.map((stage) => stage.horizonUs));
  const alike = stages.map((stage) => ({ ...stage, horizonUs }));
  const whole = await readJudged(clickhouse, scope, evaluations, { stages: alike, horizonUs, stage: null }, options);
  const own: JudgedStage[] = [];
  for (const stage of stages) {
    const asked = { stages: [stage], horizonUs: stage.horizonUs, stage: stage.id };
    own.push(await readJudged(clickhouse, scope, evaluations, asked, options));
  }
  const judged = [whole, ...own].map(judgeHealth);
  return {
    journey: journey.id,
    asOfUs,
    version: journey.version,
    stages: judged.map(({ row }) => row),
    bands: judged.flatMap(({ bands }) => bands),
    suggestions: suggestionRows(journey, whole.scores),
  };
}

async function readJudged(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  evaluations: readonly ScoreEvaluation[],
  asked: {
    readonly stage: string | null;
    readonly stages: ReturnType<typeof judgedStages>;
    readonly horizonUs: number;
  },
  options?: QueryOptions,
): Promise<JudgedStage> {
  const { stage, stages, horizonUs } = asked;
  const evaluation = evaluationFor(evaluations, scope.asOfUs, horizonUs);
  if (evaluation === null) return { stage, horizonUs, scoresAsOfUs: null, scores: [], learnt: [], leads: [] };
  const window = { afterUs: evaluation.asOfUs, upToUs: evaluation.asOfUs + horizonUs };
  const scores = await readJudgedScores(clickhouse, scope, evaluation, stages, options);
  const before = evaluationFor(evaluations, evaluation.asOfUs, horizonUs);
  const learnt = before === null ? [] : await readJudgedScores(clickhouse, scope, before, stages, options);
  const leads = await readLossLeads(clickhouse, scope, evaluations, window, options);
  const positions = new Set(stages.map(({ position }) => position));
  return {
    ...{ stage, horizonUs, scoresAsOfUs: evaluation.asOfUs, scores, learnt },
    leads: leads.filter((lead) => positions.has(lead.stage)),
  };
}
