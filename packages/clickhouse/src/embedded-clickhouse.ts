import { drainPending } from 'chdb';
import type { ClickHouse } from './clickhouse.ts';
import { createClickHouse } from './create-clickhouse.ts';
import type { EmbeddedOptions } from './embedded.ts';
import { type EmbeddedConnection, openEmbeddedConnection, setStatement } from './embedded-connection.ts';
import { createEmbeddedReaders } from './embedded-readers.ts';
import { clientError } from './error.ts';
import { checkIdentifier } from './insert-format.ts';
import { createLane } from './lane.ts';
import { noParameters } from './parameters.ts';
import { limitSettings, type Read, readSettings, type Transport, writeSettings } from './transport.ts';

const idleConnectionsMax = 16;

/** The answer, or `ABORTED_BY_CALLER` as soon as the signal fires. */
async function orAborted<T>(answer: Promise<T>, { name, signal }: Read): Promise<T> {
  if (signal === undefined) return answer;
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(clientError('ABORTED_BY_CALLER', `query ${name}: aborted`));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    if (abort !== undefined) signal.removeEventListener('abort', abort);
  }
}

/** {@link connectEmbedded}, once the library is loaded. */
export async function openEmbedded(options: EmbeddedOptions): Promise<ClickHouse> {
  const database = checkIdentifier(options.database ?? 'michinori');
  const writer: EmbeddedConnection = openEmbeddedConnection(options.path);
  const writerLane = createLane(1);
  const readerLane = createLane(options.readers ?? 2);
  const readers = createEmbeddedReaders(options.path, database, idleConnectionsMax);
  let closing: Promise<void> | undefined;

  function assertOpen(what: string): void {
    if (closing !== undefined) throw clientError('CLOSED', `${what}: the connection is closed`);
  }

  async function createDatabase(): Promise<void> {
    const sql = `CREATE DATABASE IF NOT EXISTS ${database} ENGINE = Atomic; USE ${database}; ${setStatement(writeSettings)}`;
    await writerLane.run(() => writer.run('create database', sql, noParameters, 'Null'));
  }

  async function close(): Promise<void> {
    await Promise.all([readerLane.drained(), writerLane.drained()]);
    readers.close();
    writer.close();
    await drainPending();
  }

  const transport: Transport = {
    kind: 'embedded',
    database,
    cluster: null,
    async read(read) {
      assertOpen(read.name);
      const settings = { ...readSettings, ...limitSettings(read.limits), ...read.settings };
      const lane = read.lane === 'writer' ? writerLane : readerLane;
      const answer = lane.run(async () => {
        if (read.signal?.aborted) throw clientError('ABORTED_BY_CALLER', `query ${read.name}: aborted`);
        return readers.use(settings, (connection) =>
          connection.run(read.name, read.sql, read.parameters, 'JSONEachRow'),
        );
      });
      return orAborted(answer, read);
    },
    async write({ name, sql, parameters }) {
      assertOpen(name);
      await writerLane.run(() => writer.run(name, sql, parameters, 'Null'));
    },
    async insert(table, columns, body) {
      assertOpen(`insert into ${table}`);
      await writerLane.run(() => writer.insert(table, columns, body, {}));
    },
    createDatabase,
    close() {
      closing ??= close();
      return closing;
    },
  };

  try {
    await createDatabase();
  } catch (error) {
    writer.close();
    throw error;
  }
  return createClickHouse(transport);
}
