import { exportedMetrics } from '../../test/infra/exported-metrics.ts';
import { filesEnding, readYaml } from '../../test/infra/files.ts';
import type { AlertSurroundings } from './checks/alerts.ts';
import { checkColumns } from './checks/columns.ts';
import { checkExpressions, type KnownSeries } from './checks/expressions.ts';
import type { Problem } from './checks/problem.ts';
import { checkLinks, checkSources, checkVariables } from './checks/references.ts';
import { checkGrid, checkIds, checkKinds, checkWalls } from './checks/structure.ts';
import { checkUnits } from './checks/units.ts';
import { checkTwins, checkWords } from './checks/words.ts';
import type { DashboardFile } from './dashboard-files.ts';
import { provisionedFolders, provisionedSources } from './provisioning.ts';
import { readOperations } from './schema.ts';

/** Series of others: of Prometheus itself, of the probes and of the machines. */
const foreign =
  /^(up|scrape_duration_seconds|probe_success|probe_duration_seconds|node_filesystem_(avail|size)_bytes|ClickHouse(Async)?Metrics_[A-Za-z_]+)$/;

/** What Prometheus knows: what the sources export, and what the shipped rules record. */
export async function knownSeries(): Promise<KnownSeries> {
  const groups = filesEnding('prometheus/rules', '.yml').flatMap(
    (file) => (readYaml(file)[0] as { groups: { rules: { record?: string }[] }[] }).groups,
  );
  const recorded = groups.flatMap(({ rules }) => rules.flatMap(({ record }) => (record === undefined ? [] : [record])));
  return { metrics: await exportedMetrics(), recorded: new Set(recorded), foreign };
}

/** Every check of files that needs no running service, by its name. */
export async function fileChecks(): Promise<Map<string, (files: readonly DashboardFile[]) => Problem[]>> {
  const known = await knownSeries();
  const sources = provisionedSources();
  const operations = readOperations();
  return new Map([
    ['ids', checkIds],
    ['grid', checkGrid],
    ['kinds', checkKinds],
    ['walls', checkWalls],
    ['variables', checkVariables],
    ['sources', (files) => checkSources(files, sources)],
    ['links', checkLinks],
    ['words', checkWords],
    ['twins', checkTwins],
    ['units', checkUnits],
    ['expressions', (files) => checkExpressions(files, known)],
    ['columns', (files) => checkColumns(files, operations)],
  ]);
}

/** What alert rules have to fit into. */
export const alertSurroundings = (files: readonly DashboardFile[]): AlertSurroundings => ({
  folders: provisionedFolders(),
  sources: provisionedSources(),
  dashboards: files.map(({ dashboard }) => dashboard),
  operations: readOperations(),
});
