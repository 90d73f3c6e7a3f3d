import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Session } from 'chdb';
import { classifyEmbeddedError } from './embedded-errors.ts';

/** A connection to the engine that looks at local files. */
export interface EngineFile {
  readonly session: Session;
  /** The file under a name that the engine takes for nothing but a name. */
  readonly path: string;
  /** The same for another file. */
  link(path: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * Opens the engine for a local file. The engine sees patterns in paths (`*`, `?`, `{a,b}`, `::`), so it is given links with plain
 * names in a folder of their own.
 *
 * @param folder data folder that this process has open already, since a process has one at a time; without it, one that is removed at the end
 */
export async function openEngineFile(path: string, folder: string | undefined): Promise<EngineFile> {
  const links = await mkdtemp(join(tmpdir(), 'michinori-file-'));
  let count = 0;
  const link = async (target: string): Promise<string> => {
    count += 1;
    const name = join(links, `file-${count}`);
    await symlink(resolve(target), name);
    return name;
  };
  try {
    const linked = await link(path);
    // The library takes long to load, and who reads no files needs none of it.
    const { drainPending, Session: OpenSession } = await import('chdb');
    const session = new OpenSession(folder);
    return {
      session,
      path: linked,
      link,
      async close() {
        session.close();
        if (folder === undefined) await drainPending();
        await rm(links, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(links, { recursive: true, force: true });
    throw classifyEmbeddedError(`open the engine for ${path}`, error);
  }
}
