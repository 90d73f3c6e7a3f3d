export { betaQuantile, betaTails, type Tails } from './beta.ts';
export { betaBinomialCdf, betaBinomialUpperTail, logBetaBinomialMass } from './beta-binomial.ts';
export { jointExceedance } from './binormal.ts';
export { type Bottleneck, type BottleneckGain, bottleneckGain } from './bottleneck-gain.ts';
export {
  type CountBaseline,
  type CountComponent,
  type CountWindow,
  countBaseline,
  countLowerTail,
} from './count-baseline.ts';
export { benjaminiHochberg } from './false-discovery.ts';
export { fisherExact, type ProportionTest, twoProportionOrFisher } from './fisher.ts';
export { type MeanDifference, type MeanInterval, meanDifference, meanInterval, type Sample } from './mean.ts';
export { negativeBinomialCdf } from './negative-binomial.ts';
export { normalCdf, normalCriticalValue, normalQuantile, normalSurvival } from './normal.ts';
export { type NetPromoterScore, npsInterval } from './nps.ts';
export { type NpsClass, type NpsMove, type NpsMovement, npsClass, npsClasses, npsMovement } from './nps-class.ts';
export { type NpsCounts, type NpsDifference, npsDifference } from './nps-difference.ts';
export { bandEdges, type ExposureStratum, personTimeBands, type Spell } from './person-time.ts';
export { poissonInterval } from './poisson-interval.ts';
export { type BrierScore, brierScore } from './prediction/brier.ts';
export { type BrierSkill, brierSkill } from './prediction/brier-skill.ts';
export {
  type CalibrationRow,
  type CalibrationTest,
  calibrationTable,
  spiegelhalter,
} from './prediction/calibration.ts';
export { type Discrimination, discrimination } from './prediction/discrimination.ts';
export type { Forecast } from './prediction/forecast.ts';
export { type LeadTimes, leadTimes } from './prediction/lead-time.ts';
export {
  type Coefficient,
  type LogisticFit,
  type LogisticOptions,
  type LogisticRow,
  logisticRegression,
} from './prediction/logistic.ts';
export { type ScoreProbability, scoreProbability } from './prediction/score-probability.ts';
export { scoreSkill } from './prediction/score-skill.ts';
export {
  type PointSuggestion,
  type ScoredCustomer,
  type SuggestedPoints,
  type SuggestOptions,
  suggestPoints,
} from './prediction/suggest-points.ts';
export { type PastScore, type ScoreBand, type TrackRecord, trackRecord } from './prediction/track-record.ts';
export { type Interval, type Proportion, type TwoProportion, twoProportion, wilson } from './proportion.ts';
export { quantileR7 } from './quantile.ts';
export {
  type BaselineWindow,
  type BetaComponent,
  dispersionPrior,
  pooledDispersion,
  type RateBaseline,
  type RateEvidence,
  rateBaseline,
  rateEvidence,
  rateUpperTail,
  usualRange,
} from './rate-baseline.ts';
export { mantelHaenszelRateRatio, type RateRatio, type RateRatioGap, rateRatio } from './rate-ratio.ts';
export { type ShrunkMean, type ShrunkMeans, shrinkMeans } from './shrink-means.ts';
export { bestSegment, type ShrunkRate, shrinkRates } from './shrink-rates.ts';
export { studentCriticalValue, studentQuantile, studentSurvival } from './student.ts';
export { aalenJohansen, type CumulativeIncidence } from './survival/aalen-johansen.ts';
export { chiSquareSurvival } from './survival/chi-square.ts';
export type { ComparisonOptions, ShareContrast, Verdict, VerdictReason } from './survival/comparison.ts';
export type { Curve, CurvePoint, CurveQuantile, CurveStep } from './survival/curve.ts';
export {
  type DifferenceInDifferences,
  differenceInDifferences,
  type TreatedAndControl,
} from './survival/difference-in-differences.ts';
export { type FollowUp, followUp, largestTau } from './survival/follow-up.ts';
export type { Cause } from './survival/incidence-walk.ts';
export { kaplanMeier } from './survival/kaplan-meier.ts';
export { type LogRank, type LogRankGroup, type LogRankOptions, logRank } from './survival/log-rank.ts';
export {
  contrastOfRestrictedMeans,
  type RestrictedMean,
  type RestrictedMeanOptions,
  restrictedMeanTime,
  type TimeContrast,
} from './survival/restricted-mean.ts';
export { type Duration, type RiskRow, type RiskTable, riskTable } from './survival/risk-table.ts';
export { type Shortening, shortening } from './survival/shortening.ts';
export { advanceQuantile } from './transition/advance-quantile.ts';
export {
  type Backtest,
  type BacktestOptions,
  backtestNextStep,
  type OutcomeBacktest,
  type PastVisit,
} from './transition/backtest-next-step.ts';
export type { StepShares } from './transition/incidence-table.ts';
export {
  type NextTouchpoint,
  type NextTouchpoints,
  type TouchpointModel,
  type TouchpointStep,
  touchpointModel,
} from './transition/next-touchpoints.ts';
export { landmarked, type Outlook, type OutlookQuestion, outlook } from './transition/outlook.ts';
export {
  type SegmentOutlook,
  type SegmentOutlookOptions,
  type SegmentOutlooks,
  segmentOutlooks,
} from './transition/segment-outlooks.ts';
export type { VariancePrior } from './variance-prior.ts';
