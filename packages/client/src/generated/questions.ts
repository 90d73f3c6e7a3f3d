// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.

export type {
  AlertApplyRulesBody,
  AlertApplyRulesMeta,
  AlertApplyRulesQuery,
  AlertApplyRulesRow,
} from './alerts/apply-rules.ts';
export type { AlertBacktestBody, AlertBacktestMeta, AlertBacktestRow } from './alerts/backtest.ts';
export type { AlertGetRuleMeta, AlertGetRuleQuery, AlertGetRuleRow } from './alerts/get-rule.ts';
export type { AlertHistoryMeta, AlertHistoryQuery, AlertHistoryRow } from './alerts/history.ts';
export type { AlertListMeta, AlertListQuery, AlertListRow } from './alerts/list.ts';
export type { AlertRemoveRuleMeta, AlertRemoveRuleRow } from './alerts/remove-rule.ts';
export type { AlertRulesMeta, AlertRulesQuery, AlertRulesRow } from './alerts/rules.ts';
export * as alerts from './alerts.ts';
export type { AnnotationListMeta, AnnotationListQuery, AnnotationListRow } from './annotations/list.ts';
export * as annotations from './annotations.ts';
export type { CustomerGetMeta, CustomerGetQuery, CustomerGetRow } from './customers/get.ts';
export * as customers from './customers.ts';
export type { DeadLetterListMeta, DeadLetterListQuery, DeadLetterListRow } from './dead-letters/list.ts';
export * as deadLetters from './dead-letters.ts';
export type { ExportEventsMeta, ExportEventsQuery, ExportEventsRow } from './exports/events.ts';
export * as exports from './exports.ts';
export type { FunnelCustomersBody, FunnelCustomersMeta, FunnelCustomersRow } from './funnels/customers.ts';
export type { FunnelQueryBody, FunnelQueryMeta, FunnelQueryRow } from './funnels/query.ts';
export type {
  FunnelTimeToConvertBody,
  FunnelTimeToConvertMeta,
  FunnelTimeToConvertRow,
} from './funnels/time-to-convert.ts';
export * as funnels from './funnels.ts';
export type { ImprovementListMeta, ImprovementListQuery, ImprovementListRow } from './improvements/list.ts';
export type { ImprovementRecordBody, ImprovementRecordMeta, ImprovementRecordRow } from './improvements/record.ts';
export * as improvements from './improvements.ts';
export type { JourneyActionsMeta, JourneyActionsQuery, JourneyActionsRow } from './journeys/actions.ts';
export type { JourneyApplyBody, JourneyApplyMeta, JourneyApplyRow } from './journeys/apply.ts';
export type { JourneyBottlenecksMeta, JourneyBottlenecksQuery, JourneyBottlenecksRow } from './journeys/bottlenecks.ts';
export type { JourneyContactsMeta, JourneyContactsQuery, JourneyContactsRow } from './journeys/contacts.ts';
export type { JourneyCustomersMeta, JourneyCustomersQuery, JourneyCustomersRow } from './journeys/customers.ts';
export type { JourneyCycleTimeMeta, JourneyCycleTimeQuery, JourneyCycleTimeRow } from './journeys/cycle-time.ts';
export type { JourneyEmotionMeta, JourneyEmotionQuery, JourneyEmotionRow } from './journeys/emotion.ts';
export type { JourneyGetMeta, JourneyGetQuery, JourneyGetRow } from './journeys/get.ts';
export type { JourneyHealthMeta, JourneyHealthQuery, JourneyHealthRow } from './journeys/health.ts';
export type {
  JourneyHealthCustomersMeta,
  JourneyHealthCustomersQuery,
  JourneyHealthCustomersRow,
} from './journeys/health-customers.ts';
export type {
  JourneyHealthSuggestionsMeta,
  JourneyHealthSuggestionsQuery,
  JourneyHealthSuggestionsRow,
} from './journeys/health-suggestions.ts';
export type {
  JourneyHealthTrackRecordMeta,
  JourneyHealthTrackRecordQuery,
  JourneyHealthTrackRecordRow,
} from './journeys/health-track-record.ts';
export type {
  JourneyImprovementsMeta,
  JourneyImprovementsQuery,
  JourneyImprovementsRow,
} from './journeys/improvements.ts';
export type { JourneyListMeta, JourneyListQuery, JourneyListRow } from './journeys/list.ts';
export type { JourneyLossesMeta, JourneyLossesQuery, JourneyLossesRow } from './journeys/losses.ts';
export type { JourneyMapMeta, JourneyMapQuery, JourneyMapRow } from './journeys/map.ts';
export type { JourneyNpsMeta, JourneyNpsQuery, JourneyNpsRow } from './journeys/nps.ts';
export type { JourneyOutlookMeta, JourneyOutlookQuery, JourneyOutlookRow } from './journeys/outlook.ts';
export type {
  JourneyOutlookTrackRecordMeta,
  JourneyOutlookTrackRecordQuery,
  JourneyOutlookTrackRecordRow,
} from './journeys/outlook-track-record.ts';
export type { JourneyPathsMeta, JourneyPathsQuery, JourneyPathsRow } from './journeys/paths.ts';
export type { JourneyRebuildMeta, JourneyRebuildRow } from './journeys/rebuild.ts';
export type { JourneyRebuildAllMeta, JourneyRebuildAllRow } from './journeys/rebuild-all.ts';
export type { JourneySignalsMeta, JourneySignalsQuery, JourneySignalsRow } from './journeys/signals.ts';
export type { JourneyStagesMeta, JourneyStagesQuery, JourneyStagesRow } from './journeys/stages.ts';
export type { JourneyTasksMeta, JourneyTasksQuery, JourneyTasksRow } from './journeys/tasks.ts';
export type { JourneyTouchpointsMeta, JourneyTouchpointsQuery, JourneyTouchpointsRow } from './journeys/touchpoints.ts';
export type { JourneyTransitionsMeta, JourneyTransitionsQuery, JourneyTransitionsRow } from './journeys/transitions.ts';
export type { JourneyVisitsMeta, JourneyVisitsQuery, JourneyVisitsRow } from './journeys/visits.ts';
export * as journeys from './journeys.ts';
export type { SegmentListMeta, SegmentListQuery, SegmentListRow } from './segments/list.ts';
export * as segments from './segments.ts';
export type { Duration, Filter, FunnelBreakdown, FunnelExclusion, FunnelStep } from './shapes.ts';
export type { TouchpointListMeta, TouchpointListQuery, TouchpointListRow } from './touchpoints/list.ts';
export * as touchpoints from './touchpoints.ts';
