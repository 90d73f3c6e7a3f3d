export {
  type DailyCounts,
  type DailyCountsAsked,
  type DailyCountsKind,
  type DailySeries,
  readDailyCounts,
} from './alerts/daily-counts.ts';
export { type DailyEventsAsked, readDailyEvents } from './alerts/daily-events.ts';
export { type LateCountsAsked, readLateCounts } from './alerts/late-counts.ts';
export { learnStalling } from './alerts/learn-stalling.ts';
export {
  type AlertsAsked,
  type ListedAlert,
  type ListedTransition,
  listAlerts,
  listAlertTransitions,
} from './alerts/list-alerts.ts';
export { alertNotificationBodies, presentAlertDeliveries, unfinishedAlertDeliveries } from './alerts/outbox.ts';
export {
  type KnownBy,
  type Lateness,
  readEventExtent,
  readLateness,
  readLatestEvents,
  readMissedEvents,
} from './alerts/past-events.ts';
export { type ListedRule, listAlertRules } from './alerts/rule-list.ts';
export {
  alertLeaseBeats,
  newestAlertEvaluations,
  newestAlertRules,
  untoldAlertEvaluations,
} from './alerts/rules.ts';
export { readStageDurations, type StageDurationsAsked } from './alerts/stage-durations.ts';
export type { CustomerName } from './customer/customer-events.ts';
export {
  activeDerivations,
  type CustomerJourney,
  readTravels,
  standingIn,
  type TravelledJourney,
  unitOf,
} from './customer/customer-journeys.ts';
export { readEventStages } from './customer/event-stages.ts';
export type { NextStep } from './customer/next-step.ts';
export { type Identity, type Person, readIdentities, readPerson } from './customer/person.ts';
export { type CustomerProfile, readCustomerProfile } from './customer/profile.ts';
export { decodeTimelinePlace, readTimeline, type TimelineEvent } from './customer/timeline.ts';
export type { VisitOutlook } from './customer/visit-outlook.ts';
export { type DeadLetterRow, type DeadLettersParams, listDeadLetters } from './dead-letters.ts';
export { noteAccountMembers } from './derive/account-members.ts';
export { deriveCustomers } from './derive/derive-customers.ts';
export { deriveUnits } from './derive/derive-units.ts';
export { dropDerivation, dropRounds } from './derive/drop.ts';
export { hotUnits, type TimelineSize } from './derive/hot-units.ts';
export { type KeyRange, keyRanges } from './derive/key-ranges.ts';
export type { Derivation, UnitScope } from './derive/scope.ts';
export {
  type ExportEventsPage,
  type ExportEventsQuestion,
  type ExportedEvent,
  readExportEvents,
} from './export/export-events.ts';
export {
  type ExportedVisit,
  type ExportVisitsPage,
  type ExportVisitsQuestion,
  readExportVisits,
} from './export/export-visits.ts';
export type { FunnelRow, OtherSegment } from './funnel/assemble.ts';
export type { Duration } from './funnel/duration.ts';
export { FunnelRequestError } from './funnel/errors.ts';
export type { Filter, FilterOperator } from './funnel/filter.ts';
export {
  type FunnelCustomersRequest,
  type FunnelRequest,
  type FunnelRequestInput,
  funnelCustomersRequest,
  funnelRequest,
  type TimeToConvertRequest,
  timeToConvertRequest,
} from './funnel/request.ts';
export { type FunnelAnswer, type FunnelMeta, type FunnelOptions, runFunnel } from './funnel/run-funnel.ts';
export { type FunnelCustomer, type FunnelCustomersAnswer, runFunnelCustomers } from './funnel/run-funnel-customers.ts';
export { runTimeToConvert, type TimeToConvertAnswer, type TimeToConvertBin } from './funnel/run-time-to-convert.ts';
export { isoMicroseconds, isoText } from './funnel/time.ts';
export {
  type ActionEffectRow,
  type IntroducedAction,
  introducedActions,
  runActionEffects,
} from './health/action-effects.ts';
export {
  runHealthCustomers,
  type ScoredUnit,
  type ScoredUnits,
  type ScoredUnitsQuestion,
} from './health/health-customers.ts';
export {
  type HealthTask,
  runHealthSignals,
  runHealthTasks,
  type SignalSpan,
  type SignalsQuestion,
  type TasksQuestion,
} from './health/health-signals.ts';
export { type HealthStageRow, type HealthStages, runHealthStages } from './health/health-stages.ts';
export {
  changesOfEvaluation,
  type HealthEvaluation,
  healthEvaluations,
  pastScores,
  type StoredChange,
  type StoredScore,
  standingSignals,
  storedEvents,
} from './health/history.ts';
export {
  type HealthReading,
  type HealthReadingOptions,
  keyPages,
  openHealthReading,
  type UnitFacts,
} from './health/read-facts.ts';
export type { UnitRange } from './health/sql-fact-events.ts';
export { readUnitHealth, type UnitHealth } from './health/unit-health.ts';
export { noteIdentities } from './identity/note-identities.ts';
export { dropPeople, type PeopleWanted, resolvePeople } from './identity/resolve-people.ts';
export { spreadRound } from './identity/spread-round.ts';
export { aliasTouchpoint, unaliasTouchpoint } from './identity/touchpoints.ts';
export { type Annotation, type AnnotationsWanted, listAnnotations } from './journey/annotations.ts';
export { type BottleneckRow, runJourneyBottlenecks } from './journey/bottlenecks.ts';
export { aroundChange, type ChangeEffect } from './journey/change-effect.ts';
export type { AccountedVisit } from './journey/customer-accounts.ts';
export { type Change, type CycleTimeQuestion, runCycleTime, runCycleTimeCurve } from './journey/cycle-time.ts';
export type { CycleTimeCurveRow, CycleTimeRow } from './journey/cycle-time-rows.ts';
export { type AppliedVersion, type AppliedVersionsWanted, listAppliedVersions } from './journey/definitions.ts';
export { type DoubleContact, listDoubleContacts } from './journey/double-contact-list.ts';
export { type DoubleContactsRow, runDoubleContacts } from './journey/double-contacts.ts';
export { durationParameter } from './journey/duration-parameter.ts';
export { type EmotionRow, runEmotion } from './journey/emotion.ts';
export { type EmotionEffectRow, runEmotionEffect } from './journey/emotion-effect.ts';
export { type EnquiriesQuestion, runEnquiries } from './journey/enquiries.ts';
export type { EnquiriesRow } from './journey/enquiry-rows.ts';
export { JourneyQuestionError, type JourneyQuestionProblem } from './journey/errors.ts';
export { type GoldenCustomer, type GoldenQuestion, runGoldenCustomers } from './journey/golden-customers.ts';
export {
  changeOfImprovement,
  type ImprovementEffectRow,
  runImprovementEffects,
  wayOfImprovement,
} from './journey/improvement-effects.ts';
export {
  findImprovement,
  type Improvement,
  type ImprovementsWanted,
  listImprovements,
} from './journey/improvements.ts';
export {
  type CustomersAnswer,
  type CustomersQuestion,
  customerOutcomes,
  runJourneyCustomers,
} from './journey/journey-customers.ts';
export { instantParameter, type JourneyQuestion, journeyQuestion } from './journey/journey-question.ts';
export { type ReadSource, readJourneySource } from './journey/journey-source.ts';
export { type LossRow, runJourneyLosses } from './journey/losses.ts';
export { type MapRow, runJourneyMap } from './journey/map.ts';
export {
  type DefinitionKey,
  type NewestDefinition,
  readDefinition,
  readNewestDefinitions,
} from './journey/newest-definitions.ts';
export { type NpsRow, runNps } from './journey/nps.ts';
export { type NpsMovementRow, runNpsMovement } from './journey/nps-movement.ts';
export { type PathLoopRow, runPathLoops } from './journey/path-loops.ts';
export { type PathTransitionRow, runPathTransitions } from './journey/path-transitions.ts';
export { type PathVariantRow, runPathVariants } from './journey/path-variants.ts';
export type { PathsQuestion } from './journey/path-visits.ts';
export {
  activeDerivation,
  activeOf,
  type DerivationRow,
  type DerivationState,
  type JourneyState,
  readDerivations,
  readJourneys,
} from './journey/registry.ts';
export type { RegistryOptions } from './journey/registry-reading.ts';
export { type ResponseCohort, responseCohorts } from './journey/response-rows.ts';
export { type ActiveDerivation, type JourneyScope, planJourney, stageNumber } from './journey/scope.ts';
export { listSegmentValues, type SegmentValue } from './journey/segment-values.ts';
export { runJourneyStages, type StageRow, type StagesOptions } from './journey/stages.ts';
export { type JourneyTouchpointRow, runJourneyTouchpoints } from './journey/touchpoints.ts';
export { runJourneyTransitions, type TransitionRow } from './journey/transitions.ts';
export type { VisitDetails } from './journey/visit-details.ts';
export { outcomes, type VisitRowsOptions, visitRows } from './journey/visits.ts';
export { type OutlookRecord, runOutlookTrackRecord } from './outlook/outlook-track-record.ts';
export { type OutlookRow, runJourneyOutlook } from './outlook/run-outlook.ts';
export { derivationsWithRows, lastDerivation, settleCustomers, settleDerivation } from './projector/derivation-rows.ts';
export { hotCustomers, peoplePresent, roundSize, roundsPresent } from './projector/rounds.ts';
export { announcedDerivations } from './signals/announced-derivations.ts';
export { type PendingTransition, type PendingWanted, pendingTransitions } from './signals/pending-transitions.ts';
export { auditEventRows, auditRowsBeyond, auditSharedCustomerKeys, auditSources } from './sink/audit-rows.ts';
export { conflictingClaims, customersOfContents } from './sink/conflicting-claims.ts';
export {
  presentAnnouncedOffsets,
  presentDeadLetterOffsets,
  presentDefinitionOffsets,
  presentEventOffsets,
  presentImprovementOffsets,
  presentRuleOffsets,
} from './sink/present-offsets.ts';
export { sameEvents } from './sink/same-events.ts';
export { takeoverHorizon } from './sink/takeover-horizon.ts';
export { withdrawMarkers } from './sink/withdraw-markers.ts';
export { listTouchpoints, type SeenTouchpoint } from './touchpoints.ts';
export type { HealthRecordBand, HealthRecordStage } from './track-record/health-record.ts';
export type { SuggestionRow } from './track-record/point-suggestions.ts';
export { type HealthRecord, recordDue, recordHealth } from './track-record/record-health.ts';
export {
  type HealthBandRow,
  type HealthRecordRow,
  type PointSuggestionRow,
  runHealthBands,
  runHealthRecord,
  runPointSuggestions,
} from './track-record/run-track-record.ts';
export { readScoreEvaluations, type ScoreEvaluation } from './track-record/score-evaluations.ts';
export { healthRecordColumns, healthRecordRow, readHealthRecords } from './track-record/stored-records.ts';
export { readWatermark, type Watermark } from './watermark.ts';
