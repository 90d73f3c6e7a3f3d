import type { StageRow } from '@michinori/queries';

/** The drop-off of one stage for one segment, as it is exported. Shares 0…1. */
export interface StageSample {
  readonly journey: string;
  readonly stage: string;
  /** `''`: everybody. `plan:pro`: the customers of one value; `plan:`: those without one. */
  readonly segment: string;
  /** The columns of the same names of `GET /v1/journeys/{journey}/stages`. */
  readonly dropOffRate: number;
  readonly dropOffLo: number | null;
  readonly dropOffHi: number | null;
  /** 1 − estimate: the share that will not have advanced by the horizon; it counts while the rate is immature. */
  readonly dropOffEstimate: number | null;
  readonly state: StageRow['state'];
  readonly entered: number;
}

/** A label longer than this is nobody's idea of a segment. */
const labelLengthMax = 200;

/**
 * What is exported of the rows of a journey's stages: those with a rate. Pure.
 *
 * @param by name of the segment that the rows were split by; null: everybody together
 * @param segmentsMax values that are kept, in the order of the rows: the largest first
 */
export function stageSamples(
  journey: string,
  by: string | null,
  rows: readonly StageRow[],
  segmentsMax: number,
): StageSample[] {
  const values = [...new Set(rows.map(({ segment }) => segment ?? ''))];
  const kept = new Set(
    by === null ? values : values.filter((value) => value.length <= labelLengthMax).slice(0, segmentsMax),
  );
  return rows.flatMap((row): StageSample[] => {
    const value = row.segment ?? '';
    if (row.dropOffRate === null || !kept.has(value)) return [];
    const { stage, dropOffRate, dropOffLo, dropOffHi, state, entered, estimate } = row;
    return [
      {
        ...{ journey, stage, dropOffRate, dropOffLo, dropOffHi, state, entered },
        segment: by === null ? '' : `${by}:${value}`,
        dropOffEstimate: estimate === null ? null : 1 - estimate,
      },
    ];
  });
}
