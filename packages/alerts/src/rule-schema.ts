import { parseDuration } from '@michinori/journey';
import { z } from 'zod';
import { parseCron } from './cron.ts';
import type { RuleProblemCode } from './problem.ts';
import { type AlertRule, alertKinds, baselineWindows, ruleLimits as limits, severities } from './rule.ts';

const dayUs = 86_400_000_000;

/** What an issue of a check of ours carries besides its message. */
export interface IssueFacts {
  readonly problem: RuleProblemCode;
  readonly suggestion?: string | null;
}

type Context = { addIssue(issue: { code: 'custom'; message: string; params: IssueFacts; path?: PropertyKey[] }): void };

function refuse(context: Context, message: string, params: IssueFacts, path?: PropertyKey[]): typeof z.NEVER {
  context.addIssue({ code: 'custom', message, params: { ...params }, ...(path === undefined ? {} : { path }) });
  return z.NEVER;
}

const id = z
  .string()
  .max(limits.idLengthMax)
  .superRefine((text, context) => {
    if (/^[a-z0-9][a-z0-9_-]*$/.test(text)) return;
    const near = text
      .toLowerCase()
      .replace(/[^a-z0-9_-]+/g, '-')
      .replace(/^[-_]+|-+$/g, '');
    const message = `${JSON.stringify(text)} is no id: small letters, digits, - and _, with a letter or digit first`;
    refuse(context, message, { problem: 'invalid_id', suggestion: near === '' ? null : near });
  });

const name = z.string().min(1).max(limits.nameLengthMax);
const title = z.string().min(1).max(limits.titleLengthMax);

const duration = z.string().transform((text, context) => {
  const parsed = parseDuration(text);
  if (parsed.ok) return parsed.us;
  return refuse(context, parsed.message, { problem: 'invalid_duration', suggestion: parsed.suggestion });
});

const wholeDays = (daysMax: number) =>
  duration.transform((us, context) => {
    const days = us / dayUs;
    if (Number.isInteger(days) && days <= daysMax) return days;
    const near = `${Math.min(daysMax, Math.max(1, Math.round(days)))}d`;
    return refuse(context, `takes whole days, at most ${daysMax}`, { problem: 'not_whole_days', suggestion: near });
  });

const schedule = z.string().transform((text, context) => {
  const parsed = parseCron(text);
  if ('cron' in parsed) return { text, cron: parsed.cron };
  return refuse(context, `${JSON.stringify(text)} ${parsed.message}`, { problem: 'invalid_schedule' });
});

const url = z
  .string()
  .max(limits.urlLengthMax)
  .superRefine((text, context) => {
    if (!/^https?:\/\/[^\s]+$/.test(text) || !URL.canParse(text)) {
      refuse(context, `${JSON.stringify(text)} is no address that begins with http:// or https://`, {
        problem: 'invalid_url',
      });
    }
  });

/** Names of a list, each once. */
const each = (item: z.ZodType<string, string>, countMax: number) =>
  z
    .array(item)
    .max(countMax)
    .superRefine((items, context) => {
      for (const [i, text] of items.entries()) {
        if (items.indexOf(text) < i) {
          refuse(context, `${JSON.stringify(text)} stands twice in one list`, { problem: 'duplicate_value' }, [i]);
        }
      }
    });

/** `p90` → 0.9, `expected` → null. */
const beyond = z.string().transform((text, context): number | null => {
  if (text === 'expected') return null;
  if (/^p[1-9][0-9]$/.test(text)) return Number(text.slice(1)) / 100;
  const message = `${JSON.stringify(text)} is neither expected nor a share such as p90`;
  return refuse(context, message, { problem: 'unknown_value', suggestion: 'p90' });
});

const written = z.strictObject({
  alert: id,
  title: z
    .union([title.transform((en) => ({ en })), z.strictObject({ en: title.optional(), ja: title.optional() })])
    .default({}),
  journey: id,
  kind: z.enum(alertKinds).default('stage-drop-off'),
  stages: each(id, limits.stagesMax).min(1).optional(),
  by: each(name, limits.segmentsMax).default([]),
  horizon: duration.optional(),
  beyond: beyond.optional(),
  window: wholeDays(limits.windowDaysMax).prefault('7d'),
  baseline: wholeDays(limits.baselineDaysMax).prefault('84d'),
  schedule: schedule.prefault('0 6 * * *'),
  false_alarms_per_week: z.number().min(limits.falseAlarmsPerWeekMin).max(limits.falseAlarmsPerWeekMax).default(0.5),
  min_n: z.int().min(1).max(limits.minNMax).default(30),
  min_lift: z.number().min(1).max(limits.minLiftMax).default(1.2),
  for: z.int().min(1).max(limits.consecutiveMax).default(2),
  severity: z.enum(severities).default('warning'),
  channels: each(name, limits.channelsMax).default([]),
  runbook: url.optional(),
});

const shareOf = (beyond: number | null | undefined): number | null => (beyond === undefined ? 0.9 : beyond);

/** The keys of a rule as they are written. */
export const ruleKeys: readonly string[] = Object.keys(written.shape);

/** A rule as a document: from what YAML or JSON holds to the checked rule. Every key is described in docs/rules.md. */
export const alertRule = written.transform((given, context): AlertRule => {
  const rule: AlertRule = {
    id: given.alert,
    title: Object.fromEntries(
      Object.entries(given.title).filter(([, text]) => text !== undefined),
    ) as AlertRule['title'],
    journey: given.journey,
    kind: given.kind,
    stages: given.stages ?? null,
    by: given.by,
    horizonUs: given.horizon ?? null,
    beyond: given.kind === 'stalled-share' && given.horizon === undefined ? shareOf(given.beyond) : null,
    windowDays: given.window,
    baselineDays: given.baseline,
    schedule: given.schedule.text,
    cron: given.schedule.cron,
    falseAlarmsPerWeek: given.false_alarms_per_week,
    minN: given.min_n,
    minLift: given.min_lift,
    consecutive: given.for,
    severity: given.severity,
    channels: given.channels,
    runbook: given.runbook ?? null,
  };
  if (given.beyond !== undefined && (given.kind !== 'stalled-share' || given.horizon !== undefined)) {
    const message = given.kind === 'stalled-share' ? 'has no meaning beside horizon' : 'is for stalled-share only';
    return refuse(context, message, { problem: 'key_without_meaning' }, ['beyond']);
  }
  if (baselineWindows(rule) >= limits.baselineWindowsMin) return rule;
  const suggestion = `${limits.baselineWindowsMin * rule.windowDays}d`;
  const message = `must be at least ${limits.baselineWindowsMin} windows of ${rule.windowDays}d long`;
  return refuse(context, message, { problem: 'baseline_too_short', suggestion }, ['baseline']);
});
