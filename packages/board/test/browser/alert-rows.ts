import type { Standalone } from '@michinori/standalone';

type ClickHouse = ReturnType<Standalone['stores']>['clickhouse'];

const dayUs = 86_400_000_000;
const figures = { k: 42, n: 120, rate: 0.35, lo: 0.27, hi: 0.44, usual: 0.2, usualLo: 0.15, usualHi: 0.26, lift: 1.75 };

interface Standing {
  stage: string;
  segment?: string;
  state: string;
  firing?: boolean;
}

/**
 * Evaluations of a rule as an alerter writes them: it began two days before `nowUs`, fired a day before, and stands as `standings` say at
 * `nowUs`; before that an episode came and was resolved.
 */
export async function writeEvaluations(
  clickhouse: ClickHouse,
  { alert, nowUs, standings }: { alert: string; nowUs: number; standings: readonly Standing[] },
): Promise<void> {
  const window = { fromUs: nowUs - 21 * dayUs, toUs: nowUs - 14 * dayUs };
  const key = { stage: 'onboarding', segment: 'plan:pro', touchpoint: null };
  const transition = (
    episode: string,
    kind: string,
    atUs: number,
    startedUs: number,
    reason: string | null = null,
  ) => ({
    ...{ id: `${episode}:${kind}`, kind, atUs, rule: alert, key, reason },
    episode: { id: episode, startedUs, windowFromUs: startedUs, firedUs: null },
    verdict: { key, finding: 'alarming', figures: { ...figures, window, p: 1e-4 }, q: 0.003 },
  });
  const rowOf = ({ stage, segment = '', state, firing = false }: Standing) => {
    const isJudged = ['firing', 'pending', 'ok'].includes(state);
    const unknown = Object.fromEntries(Object.keys({ ...figures, p: 0, q: 0 }).map((name) => [name, null]));
    return {
      ...{ alert, journey: 'customer-success', kind: 'stage-drop-off', severity: 'warning', stage, segment },
      ...{ touchpoint: null, state, firing, episode: firing ? 'e2' : null, evaluatedUs: nowUs },
      ...{ startedUs: firing ? nowUs - 2 * dayUs : null, firedUs: firing ? nowUs - dayUs : null },
      ...{ windowFromUs: isJudged ? window.fromUs : null, windowToUs: isJudged ? window.toUs : null },
      ...(isJudged ? { ...figures, p: 1e-4, q: 0.003 } : unknown),
    };
  };
  const state = JSON.stringify({ state: { rule: alert, evaluatedUs: nowUs, series: [] }, told: {} });
  const evaluation = (atUs: number, transitions: object[], rows: object[] = []) => [
    ...[alert, atUs, 'customer-success', '', state, JSON.stringify(transitions), '[]', JSON.stringify(rows)],
  ];
  const past = nowUs - 40 * dayUs;
  await clickhouse.insert({
    table: 'alert_evaluations',
    columns: ['alert', 'evaluated_at', 'journey', 'source', 'state', 'transitions', 'notices', 'rows'],
    rows: [
      evaluation(past, [transition('e1', 'started', past, past)]),
      evaluation(past + 2 * dayUs, [transition('e1', 'fired', past + 2 * dayUs, past)]),
      evaluation(past + 9 * dayUs, [transition('e1', 'resolved', past + 9 * dayUs, past, 'calm')]),
      evaluation(nowUs - 2 * dayUs, [transition('e2', 'started', nowUs - 2 * dayUs, nowUs - 2 * dayUs)]),
      evaluation(nowUs - dayUs, [transition('e2', 'fired', nowUs - dayUs, nowUs - 2 * dayUs)]),
      evaluation(nowUs, [], standings.map(rowOf)),
    ],
  });
}
