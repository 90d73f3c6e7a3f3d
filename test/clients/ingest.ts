import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventLog, EventLogError } from '@michinori/event-log';
import { openEmbeddedLog } from '@michinori/event-log/embedded';
import { decodeEnvelope, type RejectedEvent, type TouchpointEvent, topics } from '@michinori/events';
import { createIngest, type IngestConfig, ingestSettings } from '@michinori/ingest';
import { createKeyStore, createMetrics, createSilentLogger } from '@michinori/runtime';

/** What becomes of an append: it is refused, or it is stored and the answer is an error all the same. */
export type Mishap = 'refused' | 'answer lost';

/** An ingest with a key, on a real log, that can be told to fail. */
export interface RunningIngest {
  readonly url: string;
  readonly key: string;
  /** Statuses of the answers so far. */
  readonly statuses: readonly number[];
  /** Events of a dialect that were accepted, as the metrics have it. */
  accepted(dialect: string): Promise<number>;
  /** What the next appends meet. */
  failNext(...mishaps: readonly Mishap[]): void;
  /** Appends wait until the function that is returned is called. */
  hold(): () => void;
  /** All records of the events, in the order of their receipt, however often an event came. */
  events(): Promise<{ readonly event: TouchpointEvent; readonly dialect: string }[]>;
  deadLetters(): Promise<{ readonly rejected: RejectedEvent; readonly dialect: string }[]>;
  close(): Promise<void>;
}

/** `aheadUs`: by how much its clock is ahead of the clients'. */
export async function startIngest(config: Partial<IngestConfig> = {}, aheadUs = 0): Promise<RunningIngest> {
  const folder = mkdtempSync(join(tmpdir(), 'michinori-clients-'));
  const log = await openEmbeddedLog({ path: join(folder, 'log'), partitions: 1 });
  const mishaps: Mishap[] = [];
  let gate: Promise<void> = Promise.resolve();
  const unlucky: EventLog = {
    ...log,
    async append(topic, records) {
      await gate;
      const mishap = mishaps.shift();
      if (mishap === 'refused') throw new EventLogError('log_unavailable', 'told to refuse');
      const positions = await log.append(topic, records);
      if (mishap === 'answer lost') throw new EventLogError('log_unavailable', 'told to lose the answer');
      return positions;
    },
  };
  const keys = createKeyStore({ file: join(folder, 'keys.json') });
  const { key } = keys.create({ name: 'client', scopes: ['ingest'] });
  const metrics = createMetrics({ service: 'ingest', version: '0.0.0', withProcessMetrics: false });
  const { app } = createIngest({
    ...{ keys, metrics, log: unlucky, logger: createSilentLogger() },
    config: ingestSettings.parse(config),
    clock: { nowUs: () => Date.now() * 1_000 + aheadUs },
  });
  const statuses: number[] = [];
  app.addHook('onResponse', (_request, reply, done) => {
    statuses.push(reply.statusCode);
    done();
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;

  async function read(topic: string) {
    const records = await log.read(topic, 0, 0, { recordsMax: 100_000, bytesMax: 1 << 28 });
    return records.map(({ value }) => decodeEnvelope(value));
  }

  return {
    url: `http://127.0.0.1:${port}`,
    key,
    statuses,
    async accepted(dialect) {
      const line = `michinori_ingest_events_total{dialect="${dialect}",outcome="accepted"} `;
      const { text } = await metrics.exposition();
      return Number(
        text
          .split('\n')
          .find((one) => one.startsWith(line))
          ?.slice(line.length) ?? 0,
      );
    },
    failNext: (...next) => void mishaps.push(...next),
    hold() {
      let open = () => {};
      gate = new Promise((resolve) => {
        open = resolve;
      });
      return open;
    },
    events: async () => (await read(topics.events)).flatMap((one) => (one.kind === 'event' ? [one] : [])),
    deadLetters: async () => (await read(topics.deadLetters)).flatMap((one) => (one.kind === 'rejected' ? [one] : [])),
    async close() {
      app.server.closeAllConnections();
      await app.close();
      await log.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
