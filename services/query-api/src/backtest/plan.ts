import { evaluationsDue, type Incident } from '@michinori/alerts';
import type { ProblemError } from '@michinori/runtime';
import { invalidQuestion } from '../question/validator.ts';
import { readInstant } from '../routes/read-instant.ts';
import { type BacktestBody, backtestLimits } from './body.ts';
import type { FoundRule } from './find-rule.ts';

const dayUs = 86_400_000_000;

/** A back-test, decided: times µs since 1970. */
export interface BacktestPlan extends FoundRule {
  readonly fromUs: number;
  readonly toUs: number;
  /** In order; empty where there are no events. */
  readonly evaluationsUs: readonly number[];
  readonly incidents: readonly Incident[];
}

/**
 * Decides which evaluations are replayed.
 *
 * @param extent when the first and last event occurred; null: there are none
 * @throws QuestionError for what can't be asked, with a pointer to it
 */
export function planBacktest(
  body: BacktestBody,
  found: FoundRule,
  extent: { readonly firstUs: number; readonly lastUs: number } | null,
  nowUs: number,
): BacktestPlan {
  const toUs = body.to === undefined ? Math.min(nowUs, extent?.lastUs ?? nowUs) : readInstant('to', body.to);
  const rangeUsMax = backtestLimits.rangeDaysMax * dayUs;
  const fromUs =
    body.from === undefined ? Math.max(extent?.firstUs ?? toUs, toUs - rangeUsMax) : readInstant('from', body.from);
  const findings: ProblemError[] = [];
  if (fromUs > toUs) findings.push({ pointer: '/to', message: 'must be later than from' });
  if (toUs - fromUs > rangeUsMax) {
    const message = `must be at most ${backtestLimits.rangeDaysMax} days after from`;
    findings.push({ pointer: '/to', message });
  }
  const incidents = body.incidents.map((incident, place) => readIncident(incident, place, found, findings));
  if (findings.length > 0) throw invalidQuestion(findings);
  const { evaluationsMax } = backtestLimits;
  const last = Math.min(toUs, nowUs);
  const due = extent === null ? [] : evaluationsDue(found.rule.cron, fromUs - 1, last, evaluationsMax + 1);
  if (due.length > evaluationsMax) {
    const message = `would be more than ${evaluationsMax} evaluations; ask for a shorter range, or test a rule that is evaluated less often`;
    throw invalidQuestion([{ pointer: '/from', message }]);
  }
  return { ...found, fromUs, toUs: last, evaluationsUs: due, incidents };
}

function readIncident(
  incident: BacktestBody['incidents'][number],
  place: number,
  { active }: FoundRule,
  findings: ProblemError[],
): Incident {
  const { from, to } = incident;
  const [stage, segment] = [incident.stage ?? null, incident.segment ?? null];
  const refuse = (name: string, message: string) => findings.push({ pointer: `/incidents/${place}/${name}`, message });
  const fromUs = readInstant(`incidents/${place}/from`, from);
  const toUs = readInstant(`incidents/${place}/to`, to);
  if (fromUs >= toUs) refuse('to', 'must be later than from');
  const { stages, segments, id } = active.journey;
  if (stage !== null && !stages.some((each) => each.id === stage))
    refuse('stage', `"${stage}" is no stage of the journey ${id}. Known: ${stages.map((each) => each.id).join(', ')}.`);
  const name = segment?.slice(0, Math.max(0, segment.indexOf(':'))) ?? '';
  if (segment !== null && !segments.includes(name))
    refuse('segment', `must be a segment of the journey with a value, such as ${segments[0] ?? 'plan'}:pro`);
  return { fromUs, toUs, stage, segment };
}
