// A processor on Kafka and a ClickHouse server for tests that kill, stop or measure a process. Its only argument is JSON: logOptions,
// clickhouse, config, and signal/at/passage (which signal it sends itself where). Tells its parent what it has passed; ends with it.
// Needs the compiled packages (tsc -b).
import { connectServer } from '@michinori/clickhouse';
import { openKafkaLog } from '@michinori/event-log/kafka';
import { createMetrics, createSilentLogger } from '@michinori/runtime';
import { createProcessor, processorSettings } from '../../dist/index.js';

const { logOptions, clickhouse: address, config, signal, at, passage = 1 } = JSON.parse(process.argv[2]);
const report = { points: {}, assignments: [], fetchedBytes: 0, heldBytes: [] };
const tell = () => process.connected && process.send(report);

const log = await openKafkaLog({
  ...logOptions,
  observe(observation) {
    if (observation.topic !== 'events') return;
    if (observation.what === 'fetched') report.fetchedBytes += observation.bytes;
    if (observation.what !== 'joined') return;
    report.assignments.push(observation.partitions);
    tell();
  },
});
const clickhouse = await connectServer(address);
const processor = createProcessor({
  log,
  clickhouse,
  metrics: createMetrics({ service: 'child', version: 'test', withProcessMetrics: false }),
  logger: createSilentLogger(),
  config: processorSettings.parse({ lingerMs: 0, projectLingerMs: 0, auditShareMax: 0, buildPollMs: 250, ...config }),
  faults: {
    at(point) {
      report.points[point] = (report.points[point] ?? 0) + 1;
      tell();
      if (point === at && report.points[point] === passage) process.kill(process.pid, signal);
    },
  },
});
await processor.start();
const telling = setInterval(tell, 50);

async function end() {
  clearInterval(telling);
  await processor.stop();
  await clickhouse.close();
  await log.close();
  process.exit(0);
}
// Any message asks what is held in memory once the garbage is gone.
process.on('message', () => {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  report.heldBytes.push(heapUsed + external);
  tell();
});
process.once('SIGTERM', end);
process.once('disconnect', () => process.exit(1));
