import type { Logger } from '@michinori/runtime';
import type { AlertingFiles } from './alerting-settings.ts';

/** What the files say, as it was when they were last valid. */
export interface FileWatch<T> {
  current(): T;
  /** Reads the files again. True: they say something else, and it is used from now on. Never throws. */
  refresh(): boolean;
}

export interface FileWatchOptions<T> {
  readonly files: AlertingFiles;
  /** What is made of the files. @throws where that can't be done */
  readonly use: (files: AlertingFiles) => T;
  readonly logger: Logger;
  /** Whether what is used is what the files say. */
  readonly onState: (isUsed: boolean) => void;
}

/**
 * Follows files of rules and channels. Files that can't be read or used change nothing: what was valid before goes on, and the log says once what is
 * wrong.
 *
 * @throws what `use` throws for the files as they are now
 */
export function createFileWatch<T>({ files, use, logger, onState }: FileWatchOptions<T>): FileWatch<T> {
  let current = { files, used: use(files) };
  let fault = '';
  onState(true);

  function look(): boolean {
    const next = current.files.again();
    if (next.fingerprint === current.files.fingerprint) return false;
    current = { files: next, used: use(next) };
    logger.info('the files of rules and channels have changed and are used as they are now');
    return true;
  }

  return {
    current: () => current.used,
    refresh() {
      try {
        const hasChanged = look();
        fault = '';
        onState(true);
        return hasChanged;
      } catch (err) {
        const message = err instanceof Error ? err.message : String(err);
        if (message !== fault) logger.error({ err }, 'files of rules and channels can not be used; those before go on');
        fault = message;
        onState(false);
        return false;
      }
    },
  };
}
