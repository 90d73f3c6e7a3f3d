import { z } from 'zod';

/** Bounds of a back-test. */
export const backtestLimits = {
  rangeDaysMax: 3 * 366,
  evaluationsMax: 3_000,
  incidentsMax: 100,
  /** Values of a segment that are judged, and silence that is late data: what an alerter has by default. */
  seriesMax: 200,
  lateAfterMs: 86_400_000,
} as const;

const time = (what: string) => z.string().max(64).describe(what);

const incident = z.strictObject({
  from: time('begin of the incident: whoever entered from then on was concerned'),
  to: time('its end, exclusive'),
  stage: z.string().min(1).max(64).optional().describe('default: every stage'),
  segment: z.string().min(3).max(600).optional().describe('`plan:pro`; default: everybody'),
});

/** Body of `POST /v1/alerts/backtest`. */
export const backtestBody = z
  .strictObject({
    rule: z.string().min(1).optional().describe('YAML text of one rule'),
    alert: z.string().min(1).max(64).optional().describe('id of a stored rule, instead of `rule`'),
    from: time('first evaluation (default: the first event)').optional(),
    to: time('last evaluation (default: the last event)').optional(),
    knownBy: z
      .enum(['auto', 'received', 'occurred'])
      .default('auto')
      .describe(
        'what an evaluation knew: the events that were received by then, or those that had occurred; auto: received, unless most came more than a day late',
      ),
    incidents: z
      .array(incident)
      .max(backtestLimits.incidentsMax)
      .default([])
      .describe('times in which something is known to have gone wrong; other alarms are false then'),
    locale: z.enum(['en', 'ja']).default('en').describe('of the titles'),
  })
  .refine(({ rule, alert }) => (rule === undefined) !== (alert === undefined), {
    message: 'give either rule, the text of a rule, or alert, the id of a stored one',
    path: ['rule'],
  });

export type BacktestBody = z.output<typeof backtestBody>;
