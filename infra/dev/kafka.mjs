// `npm run kafka`: one Apache Kafka broker for developers, on the loopback interface, from its Maven artefacts.
// `npm run kafka -- --port 9092 --data data/kafka`. Needs Java 17 and Maven; the broker ends with ^C, its data stay.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build, install, root } from './install.mjs';

function options() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '9092' },
        data: { type: 'string', default: resolve(root, 'data/kafka') },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`--port ${values.port} is no port`);
    return { port, folder: resolve(values.data) };
  } catch (error) {
    console.error(`${error.message}\nUsage: npm run kafka [-- --port 9092 --data DIR]`);
    process.exit(2);
  }
}

const { port, folder } = options();
install();
build();
const { kafkaJars } = await import('../../packages/testing/dist/kafka-jars.js');
const { startCluster } = await import('../../packages/testing/dist/kafka-cluster.js');
const { kafkaVersion } = await import('../../packages/testing/dist/kafka-version.js');

const jars = await kafkaJars(() => console.log(`Downloading Apache Kafka ${kafkaVersion} with Maven (45 MB, once) …`));
if (jars.outcome === 'unavailable') {
  console.error(`Kafka can't be started here: ${jars.reason}.`);
  process.exit(78);
}
mkdirSync(folder, { recursive: true });
console.log(`Starting Apache Kafka ${kafkaVersion} …`);
const server = await startCluster(jars, { port, folder, jvm: 'throughput' }).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
console.log(`Kafka answers on ${server.brokers[0]}; its data and its log are in ${folder}.

To run Michinori on it, in another terminal:

  export MICHINORI_LOG_KAFKA_BROKERS=${server.brokers[0]}

and for the tests: KAFKA_BROKERS=${server.brokers[0]} npm test

^C stops it; the data stay. To start afresh, delete the folder.`);

let isEnding = false;
async function end(code) {
  if (isEnding) return;
  isEnding = true;
  await server.remove();
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(0));
// npm ends its shell on SIGTERM, and the shell tells nobody: whoever started this process is gone when its parent changes.
const parent = process.ppid;
const isBelowNpm = process.env.npm_lifecycle_event !== undefined;
const watch = setInterval(async () => {
  if (isBelowNpm && process.ppid !== parent) return end(0);
  try {
    await server.nodes[0].assertAlive();
  } catch (error) {
    clearInterval(watch);
    if (!isEnding) console.error(error.message);
    await end(1);
  }
}, 500);
