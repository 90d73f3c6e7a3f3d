import { readFileSync } from 'node:fs';
import { MichinoriError } from '@michinori/runtime';
import type { DemoTruth } from '../demo/truth.ts';
import { drawTable } from '../terminal/table.ts';
import { type Api, jsonBody } from './api.ts';
import type { Io } from './io.ts';
import { type JourneyTarget, waitForJourneys } from './journey-progress.ts';

/** The same place seen from `src` and from `dist`: the example journeys at the root of the repository. */
const folder = new URL('../../../../infra/journeys/', import.meta.url);
const files = ['buying.yaml', 'customer-success.yaml'];

const dayMs = 86_400_000;
/** Weeks before the release, when nothing was changed: the improvement of this date has no effect, whatever a chart suggests. */
const nothingWeeksBefore = 14;

/**
 * The improvements of the demo: its release, which shortened onboarding, and one that changed nothing, so that it can be seen how the product
 * tells the two apart. Pure.
 */
export function demoImprovements({ release }: Pick<DemoTruth, 'release'>) {
  const journey = 'customer-success';
  return [
    {
      id: 'demo-release',
      journey,
      stage: release.stage,
      title: 'Guided set-up',
      at: release.at,
      owner: 'product',
      hypothesis: 'New customers get through onboarding sooner.',
    },
    {
      id: 'demo-nothing',
      journey,
      stage: 'value',
      title: 'New e-mail template',
      at: new Date(Date.parse(release.at) - nothingWeeksBefore * 7 * dayMs).toISOString(),
      owner: 'marketing',
      hypothesis: 'More customers renew.',
    },
  ];
}

/**
 * Applies the journeys of the demo and records its improvements; doing it again changes nothing. Journeys of the same name that somebody has
 * changed meanwhile stay as they are.
 *
 * @returns what was applied
 */
export async function applyDemoDefinitions(api: Api, truth: DemoTruth): Promise<JourneyTarget[]> {
  const targets: JourneyTarget[] = [];
  for (const file of files) {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const applied = await unlessRefused(
      api.post<{ rows: { journey: string; version: number }[] }>('/v1/journeys', { type: 'text/yaml', text }),
    );
    for (const { journey, version } of applied?.rows ?? []) targets.push({ journey, version, afterDerivation: 0 });
  }
  for (const improvement of demoImprovements(truth))
    await unlessRefused(api.post('/v1/improvements', jsonBody(improvement)));
  return targets;
}

interface StageTableRow {
  title: string;
  entered: number;
  advanced: number;
  lost: number;
  open: number;
  completed: number;
  rate: number | null;
}

/** Waits until the journeys of the demo are derived and shows the stages of one; nothing when it is stopped before. */
export async function showDemoStages(
  io: Io,
  api: Api,
  { end }: Pick<DemoTruth, 'end'>,
  targets: readonly JourneyTarget[],
  signal: AbortSignal,
): Promise<string> {
  if (targets.length === 0 || !(await waitForJourneys(io, api, targets, signal))) return '';
  const at = (daysBefore: number): string => new Date(Date.parse(end) - daysBefore * dayMs).toISOString();
  const query = new URLSearchParams({ from: at(300), to: at(120), asOf: at(0) });
  const answer = await unlessRefused(
    api.get<{ rows: StageTableRow[] }>(`/v1/journeys/customer-success/stages?${query.toString()}`),
  );
  if (answer === null) return '';
  const rows = answer.rows.map(({ title, entered, advanced, lost, open, completed, rate }) => [
    ...[title, entered, advanced, lost, open],
    rate === null || completed > 0 ? '–' : `${(rate * 100).toFixed(1)} %`,
  ]);
  const table = drawTable(['stage', 'entered', 'advanced', 'lost', 'open', 'advanced in time'], rows);
  return `\nThe stages of customer-success:\n${table.replace(/^/gm, '  ')}\n`;
}

/** Null where the answer is no: a version that is taken, a question that this program doesn't know. */
async function unlessRefused<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof MichinoriError && error.code === 'api_refused' && !error.canRetry) return null;
    throw error;
  }
}
