// Runs every benchmark and writes RESULTS.md. Build first (npm run build); takes about ten minutes on two cores.
// node test/load/run.mjs
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeRun } from './measure.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
// Each in a process of its own: the embedded engine owns one folder per process.
const measure = (script, ...args) => {
  console.log(`${script} ${args.join(' ')} …`);
  return execFileSync(process.execPath, [here(script), ...args.map(String)], {
    encoding: 'utf8',
    maxBuffer: 1 << 24,
  }).trim();
};
const { date, machine, commit } = describeRun();
const sections = [
  measure('ingest.mjs', 4, 5),
  measure('sink.mjs', 200_000, 3),
  measure('funnel.mjs', 1_000_000, 5),
  measure('funnel.mjs', 10_000_000, 3),
];
writeFileSync(
  here('RESULTS.md'),
  `# Load: results

Measured ${date} on ${machine}, commit ${commit}, with \`node test/load/run.mjs\`.
Machines differ and are noisy: compare the ratios, which come from turns of the same run; every figure is a median.

${sections.join('\n\n')}

What the baselines are: a bare Fastify server that parses the JSON and answers; an insert of the same rows, already
decoded, in the same batches, without reading them back; ClickHouse's own \`windowFunnel\` over the same rows, which knows
no duplicates, times, open customers, exclusions, gaps or accounts.
`,
);
console.log(`Written ${here('RESULTS.md')}`);
