import { curveQuestions, journeyQuestions } from '../e2e/journeys/order-questions.ts';
import { drills, funnels, timed } from '../e2e/order-independence/questions.ts';

/** A question over HTTP: GET, or POST where there is a body. */
export interface Question {
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Whether the pages behind the first are asked for too, by `meta.cursor`. */
  readonly isPaged?: boolean;
}

const journeys = ['customer-success', 'buying'];
const asOf = 'asOf=2026-11-20T15:00:00Z';

const aboutFunnels: Question[] = [
  ...Object.values(funnels).map((body) => ({ path: '/v1/funnels/query', body })),
  ...timed.map((name) => ({
    path: '/v1/funnels/time-to-convert',
    body: { ...funnels[name], fromStep: 1, toStep: 2 },
  })),
  ...drills.map(({ name: _name, funnel, ...asked }) => ({
    path: '/v1/funnels/customers',
    body: { ...funnels[funnel], ...asked },
    isPaged: true,
  })),
];

const aboutJourneys: Question[] = [
  ...journeys.flatMap((journey) =>
    journeyQuestions.map((question) => ({ path: `/v1/journeys/${journey}/${question}` })),
  ),
  ...curveQuestions.map((question) => ({ path: `/v1/journeys/${question}` })),
  ...journeys.map((journey) => ({ path: `/v1/journeys/${journey}/visits?limit=5000&${asOf}`, isPaged: true })),
  { path: `/v1/journeys/customer-success/outlook/track-record?${asOf}&by=plan&detail=calibration` },
  // Recorded by the clock of the alerter, so there are none of the time that is asked for.
  ...['track-record', 'suggestions'].map((path) => ({ path: `/v1/journeys/customer-success/health/${path}?${asOf}` })),
  ...journeys.map((journey) => ({ path: `/v1/journeys/${journey}` })),
  ...journeys.map((journey) => ({ path: `/v1/segments?journey=${journey}&limit=200` })),
  // Health is evaluated when the clock says so, and versions are applied now: as of a moment before there is none.
  ...['health?', 'health/customers?', 'signals?state=all&', 'tasks?state=all&', 'actions?'].map((path) => ({
    path: `/v1/journeys/customer-success/${path}asOf=2020-01-01T00:00:00Z`,
  })),
  { path: '/v1/journeys' },
  { path: '/v1/improvements' },
  // Annotations tell of the application of versions too, which is now.
  { path: '/v1/annotations?from=2025-01-01T00:00:00Z&to=2026-01-01T00:00:00Z' },
];

/** By what had occurred: when events were received depends on when the test ran. */
const backtest = {
  rule: 'alert: losses\njourney: buying\nby: [plan]\nhorizon: 7d\nwindow: 7d\nmin_n: 5\nfalse_alarms_per_week: 20\nmin_lift: 1\nfor: 1\n',
  ...{ from: '2026-01-01T00:00:00Z', to: '2026-11-20T15:00:00Z', knownBy: 'occurred' },
  incidents: [{ from: '2026-09-06T15:00:00Z', to: '2026-09-11T15:00:00Z', stage: 'consideration' }],
};

/** Everything that is asked of both: each endpoint that answers numbers at least once, at a fixed instant. */
export const questions: readonly Question[] = [
  ...aboutFunnels,
  ...aboutJourneys,
  { path: '/v1/segments?limit=200' },
  { path: '/v1/touchpoints?limit=1000' },
  { path: '/v1/touchpoints?from=2026-06-01T00:00:00Z&to=2026-07-01T00:00:00Z' },
  { path: '/v1/dead-letters?limit=1000' },
  // When an alerter evaluated, and whether there is one, depends on the deployment.
  { path: '/v1/alerts?alert=never-evaluated' },
  { path: '/v1/alerts/history?alert=never-evaluated' },
  { path: '/v1/alerts/rules' },
  { path: '/v1/alerts/rules/interest' },
  { path: '/v1/alerts/backtest', body: backtest },
  { path: '/v1/export/events?limit=10000', isPaged: true },
];

/** What is known about one customer. */
export function questionsAbout(customer: string): Question[] {
  const path = `/v1/customers/${encodeURIComponent(customer)}?${asOf}`;
  return [
    { path, isPaged: true },
    ...journeys.map((journey) => ({ path: `${path}&detail=visits&journey=${journey}` })),
  ];
}
