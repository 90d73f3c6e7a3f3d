import { randomUUID } from 'node:crypto';
import type { ImprovementDefinition } from '@michinori/events';
import { didYouMean, type ProblemError } from '@michinori/runtime';
import { z } from 'zod';
import { invalidQuestion } from '../question/validator.ts';
import { type Definitions, newestOf } from './ledger.ts';
import { readStored } from './read-source.ts';
import { instant, storableText } from './texts.ts';

const segment = z.union([
  storableText(1_200).regex(/^[^:]+:/, { message: 'must be NAME:VALUE, e.g. plan:pro' }),
  z.strictObject({
    name: storableText(256),
    values: z
      .array(z.union([z.literal(''), storableText(1_024)]))
      .min(1)
      .max(100),
  }),
]);

/** Body of `POST /v1/improvements`. */
export const improvementBody = z.strictObject({
  id: storableText(256).optional().describe('the same id again replaces what was recorded; random if it is missing'),
  journey: storableText(128),
  stage: storableText(128).optional().describe('all stages if it is missing'),
  title: storableText(256),
  at: instant.describe('since when it is in effect (ISO 8601)'),
  segment: segment
    .nullable()
    .optional()
    .describe('whom it was tried on: "plan:pro", or name and values; everybody if missing'),
  owner: storableText(256).optional(),
  hypothesis: storableText(4_096).optional(),
  due: instant.nullable().optional().describe('until when an effect is expected (ISO 8601)'),
});

export type ImprovementBody = z.output<typeof improvementBody>;

export interface ImprovementDecision {
  readonly improvement: ImprovementDefinition;
  readonly state: 'accepted' | 'unchanged';
}

/**
 * What recording this improvement comes to. Its journey, stage and segment must exist in the newest version that was applied. `recordedAtUs`
 * grows with every record of an id, whatever the clock does.
 *
 * @throws QuestionError `invalid_request` with a pointer and the nearest name
 */
export function decideImprovement(
  body: ImprovementBody,
  known: Definitions,
  { nowUs, by, newId = randomUUID }: { nowUs: number; by: string; newId?: () => string },
): ImprovementDecision {
  assertNames(body, known);
  const before = body.id === undefined ? undefined : known.improvements.get(body.id);
  const improvement: ImprovementDefinition = {
    kind: 'improvement',
    id: body.id ?? newId(),
    journey: body.journey,
    stage: body.stage ?? '',
    title: body.title,
    atUs: body.at,
    segment: segmentOf(body.segment),
    owner: body.owner ?? '',
    hypothesis: body.hypothesis ?? '',
    dueUs: body.due ?? null,
    recordedAtUs: Math.max(nowUs, (before?.recordedAtUs ?? 0) + 1),
    recordedBy: by,
  };
  if (before !== undefined && contentOf(before) === contentOf(improvement))
    return { improvement: before, state: 'unchanged' };
  return { improvement, state: 'accepted' };
}

function contentOf({ recordedAtUs: _at, recordedBy: _by, ...content }: ImprovementDefinition): string {
  return JSON.stringify(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function segmentOf(segment: ImprovementBody['segment']): ImprovementDefinition['segment'] {
  if (segment === undefined || segment === null) return null;
  if (typeof segment !== 'string') return { name: segment.name, values: [...new Set(segment.values)] };
  const colon = segment.indexOf(':');
  return { name: segment.slice(0, colon), values: [segment.slice(colon + 1)] };
}

function assertNames({ journey: id, stage, segment }: ImprovementBody, known: Definitions): void {
  const definition = newestOf(known, id);
  if (definition === undefined) {
    const ids = [...known.journeys.keys()];
    throw invalidQuestion([unknown('/journey', `"${id.slice(0, 60)}" is no journey that was applied`, id, ids)]);
  }
  const journey = readStored(definition.source)[0]?.journey;
  if (journey === undefined) return;
  const findings: ProblemError[] = [];
  const stages = journey.stages.map((each) => each.id);
  if (stage !== undefined && !stages.includes(stage))
    findings.push(unknown('/stage', `"${stage.slice(0, 60)}" is no stage of the journey ${id}`, stage, stages));
  const name = segmentOf(segment)?.name;
  if (name !== undefined && !journey.segments.includes(name)) {
    const pointer = typeof segment === 'string' ? '/segment' : '/segment/name';
    findings.push(
      unknown(pointer, `"${name.slice(0, 60)}" is no segment of the journey ${id}`, name, journey.segments),
    );
  }
  if (findings.length > 0) throw invalidQuestion(findings);
}

function unknown(pointer: string, message: string, given: string, names: readonly string[]): ProblemError {
  const all = names.length === 0 ? ' There is none.' : ` Known: ${names.slice(0, 20).join(', ')}.`;
  return { pointer, message: `${message}.${didYouMean(given, names) || all}` };
}
