// The clients of the topology benchmark, as processes of their own: `http` sends requests to ingest, `kafka` writes the same
// records with a bare kafkajs producer. Each prepares everything, says so, and answers with the seconds it took.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { encodeEnvelope, eventFromObject, partitionKey } from '@michinori/events';
import { nativeEvent } from './events.mjs';
import { seconds } from './measure.mjs';

const self = fileURLToPath(import.meta.url);
const connections = 16;

function* batchesOf({ from, events, batch }) {
  for (let n = from; n < from + events; n += batch)
    yield Array.from({ length: Math.min(batch, from + events - n) }, (_, index) => nativeEvent(n + index));
}

/** Works off the items, so many at a time. */
async function inParallel(items, work) {
  let next = 0;
  const lane = async () => {
    while (next < items.length) await work(items[next++]);
  };
  await Promise.all(Array.from({ length: connections }, lane));
}

function httpLoad({ port, key, ...stream }) {
  const requests = [...batchesOf(stream)].map((events) => {
    const body = Buffer.from(JSON.stringify(stream.batch === 1 ? events[0] : events));
    const head = `POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), body]);
  });
  return async () => {
    let next = 0;
    const connection = () =>
      new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.1');
        const send = () => (next < requests.length ? socket.write(requests[next++]) : socket.end(resolve));
        socket.setNoDelay(true);
        socket.on('error', reject);
        socket.on('data', (bytes) => {
          const text = bytes.toString('latin1');
          if (text.startsWith('HTTP/1.1 202')) send();
          else reject(new Error(text));
        });
        send();
      });
    await Promise.all(Array.from({ length: connections }, connection));
  };
}

async function kafkaLoad({ brokers, topic, ...stream }) {
  // kafkajs belongs to the adapter of the log; the benchmark takes the very same copy.
  const { Kafka, logLevel, Partitioners } = createRequire(
    new URL('../../packages/event-log/package.json', import.meta.url),
  )('kafkajs');
  const receivedAtUs = Date.now() * 1000;
  const batches = [...batchesOf(stream)].map((events) =>
    events.map((event) => {
      const verdict = eventFromObject(event, { receivedAtUs });
      const value = Buffer.from(encodeEnvelope(verdict.event, { dialect: 'native' }));
      return { key: partitionKey(verdict.event), value };
    }),
  );
  const producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  await producer.send({ topic, acks: -1, messages: [{ value: 'first' }] });
  return () => inParallel(batches, (messages) => producer.send({ topic, acks: -1, messages }));
}

/** Seconds that a client of this kind needs for its stream; what it sends is made before. */
export async function timeLoad(kind, options) {
  const child = fork(self, ['client', kind, JSON.stringify(options)]);
  const [answer] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  child.kill();
  if (typeof answer !== 'object' || answer === null) throw new Error(`the client ended with ${answer}`);
  return answer.took;
}

if (process.argv[2] === 'client') {
  const [kind, text] = process.argv.slice(3);
  const options = JSON.parse(text);
  const work = kind === 'http' ? httpLoad(options) : await kafkaLoad(options);
  process.send({ took: await seconds(work) });
}
