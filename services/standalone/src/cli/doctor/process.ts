import { type Finding, messageOf } from './finding.ts';

interface Readiness {
  checks: { name: string; ok: boolean; reason: string | null }[];
}

const deadlineMs = 5_000;

/**
 * Asks the process that owns the data folder how it is.
 *
 * @param url where it answers, if it noted that
 * @param held what opening the folder said
 */
export async function checkProcess(url: string | undefined, held: string): Promise<Finding> {
  const mend = 'it does not answer (yet); look at its log, or end it';
  if (url === undefined) return { check: 'process', state: 'warning', detail: held, mend };
  try {
    const answer = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(deadlineMs) });
    const { checks } = (await answer.json()) as Readiness;
    const broken = checks.filter(({ ok }) => !ok).map(({ name, reason }) => `${name}: ${reason ?? 'not ok'}`);
    if (broken.length === 0) return { check: 'process', state: 'ok', detail: `running at ${url} and ready` };
    const detail = `running at ${url}, not ready: ${broken.join('; ')}`;
    return { check: 'process', state: 'error', detail, mend: 'look at its log' };
  } catch (error) {
    return { check: 'process', state: 'warning', detail: `${held} ${url}: ${messageOf(error)}`, mend };
  }
}
