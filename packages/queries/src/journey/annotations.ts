import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { listAppliedVersions } from './definitions.ts';
import { type Improvement, listImprovements } from './improvements.ts';

/** Something that a chart over time should mark. Microseconds since 1970. */
export interface Annotation {
  readonly atUs: number;
  readonly title: string;
  readonly text: string;
  /** `improvement` or `version`, the journey, and where there is one the stage. */
  readonly tags: readonly string[];
}

export interface AnnotationsWanted {
  readonly fromUs: number;
  readonly toUs: number;
  readonly journey?: string | undefined;
  readonly limit: number;
}

/** Improvements and applied versions of journeys in [fromUs, toUs), the newest first, at most `limit`. */
export async function listAnnotations(
  clickhouse: ClickHouse,
  wanted: AnnotationsWanted,
  options?: QueryOptions,
): Promise<Annotation[]> {
  const improvements = await listImprovements(clickhouse, wanted, options);
  const versions = await listAppliedVersions(clickhouse, wanted, options);
  const annotations: Annotation[] = [
    ...improvements.map((improvement) => ({
      atUs: improvement.atUs,
      title: improvement.title,
      text: describeImprovement(improvement),
      tags: ['improvement', improvement.journey, ...(improvement.stage === '' ? [] : [improvement.stage])],
    })),
    ...versions.map(({ journey, version, appliedAtUs, appliedBy }) => ({
      atUs: appliedAtUs,
      title: `${journey} ${version}`,
      text: `Version ${version} of the journey ${journey} was applied${appliedBy === '' ? '' : ` by ${appliedBy}`}.`,
      tags: ['version', journey],
    })),
  ];
  return annotations.sort((a, b) => b.atUs - a.atUs || (a.title < b.title ? -1 : 1)).slice(0, wanted.limit);
}

function describeImprovement({ stage, segment, owner, hypothesis }: Improvement): string {
  const parts = [
    stage === '' ? 'all stages' : `stage ${stage}`,
    segment === null ? '' : `${segment.name}: ${segment.values.map((value) => value || '(none)').join(', ')}`,
    owner === '' ? '' : `owner ${owner}`,
    hypothesis,
  ];
  return parts.filter((part) => part !== '').join(' · ');
}
