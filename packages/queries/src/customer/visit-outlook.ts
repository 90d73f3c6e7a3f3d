import { type ClickHouse, defineQuery, type QueryOptions } from '@michinori/clickhouse';
import type { NextTouchpoint } from '@michinori/statistics';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { type JourneyScope, planJourney } from '../journey/scope.ts';
import type { VisitDetails } from '../journey/visit-details.ts';
import { type StepForecast, stageForecaster } from '../outlook/forecaster.ts';
import { readStageTimes } from '../outlook/outlook-tables.ts';
import { readTouchpointModel } from '../outlook/touchpoint-steps.ts';
import { type CustomerName, customerKeySql } from './customer-events.ts';

/** What is likely to become of an open visit; see `docs/outlook.md`. */
export interface VisitOutlook extends StepForecast {
  readonly horizonSeconds: number;
  readonly spentSeconds: number;
  /** `NAME:VALUE`, by the first segment of the journey; null in a journey without segments. */
  readonly segment: string | null;
  readonly lastTouchpoint: string | null;
  /** The likeliest first; empty where nothing ever followed in this stage. */
  readonly nextTouchpoints: readonly NextTouchpoint[];
}

const nextMax = 5;

/** Where an open visit stands: its last touchpoint up to asOf and its value of the journey's first segment. */
async function readPlace(
  clickhouse: ClickHouse,
  { derivation, asOfUs }: JourneyScope,
  unit: CustomerName,
  { visit }: VisitDetails,
  options?: QueryOptions,
) {
  const parameters = createParameters();
  const number = parameters.bind(visit, 'UInt32');
  const touch = `arrayLastIndex((v, at) -> v = ${number} AND at <= ${parameters.bind(asOfUs, 'Int64')}, path_visit, path_at)`;
  const sql = `SELECT toString(path_touchpoint[${touch}]) AS touchpoint, toString(visit_segments[${number}][1]) AS segment
FROM unit_journeys FINAL
WHERE derivation = ${parameters.bind(derivation, 'UInt32')} AND unit_key = ${customerKeySql(unit, parameters)}`;
  const row = z.object({ touchpoint: z.string(), segment: z.string() });
  const query = defineQuery({ name: 'visit-place', sql, params: anyParameters, row });
  const [found] = await runBound(clickhouse, { query, values: parameters.values() }, options);
  return found ?? null;
}

/**
 * The next step of an open visit: forecast from the visits to its stage that began within 365 days before asOf, drawn to those of its
 * segment, and the touchpoints likely to come next. Equal to the outlook of the journey split by its first segment.
 */
export async function readVisitOutlook(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  unit: CustomerName,
  visit: VisitDetails,
  options?: QueryOptions,
): Promise<VisitOutlook | null> {
  const place = await readPlace(clickhouse, scope, unit, visit, options);
  const { journey, asOfUs } = scope;
  const position = journey.stages.findIndex(({ id }) => id === visit.stage) + 1;
  const stage = journey.stages[position - 1];
  if (place === null || stage === undefined) return null;
  const [by] = journey.segments;
  const asked = planJourney({ asOf: asOfUs, ...(by === undefined ? {} : { by }) }, scope, asOfUs);
  const horizons = journey.stages.map(({ horizonUs }) => horizonUs);
  const [times, model] = await Promise.all([
    readStageTimes(clickhouse, asked, [position], horizons, options),
    readTouchpointModel(clickhouse, asked, position, options),
  ]);
  const spentSeconds = (asOfUs - visit.enteredUs) / 1e6;
  const forecaster = stageForecaster(times, stage.horizonUs, by !== undefined);
  return {
    horizonSeconds: stage.horizonUs / 1e6,
    spentSeconds,
    segment: by === undefined ? null : `${by}:${place.segment}`,
    ...forecaster.of(by === undefined ? null : place.segment, spentSeconds),
    lastTouchpoint: place.touchpoint || null,
    nextTouchpoints: model.next(place.touchpoint || null, { limit: nextMax }).rows,
  };
}
