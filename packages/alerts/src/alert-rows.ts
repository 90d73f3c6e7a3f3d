import type { Evaluation } from './decide-evaluation.ts';
import type { AlertState, RuleState } from './episode.ts';
import type { AlertKind, AlertRule, Severity } from './rule.ts';
import { seriesId } from './series.ts';

/** One series of a rule as of its last evaluation, flat, for tables and alert lists. Times µs since the epoch, rates 0…1. */
export interface AlertRow {
  readonly alert: string;
  readonly journey: string;
  readonly kind: AlertKind;
  readonly severity: Severity;
  readonly stage: string;
  readonly segment: string;
  readonly touchpoint: string | null;
  readonly state: AlertState;
  /** Whether an alarm has fired and isn't resolved, also while the state says that it can't be judged. */
  readonly firing: boolean;
  readonly episode: string | null;
  readonly startedUs: number | null;
  readonly firedUs: number | null;
  readonly evaluatedUs: number;
  /** Null from here on if the series wasn't judged. */
  readonly windowFromUs: number | null;
  readonly windowToUs: number | null;
  readonly k: number | null;
  readonly n: number | null;
  readonly rate: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly usual: number | null;
  readonly usualLo: number | null;
  readonly usualHi: number | null;
  readonly lift: number | null;
  readonly p: number | null;
  readonly q: number | null;
}

/** The rows of a rule after an evaluation was taken into its state, in the order of the series. */
export function alertRows(rule: AlertRule, { series }: RuleState, evaluation: Evaluation): AlertRow[] {
  const verdicts = new Map(evaluation.verdicts.map((verdict) => [seriesId(verdict.key), verdict]));
  return series.map(({ key, state, episode }) => {
    const { figures = null, q = null } = verdicts.get(seriesId(key)) ?? {};
    const { stage, segment, touchpoint } = key;
    return {
      ...{
        alert: rule.id,
        journey: rule.journey,
        kind: rule.kind,
        severity: rule.severity,
        stage,
        segment,
        touchpoint,
      },
      state,
      firing: episode !== null && episode.firedUs !== null,
      episode: episode?.id ?? null,
      startedUs: episode?.startedUs ?? null,
      firedUs: episode?.firedUs ?? null,
      evaluatedUs: evaluation.evaluationUs,
      windowFromUs: figures?.window.fromUs ?? null,
      windowToUs: figures?.window.toUs ?? null,
      ...{ k: figures?.k ?? null, n: figures?.n ?? null, rate: figures?.rate ?? null },
      ...{ lo: figures?.lo ?? null, hi: figures?.hi ?? null, usual: figures?.usual ?? null },
      ...{ usualLo: figures?.usualLo ?? null, usualHi: figures?.usualHi ?? null },
      ...{ lift: figures?.lift ?? null, p: figures?.p ?? null, q },
    };
  });
}
