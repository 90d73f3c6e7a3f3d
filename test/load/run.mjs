// Runs the benchmarks and writes RESULTS.md. Build first (npm run build); takes about half an hour on two cores.
// node test/load/run.mjs [--only ingest|import|sink|funnels|journeys|topology] [--customers 1000000]
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeRun } from './measure.mjs';
import { renderResults, sectionsOf } from './results.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
// Each in a process of its own: the embedded engine owns one folder per process.
const measure = (script, ...args) => {
  console.log(`${script} ${args.join(' ')} …`);
  return execFileSync(process.execPath, [here(script), ...args.map(String)], {
    encoding: 'utf8',
    maxBuffer: 1 << 24,
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();
};
const { values } = parseArgs({
  options: { only: { type: 'string' }, customers: { type: 'string', default: '1000000' } },
});
const benchmarks = {
  ingest: () => [measure('ingest.mjs', 4, 5)],
  import: () => [measure('import.mjs', '--seconds', 3_600, 500_000, 5_000_000)],
  sink: () => [measure('sink.mjs', 200_000, 3)],
  funnels: () => [measure('funnel.mjs', 1_000_000, 5), measure('funnel.mjs', 10_000_000, 3)],
  journeys: () => [measure('journey.mjs', '--customers', values.customers)],
  topology: () => [measure('topology.mjs', 200_000, 3, 20)],
};
const names = Object.keys(benchmarks);
if (values.only !== undefined && !names.includes(values.only)) throw new Error(`--only takes ${names.join(', ')}`);
const asked = values.only === undefined ? names : [values.only];
const file = here('RESULTS.md');
// Sections that aren't run now stay as they were, each with where and when it was measured.
const sections = sectionsOf(readFileSync(file, 'utf8'));
for (const name of asked) {
  const { date, machine, commit } = describeRun();
  const command = `node test/load/run.mjs${process.argv
    .slice(2)
    .map((arg) => ` ${arg}`)
    .join('')}`;
  const body = benchmarks[name]().join('\n\n');
  sections.set(name, `Measured ${date} on ${machine}, commit ${commit}, with \`${command}\`.\n\n${body}`);
}
writeFileSync(file, renderResults(names, sections));
console.log(`Written ${file}`);
