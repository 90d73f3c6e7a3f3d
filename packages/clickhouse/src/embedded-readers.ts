import { type EmbeddedConnection, openEmbeddedConnection, setStatement } from './embedded-connection.ts';
import { noParameters } from './parameters.ts';
import type { QuerySettings } from './query.ts';

/** Read-only connections, one kind for every set of settings. */
export interface EmbeddedReaders {
  use<T>(settings: QuerySettings, task: (connection: EmbeddedConnection) => Promise<T>): Promise<T>;
  close(): void;
}

interface Idle {
  readonly profile: string;
  readonly connection: EmbeddedConnection;
}

/**
 * Keeps idle connections for re-use. Settings of a connection are set once, ended by `readonly = 1`, and can't be
 * changed afterwards: another set of limits gets another connection (opening one takes about a millisecond), so no
 * setting of one query can reach the next.
 */
export function createEmbeddedReaders(path: string, database: string, idleMax: number): EmbeddedReaders {
  const idle: Idle[] = [];

  async function open(profile: string): Promise<EmbeddedConnection> {
    const connection = openEmbeddedConnection(path);
    try {
      await connection.run('open reader', `USE ${database}; ${profile}`, noParameters, 'Null');
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  return {
    async use(settings, task) {
      const profile = setStatement({ ...settings, readonly: 1 });
      const index = idle.findIndex((entry) => entry.profile === profile);
      const connection = index < 0 ? await open(profile) : idle.splice(index, 1)[0]?.connection;
      if (connection === undefined) throw new Error('unreachable: the index was just found');
      try {
        const result = await task(connection);
        idle.push({ profile, connection });
        if (idle.length > idleMax) idle.shift()?.connection.close();
        return result;
      } catch (error) {
        // What a failed query had written so far would come out in front of the connection's next answer.
        connection.close();
        throw error;
      }
    },
    close() {
      for (const { connection } of idle.splice(0)) connection.close();
    },
  };
}
