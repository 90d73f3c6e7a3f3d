// One service of the topology as a victim: the compiled service, configured by the environment as in production.
// Argument: JSON { service: ingest | processor | query-api, verification?, plans? }. Commands on standard input, one JSON a
// line: { kill: POINT, passage: n } lets it die (SIGKILL by its own hand) when it passes POINT for the n-th time from now
// on; `plans` are commands that hold from the first instruction on. It ends with its parent: end of input is death.
import { createInterface } from 'node:readline';
import { runService } from '@michinori/runtime';

const { service, verification = 'on', plans = [] } = JSON.parse(process.argv[2]);
const pending = [...plans];
const die = () => process.kill(process.pid, 'SIGKILL');

function at(point) {
  for (const plan of pending) {
    if (plan.kill !== point) continue;
    plan.passage -= 1;
    if (plan.passage <= 0) die();
  }
}

// Only what is needed is loaded: a process is started often.
const services = {
  ingest: async () => (await import('@michinori/ingest')).createIngestService({ faults: { at } }),
  processor: async () =>
    (await import('@michinori/processor')).createProcessorService({ faults: { at }, verification }),
  'query-api': async () => (await import('@michinori/query-api')).queryApiService,
};

const commands = createInterface({ input: process.stdin });
commands.on('close', die);
commands.on('line', (line) => pending.push(JSON.parse(line)));

process.exit(await runService(await services[service](), { argv: [], env: process.env, process }));
