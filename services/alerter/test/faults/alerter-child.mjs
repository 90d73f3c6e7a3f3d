// An alerter as a victim. Argument: JSON { data, rules, channels, env, plan } where `plan` is null or { kill: POINT, passage: n }: it dies (SIGKILL by its own
// hand) when it passes POINT for the n-th time. Commands on standard input, answers on standard output, one JSON a line:
//   { ask: n, nowUs }       sets the clock and ticks; answers { answer: n }
//   { ask: n, sql: SELECT } answers { answer: n, rows }
// It ends with its parent: end of input is death.
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { alerterSettings, loadAlertingFiles, openAlerting } from '@michinori/alerter';
import { connectEmbedded, defineQuery } from '@michinori/clickhouse';
import { createLogger, createMetrics } from '@michinori/runtime';
import { z } from 'zod';

const { data, rules, channels, env, plan } = JSON.parse(process.argv[2]);
const die = () => process.kill(process.pid, 'SIGKILL');
const say = (line) => writeSync(1, `${JSON.stringify(line)}\n`);
let passages = 0;
let nowUs = 0;

const clickhouse = await connectEmbedded({ path: data });
const alerting = openAlerting({
  clickhouse,
  log: null,
  metrics: createMetrics({ service: 'alerter', version: '0', withProcessMetrics: false }),
  logger: createLogger({ service: 'alerter', level: 'warn', destination: process.stderr }),
  config: alerterSettings.parse({ rules, channels, boardUrl: 'https://board.example.com' }),
  files: loadAlertingFiles({ rules, channels }, env),
  nowUs: () => nowUs,
  faults: {
    at(point) {
      if (point !== plan?.kill) return;
      passages += 1;
      if (passages === plan.passage) die();
    },
  },
});

const commands = createInterface({ input: process.stdin });
commands.on('close', die);
commands.on('line', async (line) => {
  const command = JSON.parse(line);
  if (command.sql !== undefined) {
    const query = defineQuery({ name: 'fault_test', sql: command.sql, params: z.object({}), row: z.unknown() });
    say({ answer: command.ask, rows: await clickhouse.queryOnWriter(query, {}) });
    return;
  }
  nowUs = command.nowUs;
  await alerting.tick();
  await alerting.tick();
  say({ answer: command.ask });
});
say({ isReady: true });
