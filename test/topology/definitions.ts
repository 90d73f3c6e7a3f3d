import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../failure/until.ts';
import { askDesk, type Desk } from './answers.ts';

const readyMsMax = 1_200_000;
const patienceMsMax = 180_000;
const shipped = join(import.meta.dirname, '..', '..', 'infra', 'journeys');
const journeys = ['customer-success', 'buying'];
const rule =
  'alert: interest\ntitle: { en: Interest leads to less }\njourney: buying\nstages: [interest]\nby: [plan]\n';

/** Repeats what was answered with 503, as a client does: the broker of a busy machine may need a while. */
async function post({ url, key }: Desk, path: string, body: string, contentType: string): Promise<void> {
  const headers = { 'content-type': contentType, ...(key === null ? {} : { authorization: `Bearer ${key}` }) };
  const response = await until(
    `${path} is taken`,
    async () => {
      const answer = await fetch(`${url}${path}`, { method: 'POST', body, headers });
      return answer.status === 503 ? undefined : answer;
    },
    patienceMsMax,
  );
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
}

/** Applies the journeys that come with the product, records an improvement of each, and applies a rule, as an administrator would. */
export async function applyDefinitions(desk: Desk): Promise<void> {
  for (const journey of journeys) {
    await post(desk, '/v1/journeys', readFileSync(join(shipped, `${journey}.yaml`), 'utf8'), 'text/yaml');
    const improvement = {
      id: `guide-${journey}`,
      journey,
      title: 'New guide',
      at: '2025-11-01T00:00:00+09:00',
      segment: 'plan:pro',
    };
    await post(desk, '/v1/improvements', JSON.stringify(improvement), 'application/json');
  }
  await post(desk, '/v1/alerts/rules', rule, 'text/yaml');
}

/** Resolves when the answers about every journey come from the definition that was applied. */
export async function untilDerived(desk: Desk): Promise<void> {
  await until(
    'the journeys are derived',
    async () => {
      const { rows } = await askDesk(desk, { path: '/v1/journeys' });
      const improvements = await askDesk(desk, { path: '/v1/improvements' });
      const isReady = rows.every(({ version, activeVersion, progress }) => version === activeVersion && progress === 1);
      const rules = await askDesk(desk, { path: '/v1/alerts/rules' });
      const isThere =
        rows.length === journeys.length && improvements.rows.length === journeys.length && rules.rows.length === 1;
      return isReady && isThere ? true : undefined;
    },
    readyMsMax,
  );
}
