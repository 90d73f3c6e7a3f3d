import { isoFromMicroseconds } from '@michinori/clickhouse';
import { runPointSuggestions } from '@michinori/queries';
import { z } from 'zod';
import { figure, language } from './columns.ts';
import { defineJourneyEndpoint } from './endpoint.ts';

/** `GET /v1/journeys/{journey}/health/suggestions` */
export const healthSuggestionsEndpoint = defineJourneyEndpoint({
  path: 'health/suggestions',
  name: 'journey-health-suggestions',
  summary: 'What the points of health rules could be, by what happened; never applied on their own',
  description:
    'A row per rule, as it was judged in the night before asOf; no rows before the first night. Segments, intervals and the range play no part. See packages/queries/docs/track-record.md.',
  parameters: { language: language.describe('language of titles and sentences, e.g. ja; default en') },
  row: z.object({
    asOf: z.string().describe('the night of the record'),
    rule: z.string(),
    title: z.string(),
    stage: z.string().nullable().describe('whose own rule it is; null: of the journey'),
    points: z.int().describe('as the definition had them'),
    suggested: z.int().nullable(),
    lo: figure,
    hi: figure,
    state: z
      .string()
      .describe('clear, unclear, insufficient, same_customers; of all rules: too_few_losses, one_outcome, singular, …'),
    sameAs: z.string().nullable().describe('the rule that held for the very same ones'),
    held: z.int(),
    heldLost: z.int(),
    units: z.int(),
    losses: z.int(),
    sentence: z.string(),
  }),
  async run({ clickhouse, scope, extra, options }) {
    const rows = await runPointSuggestions(clickhouse, scope, { ...options, language: extra.language });
    return {
      rows: rows.map(({ asOfUs, rule, title, stage, points, suggested, lo, hi, state, sameAs, ...rest }) => {
        const { held, heldLost, units, losses, sentence } = rest;
        const head = { asOf: isoFromMicroseconds(asOfUs), rule, title, stage, points, suggested, lo, hi, state };
        return { ...head, sameAs, held, heldLost, units, losses, sentence };
      }),
    };
  },
});
