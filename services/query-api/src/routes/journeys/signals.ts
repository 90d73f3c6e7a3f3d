import { isoFromMicroseconds } from '@michinori/clickhouse';
import { healthSignals } from '@michinori/journey';
import { runHealthSignals, runHealthTasks, stageNumber } from '@michinori/queries';
import { z } from 'zod';
import { limitParameter } from '../route-schema.ts';
import { language } from './columns.ts';
import { defineJourneyEndpoint } from './endpoint.ts';
import { movedText, unitColumns, unitNames } from './health-units.ts';

const signal = z.enum(healthSignals);
const score = z.int().nullable();
const iso = (us: number): string | null => (us === 0 ? null : isoFromMicroseconds(us));

/** `GET /v1/journeys/{journey}/signals` */
export const signalsEndpoint = defineJourneyEndpoint({
  path: 'signals',
  name: 'journey-signals',
  summary: 'Signals of health: who is at risk of churn, ready for expansion or in golden time, since when and why',
  description:
    'The newest first. `from` and `to`, where they are given, are about when a signal was raised; `interval`, `count`, `by` and `segment` mean nothing here.',
  parameters: {
    signal: signal.optional().describe('only these; default all'),
    state: z
      .enum(['open', 'past', 'all'])
      .default('open')
      .describe('those that stand as of asOf, that are over, or both'),
    stage: z.string().max(256).optional().describe('only those raised in this stage; default all'),
    limit: limitParameter(5000, 100),
  },
  row: z.object({
    signal,
    ...unitColumns,
    stage: z.string().describe('when it was raised'),
    ...{ score, scoreBefore: score.describe('at the evaluation before; null if there was none') },
    moved: z.string().describe('rules that moved the score since the evaluation before, the largest change first'),
    raisedAt: z.string(),
    clearedAt: z.string().nullable().describe('null while it stands'),
    backfilled: z.boolean().describe('found when a journey got a history: nobody was told'),
    id: z.string(),
  }),
  async run({ clickhouse, scope, extra, options }) {
    const { stage = null, limit, state } = extra;
    if (stage !== null) stageNumber(scope.journey, stage, '/stage');
    const range = { fromUs: scope.given.from ? scope.fromUs : null, toUs: scope.given.to ? scope.toUs : null };
    const asked = { signal: extra.signal ?? null, stage, state, ...range, limit: limit + 1 };
    const found = await runHealthSignals(clickhouse, scope, asked, options);
    const rows = found.slice(0, limit).map(({ unit, anonymous, moved, raisedUs, clearedUs, isBackfilled, ...row }) => ({
      ...{ ...row, ...unitNames(scope, { unit, anonymous }), moved: movedText(moved) },
      ...{ raisedAt: iso(raisedUs), clearedAt: iso(clearedUs), backfilled: isBackfilled },
    }));
    return { rows, truncated: found.length > limit };
  },
});

/** `GET /v1/journeys/{journey}/tasks` */
export const tasksEndpoint = defineJourneyEndpoint({
  path: 'tasks',
  name: 'journey-tasks',
  summary: 'What somebody is to do because a signal was raised, those that are due first',
  description:
    'A task is settled when its signal is cleared. `from`, `to`, `interval`, `count`, `by` and `segment` mean nothing here.',
  parameters: {
    owner: z.string().max(256).optional().describe('only tasks of this owner; default all'),
    state: z.enum(['open', 'overdue', 'settled', 'all']).default('open').describe('open includes overdue'),
    limit: limitParameter(5000, 100),
    language,
  },
  row: z.object({
    id: z.string(),
    ...{ owner: z.string(), text: z.string(), state: z.enum(['open', 'overdue', 'settled']) },
    dueAt: z.string(),
    createdAt: z.string(),
    settledAt: z.string().nullable(),
    ...{ signal, ...unitColumns, stage: z.string(), score },
  }),
  async run({ clickhouse, scope, extra, options }) {
    const { owner = null, state, limit } = extra;
    const found = await runHealthTasks(clickhouse, scope, { owner, state, limit: limit + 1 }, options);
    const rows = found.slice(0, limit).map(({ unit, anonymous, createdUs, dueUs, clearedUs, texts, ...row }) => {
      const byLanguage = new Map(texts);
      const text = byLanguage.get(extra.language ?? 'en') ?? byLanguage.get('en') ?? texts[0]?.[1] ?? '';
      const open = dueUs < scope.asOfUs ? ('overdue' as const) : ('open' as const);
      return {
        ...{ ...row, ...unitNames(scope, { unit, anonymous }), text },
        state: clearedUs === 0 ? open : ('settled' as const),
        ...{ dueAt: iso(dueUs), createdAt: iso(createdUs), settledAt: iso(clearedUs) },
      };
    });
    return { rows, truncated: found.length > limit };
  },
});
