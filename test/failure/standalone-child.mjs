// The standalone process as a victim. Argument: JSON { data, batchRecordsMax, partitions, verification?, plans }. Commands
// on standard input, answers on standard output, one JSON a line:
//   { kill: POINT, passage: n }   dies (SIGKILL by its own hand) when the sink passes POINT for the n-th time from now on
//   { lose: POINT, passage: n }   deletes the newest event row there: an insert that reported success without its row
//   { ask: n, sql: SELECT }       answers { answer: n, rows }
// `plans` are commands that hold from the first instruction on. It ends with its parent: end of input is death.
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { defineQuery, defineStatement } from '@michinori/clickhouse';
import { createLogger } from '@michinori/runtime';
import { createStandalone, standaloneSettings } from '@michinori/standalone';
import { z } from 'zod';

const { data, batchRecordsMax, partitions, verification = 'on', plans = [] } = JSON.parse(process.argv[2]);
const pending = [...plans];

const die = () => process.kill(process.pid, 'SIGKILL');
const say = (line) => writeSync(1, `${JSON.stringify(line)}\n`);

const select = (sql) => defineQuery({ name: 'failure_test', sql, params: z.object({}), row: z.unknown() });
const newestRow = select(
  'SELECT toUInt32(log_partition) AS part, toUInt32(log_offset) AS place, event_id AS id FROM events ORDER BY log_offset DESC LIMIT 1',
);
const deleteRow = defineStatement({
  name: 'failure_test_lose',
  sql: 'ALTER TABLE events DELETE WHERE log_partition = {part:UInt32} AND log_offset = {place:UInt32} SETTINGS mutations_sync = 2',
});

async function loseNewestRow() {
  const { clickhouse } = standalone.stores();
  const [{ id, ...row }] = await clickhouse.queryOnWriter(newestRow, {});
  await clickhouse.command(deleteRow, row);
  say({ lost: id });
}

async function at(point) {
  for (const plan of [...pending]) {
    if ((plan.kill ?? plan.lose) !== point) continue;
    plan.passage -= 1;
    if (plan.passage > 0) continue;
    if (plan.kill !== undefined) die();
    pending.splice(pending.indexOf(plan), 1);
    await loseNewestRow();
  }
}

const standalone = createStandalone({
  // The auditor would put back what the sink lost, and hide it from the test.
  config: standaloneSettings.parse({
    data,
    port: 0,
    log: { partitions },
    processor: {
      batchRecordsMax,
      lingerMs: 0,
      projectLingerMs: 0,
      auditShareMax: 0,
      retryDelayMsMin: 1,
      retryDelayMsMax: 100,
    },
  }),
  logger: createLogger({ service: 'standalone', level: 'warn', destination: process.stderr }),
  nowUs: () => Date.now() * 1000,
  faults: { at },
  verification,
});

const commands = createInterface({ input: process.stdin });
commands.on('close', die);
commands.on('line', async (line) => {
  const command = JSON.parse(line);
  if (command.sql === undefined) pending.push(command);
  else say({ answer: command.ask, rows: await standalone.stores().clickhouse.queryOnWriter(select(command.sql), {}) });
});

await standalone.lifecycle.start();
say({ url: standalone.url() });
