import { MichinoriError } from '@michinori/runtime';
import type { Api } from '../cli/api.ts';
import { exportError } from './export-error.ts';

interface Page<R> {
  rows: R[];
  meta: { cursor: string | null; progress: number };
}

const attemptsMax = 10;

/**
 * The pages of a list of the API, to its end. An API that is overloaded is asked again, a little later.
 *
 * @param path of the first page, with its parameters
 * @throws `export_stopped` after a page when `isStopped` says so
 */
export async function* readPages<R>(
  api: Api,
  path: string,
  options: {
    wait: (ms: number) => Promise<void>;
    onProgress?: (progress: { share: number; rows: number }) => void;
    isStopped?: () => boolean;
  },
): AsyncGenerator<readonly R[]> {
  let cursor: string | null = null;
  let rows = 0;
  do {
    const next: string = cursor === null ? path : `${path}&cursor=${encodeURIComponent(cursor)}`;
    const page: Page<R> = await askPatiently(api, next, options.wait);
    yield page.rows;
    rows += page.rows.length;
    options.onProgress?.({ share: page.meta.progress, rows });
    if (options.isStopped?.() === true)
      throw exportError('export_stopped', 'Stopped before the end; no file was written.');
    cursor = page.meta.cursor;
  } while (cursor !== null);
}

async function askPatiently<R>(api: Api, path: string, wait: (ms: number) => Promise<void>): Promise<Page<R>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await api.get<Page<R>>(path);
    } catch (error) {
      const canRetry = error instanceof MichinoriError && error.canRetry && error.code === 'api_refused';
      if (!canRetry || attempt >= attemptsMax) throw error;
      await wait(Math.min(10_000, 250 * 2 ** attempt));
    }
  }
}
