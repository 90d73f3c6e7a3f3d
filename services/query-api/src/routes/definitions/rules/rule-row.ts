import { isoFromMicroseconds } from '@michinori/clickhouse';
import { type Journey, titleOf } from '@michinori/journey';
import { type ListedRule, readJourneys } from '@michinori/queries';
import { z } from 'zod';
import { readStoredRule } from '../../../definitions/read-rules.ts';
import { toFinding } from '../../../definitions/read-source.ts';
import type { QuestionDesk } from '../../../question-desk.ts';

const text = z.string().nullable();
const number = z.number().nullable();

/** A rule of alerts as a row. What the text says is null where this program can't read it. */
export const ruleRow = z.object({
  alert: z.string(),
  title: z.string(),
  ...{ journey: text, kind: text },
  stages: text.describe('ids with commas; empty: all that are not terminal'),
  by: text.describe('segments that are judged value by value, with commas'),
  horizonSeconds: number.describe('null: that of the kind and the stage'),
  ...{ windowDays: number, baselineDays: number, schedule: text, falseAlarmsPerWeek: number },
  ...{ minN: number, minLift: number, for: number, severity: text },
  channels: text.describe('names with commas'),
  runbook: text,
  origin: z.enum(['file', 'api']).describe('file: it stands in a file of the alerter and is changed there'),
  changedAt: z.string(),
  changedBy: z.string().describe('the file, or the visible part of the key that was used'),
  problems: z.int().describe('why it is not, or not fully, evaluated; `GET /v1/alerts/rules/{alert}` lists them'),
  problem: text.describe('the first of them'),
  source: z.string().describe('the YAML text'),
});

type RuleRow = z.output<typeof ruleRow>;

/** A problem of a rule as it stands, and where in its text. */
export const ruleProblem = z.object({
  ...{ code: z.string(), pointer: z.string(), line: z.int(), column: z.int(), message: z.string() },
  suggestion: text,
});

/** The journeys that rules are held against: as answers come from them, or as they were applied until there are answers. */
export async function journeysOf(
  desk: QuestionDesk,
  options: Parameters<typeof readJourneys>[1],
): Promise<readonly Journey[]> {
  return (await readJourneys(desk.clickhouse, options)).flatMap(({ definition }) => definition ?? []);
}

/** A stored rule as a row, with everything that is wrong with it now. Pure. */
export function describeRule(
  { alert, source, origin, changedAtUs, changedBy }: ListedRule,
  journeys: readonly Journey[],
  language: string,
): { readonly row: RuleRow; readonly problems: readonly z.output<typeof ruleProblem>[] } {
  const { rule, problems } = readStoredRule(source, journeys);
  const found = problems.map((problem) => {
    const { pointer, message } = toFinding(problem);
    const { code, line, column, suggestion } = problem;
    return { code, pointer, line, column, message, suggestion };
  });
  const row: RuleRow = {
    alert,
    title: rule === null ? alert : titleOf(rule.title, alert, language),
    ...{ journey: rule?.journey ?? null, kind: rule?.kind ?? null },
    stages: rule === null ? null : (rule.stages ?? []).join(','),
    by: rule?.by.join(',') ?? null,
    horizonSeconds: rule === null || rule.horizonUs === null ? null : rule.horizonUs / 1_000_000,
    ...{ windowDays: rule?.windowDays ?? null, baselineDays: rule?.baselineDays ?? null },
    ...{ schedule: rule?.schedule ?? null, falseAlarmsPerWeek: rule?.falseAlarmsPerWeek ?? null },
    ...{ minN: rule?.minN ?? null, minLift: rule?.minLift ?? null, for: rule?.consecutive ?? null },
    ...{ severity: rule?.severity ?? null, channels: rule?.channels.join(',') ?? null, runbook: rule?.runbook ?? null },
    ...{ origin, changedAt: isoFromMicroseconds(changedAtUs), changedBy },
    ...{ problems: found.length, problem: found[0]?.message ?? null, source },
  };
  return { row, problems: found };
}
