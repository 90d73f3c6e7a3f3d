import type { Journey } from '@michinori/journey';
import { type PastScore, scoreSkill, trackRecord } from '@michinori/statistics';
import type { JudgedScores } from './judged-scores.ts';
import type { LossLead } from './loss-leads.ts';

/** What scores of some time ago came to, of a stage or of the journey; see `docs/track-record.md`. Times in seconds, µs where the name says so. */
export interface HealthRecordStage {
  /** Null: the journey. */
  readonly stage: string | null;
  readonly horizonSeconds: number;
  /** The evaluation that was judged; null if there was none at the time. */
  readonly scoresAsOfUs: number | null;
  readonly state: 'ok' | 'insufficient' | 'no_scores';
  /** Units that were scored, and how many of them were lost within the horizon. */
  readonly n: number;
  readonly lost: number;
  readonly auc: number | null;
  readonly aucLo: number;
  readonly aucHi: number;
  /** Mean squared error of the scores, read as probabilities of being lost as the evaluation before taught; null where too few were lost or stayed in either. */
  readonly brier: number | null;
  /** Of who always says the share that was lost. */
  readonly brierBase: number | null;
  /** 1 − brier/brierBase, with its interval. */
  readonly skill: number | null;
  readonly skillLo: number | null;
  readonly skillHi: number | null;
  /** Losses from the evaluation to the end of the horizon, also of units that came later; `neverFlagged` of them without a churn signal. */
  readonly losses: number;
  readonly neverFlagged: number;
  readonly neverFlaggedShare: number | null;
  readonly neverFlaggedLo: number;
  readonly neverFlaggedHi: number;
  readonly leadSecondsP25: number | null;
  readonly leadSecondsP50: number | null;
  readonly leadSecondsP50Lo: number | null;
  readonly leadSecondsP50Hi: number | null;
  readonly leadSecondsP75: number | null;
}

/** Units of about the same score, and how many of them were lost. */
export interface HealthRecordBand {
  readonly stage: string | null;
  readonly from: number;
  readonly to: number;
  readonly n: number;
  readonly lost: number;
  readonly rate: number;
  readonly lo: number;
  readonly hi: number;
}

/** What is judged: one evaluation, one row per unit. */
export interface JudgedStage {
  readonly stage: string | null;
  readonly horizonUs: number;
  readonly scoresAsOfUs: number | null;
  readonly scores: readonly JudgedScores[];
  /** Of the evaluation that taught what scores mean: the newest whose horizon had passed at that one. */
  readonly learnt: readonly JudgedScores[];
  readonly leads: readonly LossLead[];
}

/** Every unit as one score. */
export function pastScores(judged: readonly JudgedScores[]): PastScore[] {
  return judged.flatMap(({ score, lost, units }) => Array.from({ length: units }, () => ({ score, lost })));
}

/** The record of a stage or of the journey. Pure. */
export function judgeHealth(judged: JudgedStage): { row: HealthRecordStage; bands: HealthRecordBand[] } {
  const { stage, horizonUs, scoresAsOfUs } = judged;
  const scores = pastScores(judged.scores);
  const record = trackRecord(
    scores,
    judged.leads.map(({ leadSeconds }) => leadSeconds),
  );
  const { brier, brierBase, skill, lo: skillLo, hi: skillHi } = scoreSkill(pastScores(judged.learnt), scores);
  const { discrimination, leads } = record;
  const row = {
    ...{ stage, horizonSeconds: horizonUs / 1e6, scoresAsOfUs },
    state: scoresAsOfUs === null ? ('no_scores' as const) : record.state,
    ...{ n: record.n, lost: record.lost },
    ...{ auc: discrimination.auc, aucLo: discrimination.lo, aucHi: discrimination.hi },
    ...{ brier, brierBase, skill, skillLo, skillHi },
    ...{ losses: leads.losses, neverFlagged: leads.neverFlagged.k, neverFlaggedShare: leads.neverFlagged.rate },
    ...{ neverFlaggedLo: leads.neverFlagged.lo, neverFlaggedHi: leads.neverFlagged.hi },
    ...{ leadSecondsP25: leads.p25, leadSecondsP50: leads.median.seconds },
    ...{ leadSecondsP50Lo: leads.median.lo, leadSecondsP50Hi: leads.median.hi, leadSecondsP75: leads.p75 },
  };
  return { row, bands: record.bands.map((band) => ({ stage, ...band })) };
}

/** Stages that units have scores in, with the horizon after which these are judged. */
export function judgedStages({ stages }: Journey): { id: string; horizonUs: number; position: number }[] {
  return stages.flatMap(({ id, horizonUs, terminal }, index) =>
    terminal ? [] : [{ id, horizonUs, position: index + 1 }],
  );
}
