import type { ChildProcess } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** What a process says, and when it ends. */
export interface WatchedChild {
  child: ChildProcess;
  out(): string;
  err(): string;
  /** Resolves when standard output or error matches; rejects when the process ends before. */
  found(pattern: RegExp): Promise<RegExpExecArray>;
  /** Exit code; −1 for a signal. */
  ended: Promise<number>;
}

/** Listens to a process with pipes for its output; it is killed at the end of the test. */
export function watchChild(child: ChildProcess): WatchedChild {
  const said = { out: '', err: '' };
  let hasEnded = false;
  const looks = new Set<() => void>();
  const look = () => {
    for (const each of looks) each();
  };
  const listen = (stream: NodeJS.ReadableStream | null, to: keyof typeof said) =>
    stream?.on('data', (bytes: Buffer) => {
      said[to] += bytes.toString();
      look();
    });
  listen(child.stdout, 'out');
  listen(child.stderr, 'err');
  const ended = new Promise<number>((resolve) => {
    child.once('close', (code) => {
      hasEnded = true;
      resolve(code ?? -1);
      look();
    });
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const found = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const attempt = () => {
        const match = pattern.exec(said.out) ?? pattern.exec(said.err);
        if (match !== null) resolve(match);
        else if (hasEnded) reject(new Error(`ended without ${pattern}:\n${said.out}\n${said.err}`));
        else return;
        looks.delete(attempt);
      };
      looks.add(attempt);
      attempt();
    });
  return { child, out: () => said.out, err: () => said.err, found, ended };
}
