// A processor on the embedded adapters for kill -9 tests; the only place where a fault point comes from the environment.
// MICHINORI_KILL_DATA: data folder · MICHINORI_KILL_AT: one of the fault points, '' for none · MICHINORI_KILL_PASSAGE: which time.
// Exits with 0 when everything in the log is committed and the journey `killed` is built. Needs the compiled packages (tsc -b).
import { join } from 'node:path';
import { connectEmbedded, migrate } from '@michinori/clickhouse';
import { openEmbeddedLog } from '@michinori/event-log/embedded';
import { topicSettings } from '@michinori/events';
import { activeDerivation } from '@michinori/queries';
import { createMetrics, createSilentLogger } from '@michinori/runtime';
import { createProcessor, processorSettings } from '../dist/index.js';

const { MICHINORI_KILL_DATA: data, MICHINORI_KILL_AT: point, MICHINORI_KILL_PASSAGE: passage = '1' } = process.env;
const log = await openEmbeddedLog({ path: join(data, 'log'), partitions: 1, topics: topicSettings });
const clickhouse = await connectEmbedded({ path: join(data, 'clickhouse') });
await migrate(clickhouse);
let left = Number(passage);
const faults = {
  at(passed) {
    if (passed === point) left -= 1;
    if (left <= 0) process.kill(process.pid, 'SIGKILL');
  },
};
const processor = createProcessor({
  log,
  clickhouse,
  metrics: createMetrics({ service: 'kill-worker', version: 'test', withProcessMetrics: false }),
  logger: createSilentLogger(),
  config: processorSettings.parse({ batchRecordsMax: 10, lingerMs: 0, projectLingerMs: 0, auditShareMax: 0 }),
  faults,
});
await processor.start();
const lag = async () => (await log.lag('michinori-sink', 'events')).reduce((sum, partition) => sum + partition.lag, 0);
while ((await lag()) > 0 || (await activeDerivation(clickhouse, 'killed')) === null)
  await new Promise((resolve) => setTimeout(resolve, 10));
await processor.stop();
await clickhouse.close();
await log.close();
