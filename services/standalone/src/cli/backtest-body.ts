import { UsageError } from './usage-error.ts';

export interface BacktestFlags {
  rules?: string;
  from?: string;
  to?: string;
  knownBy?: string;
  incident: string[];
  locale?: string;
  url?: string;
  key?: string;
  json: boolean;
}

/** The body of `POST /v1/alerts/backtest` that the flags describe. */
export function backtestBody(
  rule: { readonly rule: string } | { readonly alert: string },
  { from, to, knownBy, incident, locale }: BacktestFlags,
): Record<string, unknown> {
  return {
    ...rule,
    ...(from === undefined ? {} : { from: readTime(from) }),
    ...(to === undefined ? {} : { to: readTime(to) }),
    ...(knownBy === undefined ? {} : { knownBy }),
    ...(locale === undefined ? {} : { locale }),
    incidents: incident.map(readIncident),
  };
}

/** `2026-09-07/2026-09-12`, `…@consideration`, `…@consideration/plan:pro`. */
export function readIncident(text: string): Record<string, string> {
  const [times = '', where] = text.split(/@(.*)/s);
  const [from, to, ...others] = times.split('/');
  const [stage, segment] = where?.split(/\/(.*)/s) ?? [];
  if (!from || !to || others.length > 0 || stage === '' || segment === '')
    throw new UsageError(
      `"${text}" is no incident; write 2026-09-07/2026-09-12, with a stage …@consideration, and a segment …@consideration/plan:pro.`,
    );
  return {
    ...{ from: readTime(from), to: readTime(to) },
    ...(stage === undefined ? {} : { stage }),
    ...(segment === undefined ? {} : { segment }),
  };
}

/** A day is its midnight in UTC. */
const readTime = (text: string): string => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
